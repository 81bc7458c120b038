using Refresh.Orchestrator.Tests.Lab;
using Xunit;

namespace Refresh.Orchestrator.Tests.Serving.Chat;

/// <summary>Answers that take longer than Teams waits, which gives no address for them.</summary>
public sealed class LateAnswerTests
{
    [Fact]
    public async Task Teams_is_told_how_to_ask_for_the_answer_or_gets_it_in_the_channel_that_the_settings_name()
    {
        await using var sink = await Sink.StartAsync();
        await using var served = await ServedLab.StartAsync(settings: Hooks.Settings(
            ("webhooks:posted:vendor", "teams"), ("webhooks:posted:key", Hooks.TeamsKey), ("webhooks:posted:answerIn", "ops"), ("people:ada:accounts:3", "posted:tenant/ada-id"),
            ("notifications:ops:to", "teams"), ("notifications:ops:url", $"{sink.Address}flow"), ("notifications:ops:fleets", "none")));
        using var hooks = new Hooks(() => served.Service.Address);
        (await hooks.TeamsAsync("answer")).Says("no answer for you");
        // A probe of the user's own that takes its time.
        await served.WriteAsync(served.Fleet().Replace("provisioner:", "  - command: { run: [sleep, \"4\"], timeout: 5s }\nprovisioner:", StringComparison.Ordinal));
        using var ada = await served.Service.ClientAsync("ada", "operator");
        await LabFixture.UntilAsync(async () => (await hooks.TeamsAsync("plan lab")).Text().EndsWith("ask for it: answer", StringComparison.Ordinal));

        Reply answer = null!;
        await LabFixture.UntilAsync(async () => !(answer = await hooks.TeamsAsync("answer")).Text().StartsWith("There is no answer", StringComparison.Ordinal));
        answer.Says("2 of 2 members are rebuilt");
        (await hooks.TeamsAsync("answer")).Says("no answer for you");

        (await hooks.TeamsAsync("refresh lab", hook: "posted")).Says("The answer comes by ops");
        var card = (await sink.NextAsync()).Json.GetProperty("attachments")[0].GetProperty("content").GetProperty("body")[0].GetProperty("text").GetString()!;
        Assert.Contains("2 of 2 members are rebuilt", card, StringComparison.Ordinal);
        Assert.Matches(@"To do it: confirm [0-9A-Z]{5}\\?-[0-9A-Z]{5}", card);
    }
}
