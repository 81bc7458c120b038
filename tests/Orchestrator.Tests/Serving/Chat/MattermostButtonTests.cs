using System.Text.Json;
using System.Text.Json.Nodes;
using CliWrap;
using CliWrap.Buffered;
using Xunit;

namespace Refresh.Orchestrator.Tests.Serving.Chat;

/// <summary>Buttons of Mattermost, whose press nobody signs: what they carry is their proof.</summary>
public sealed class MattermostButtonTests
{
    private const string Url = "https://refresh.example/hooks/town";

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_button_does_what_was_announced_once_for_who_asked_where_they_asked()
    {
        await using var served = await ServedLab.StartAsync(settings: Hooks.Settings(("webhooks:town:url", Url), ("webhooks:mattermost:vendor", "mattermost"), ("webhooks:mattermost:key", Hooks.MattermostKey), ("webhooks:mattermost:url", "http://127.0.0.1/hooks/mattermost"), ("people:ada:accounts:3", "mattermost:team/ada-id")));
        using var hooks = new Hooks(() => served.Service.Address);
        var announced = (await hooks.MattermostAsync("refresh lab because November patches", channel: "c1")).Says("Nothing was done yet").Says("To do it: confirm");
        Assert.Equal("ephemeral", announced.Json.GetProperty("response_type").GetString());
        Assert.Equal((Url, "danger"), (Button(announced, 0).GetProperty("integration").GetProperty("url").GetString(), Button(announced, 0).GetProperty("style").GetString()));
        var (confirm, leave) = (Context(announced, 0), Context(announced, 1));

        (await hooks.PressTownAsync(confirm, user: "eve")).Refused(401, "signature-invalid");
        (await hooks.PressTownAsync(confirm, channel: "c2")).Refused(401, "signature-invalid");
        (await hooks.PressTownAsync(confirm, hook: "mattermost")).Refused(401, "signature-invalid");
        (await hooks.PressTownAsync(With(leave, "action", "confirm"))).Refused(401, "signature-invalid");
        (await hooks.PressTownAsync(With(confirm, "team", "other"))).Refused(401, "signature-invalid");
        (await hooks.PressTownAsync(With(confirm, "code", "ABCDE23456"))).Refused(401, "signature-invalid");
        (await hooks.PressTownAsync(With(confirm, "mac", ""))).Refused(401, "signature-invalid");
        (await hooks.PressTownAsync(new JsonObject())).Refused(401, "signature-invalid");
        Assert.Empty(await served.Service.Journal.RunsAsync("lab", 1, Cancellation));
        Assert.Equal("Nothing was done.", Told(await hooks.PressTownAsync(leave)));

        Assert.Contains("ada started run", Told(await hooks.PressTownAsync(confirm, trigger: "t1")), StringComparison.Ordinal);
        (await hooks.PressTownAsync(confirm, trigger: "t1")).Refused(409, "delivery-replayed");
        Assert.Contains("was used already", Told(await hooks.PressTownAsync(confirm)), StringComparison.Ordinal);
        var run = (await served.Service.Journal.RunsAsync("lab", 1, Cancellation)).Single().Run;
        using var root = await served.Service.ClientAsync("root", "admin");
        await root.UntilAsync($"/v1/runs/{run}", status => status.GetProperty("state").GetString() == "Succeeded");
        var acts = (await root.GetAsync("/v1/acts")).Is(200).Json.GetProperty("items").EnumerateArray();
        Assert.Contains(acts, act => act.GetProperty("act").GetString()!.StartsWith("confirm refresh lab", StringComparison.Ordinal) && (act.GetProperty("person").GetString(), act.GetProperty("origin").GetString(), act.GetProperty("subject").GetString()) == ("ada", "town:team/ada-id", run));

        await SampleAsync(served);
    }

    [Fact]
    public async Task A_button_that_has_ended_does_nothing_and_without_an_address_there_is_none()
    {
        await using var served = await ServedLab.StartAsync(settings: Hooks.Settings(("webhooks:town:url", Url), ("webhooks:bare:vendor", "mattermost"), ("webhooks:bare:key", Hooks.MattermostKey), ("people:ada:accounts:3", "bare:team/ada-id")));
        using var hooks = new Hooks(() => served.Service.Address);
        var announced = await hooks.MattermostAsync("refresh lab", channel: "c1");
        await served.Service.Journal.Database.WriteAsync(connection => Refresh.Orchestrator.Journals.Sql.Execute(connection, "UPDATE confirmations SET expires_at = '2020-01-01T00:00:00.0000000+00:00'"), Cancellation);
        Assert.Contains("has ended", Told(await hooks.PressTownAsync(Context(announced, 0))), StringComparison.Ordinal);
        Assert.False((await hooks.MattermostAsync("help", channel: "c1")).Is(200).Json.TryGetProperty("attachments", out _));
        Assert.False((await hooks.MattermostAsync("refresh lab")).Says("confirm").Json.TryGetProperty("attachments", out _));
        Assert.False((await hooks.MattermostAsync("refresh lab", channel: "c1", hook: "bare")).Says("confirm").Json.TryGetProperty("attachments", out _));
        Assert.Empty(await served.Service.Journal.RunsAsync("lab", 1, Cancellation));
    }

    // The scripts of the sample, one into the other, as a user tries them.
    private static async Task SampleAsync(ServedLab served)
    {
        var samples = Path.GetFullPath(Path.Combine(Repository.Docs, "..", "samples", "chatops", "mattermost"));
        var environment = new Dictionary<string, string?> { ["REFRESH_URL"] = served.Service.Address.ToString().TrimEnd('/'), ["MATTERMOST_TOKEN"] = Hooks.MattermostKey, ["MATTERMOST_TEAM"] = "team", ["MATTERMOST_USER"] = "ada-id" };
        var said = await CliWrap.Cli.Wrap("bash").WithArguments(["-c", $"'{samples}/command.sh' 'rollback lab' | '{samples}/press.sh'"]).WithEnvironmentVariables(environment).WithValidation(CommandResultValidation.None).ExecuteBufferedAsync(Cancellation);
        Assert.True(said.ExitCode == 0, said.StandardOutput + said.StandardError);
        Assert.Contains("ephemeral_text", said.StandardOutput, StringComparison.Ordinal);
    }

    private static string Told(Reply reply) => reply.Is(200).Json.GetProperty("ephemeral_text").GetString()!;

    private static JsonElement Button(Reply reply, int place) => reply.Is(200).Json.GetProperty("attachments")[0].GetProperty("actions")[place];

    private static JsonObject Context(Reply reply, int place) => JsonNode.Parse(Button(reply, place).GetProperty("integration").GetProperty("context").GetRawText())!.AsObject();

    private static JsonObject With(JsonObject context, string name, string value)
    {
        var changed = context.DeepClone().AsObject();
        changed[name] = value;
        return changed;
    }
}
