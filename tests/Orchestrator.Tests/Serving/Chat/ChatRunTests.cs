using Refresh.Orchestrator.Tests.Lab;
using Refresh.Workflows.Runs;
using Xunit;

namespace Refresh.Orchestrator.Tests.Serving.Chat;

/// <summary>Runs that are started, seen, stopped and approved from chat.</summary>
public sealed class ChatRunTests
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_refresh_is_announced_confirmed_by_the_one_who_asked_and_once_and_ends_well()
    {
        await using var served = await ServedLab.StartAsync(settings: Hooks.Settings());
        using var hooks = new Hooks(() => served.Service.Address);
        (await hooks.SlackAsync("plan lab")).Says("2 of 2 members are rebuilt");
        (await hooks.SlackAsync("status")).Says("lab: no run yet");
        (await hooks.SlackAsync("refresh lba")).Says("did you mean 'lab'?");
        (await hooks.SlackAsync("refresh lab at window")).Says("has no patch windows");

        var announced = (await hooks.SlackAsync("refresh lab because November patches")).Says("Nothing was done yet");
        (await hooks.SlackAsync($"confirm {announced.Code()}", user: "UGRACE")).Says("was not given to you");
        var begun = (await hooks.SlackAsync($"confirm {announced.Code()}")).Says("ada started run");
        Assert.Equal("in_channel", begun.Json.GetProperty("response_type").GetString());
        (await hooks.SlackAsync($"confirm {announced.Code()}")).Says("was used already");

        var head = (await served.Service.Journal.RunsAsync("lab", 1, Cancellation)).Single();
        await LabFixture.UntilAsync(async () => (await served.Service.Journal.FindAsync(head.Run, Cancellation))!.State == "Succeeded");
        var planned = (RunPlanned)(await served.Service.Journal.ReadAsync(head.Run, 0, Cancellation).FirstAsync(Cancellation)).Event;
        Assert.Equal(("ada", "slack:T1/UADA", "November patches"), (planned.By, planned.From, planned.Why));
        using var root = await served.Service.ClientAsync("root", "admin");
        var acts = (await root.GetAsync("/v1/acts")).Is(200).Json.GetProperty("items").EnumerateArray();
        Assert.Contains(acts, act => (act.GetProperty("act").GetString(), act.GetProperty("person").GetString(), act.GetProperty("subject").GetString(), act.GetProperty("status").GetInt32()) == ("confirm refresh lab web@1.1.0 because November patches", "ada", head.Run, 201)
            && (act.GetProperty("fleet").GetString(), act.GetProperty("why").GetString()) == ("lab", "November patches"));
        (await hooks.SlackAsync("status lab")).Says("Fleet lab: Succeeded");
        (await hooks.MattermostAsync("why web-1")).Says("Refreshed");
        (await hooks.SlackAsync("why web-2")).Says("has a pair web-2; did you mean 'web-1'?");
        (await hooks.SlackAsync("cancel lab because of rain")).Says("has no unfinished run");
        var refused = (await root.GetAsync("/v1/acts")).Is(200).Json.GetProperty("items")[0];
        Assert.Equal(("cancel lab because of rain", "lab", "of rain", 404), (refused.GetProperty("act").GetString(), refused.GetProperty("fleet").GetString(), refused.GetProperty("why").GetString(), refused.GetProperty("status").GetInt32()));
        (await hooks.SlackAsync("refresh lab")).Says("needs nothing");
    }

    [Fact]
    public async Task Who_starts_may_not_approve_where_the_fleet_has_four_eyes_on_whatever_face()
    {
        await using var served = await ServedLab.StartAsync("four-eyes", settings: Hooks.Settings());
        using var hooks = new Hooks(() => served.Service.Address);
        (await hooks.SlackAsync($"confirm {(await hooks.SlackAsync("refresh lab")).Code()}")).Says("It waits for approval");
        var run = (await served.Service.Journal.RunsAsync("lab", 1, Cancellation)).Single().Run;
        (await hooks.SlackAsync($"approve {run}")).Says("Refused");
        (await hooks.TeamsAsync($"approve {run}")).Says("Refused");
        (await hooks.SlackAsync($"approve {run}", user: "UVIC")).Says("may not approve");
        (await hooks.SlackAsync("refresh lab", user: "UVIC")).Says("may not start");
        (await hooks.SlackAsync($"approve {run} because the plan is good", user: "UGRACE")).Says("and it does");
        using var ada = await served.Service.ClientAsync("ada", "viewer");
        await ada.UntilAsync($"/v1/runs/{run}", status => status.GetProperty("state").GetString() == "Succeeded");
    }

    [Fact]
    public async Task Of_two_at_once_for_one_fleet_one_begins_and_the_other_is_told_which_run_holds_it()
    {
        await using var served = await ServedLab.StartAsync("required", settings: Hooks.Settings());
        using var hooks = new Hooks(() => served.Service.Address);
        var codes = new[] { (await hooks.SlackAsync("refresh lab")).Code(), (await hooks.SlackAsync("refresh lab")).Code() };
        var replies = await Task.WhenAll(codes.Select(code => hooks.SlackAsync($"confirm {code}")));
        Assert.Single(replies, reply => reply.Text().Contains("started run", StringComparison.Ordinal));
        var run = (await served.Service.Journal.RunsAsync(null, 5, Cancellation)).Single().Run;
        Assert.Single(replies, reply => reply.Text().Contains($"has an unfinished run, {run}", StringComparison.Ordinal));

        (await hooks.SlackAsync("refresh lab")).Says($"has an unfinished run, {run}");
        var cancel = (await hooks.SlackAsync("cancel because wrong day", user: "UGRACE")).Says($"Run {run}").Code();
        (await hooks.SlackAsync($"confirm {cancel}", user: "UGRACE")).Says("grace asked run");
        await LabFixture.UntilAsync(async () => (await served.Service.Journal.FindAsync(run, Cancellation))!.State == "Cancelled");
    }

    [Fact]
    public async Task A_button_starts_the_run_and_its_message_is_replaced_and_a_code_that_has_ended_does_nothing()
    {
        await using var sink = await Sink.StartAsync();
        await using var served = await ServedLab.StartAsync("required", settings: Hooks.Settings(("webhooks:slack:answerTo", sink.Address.ToString()), ("confirmWithin", "10s")));
        using var hooks = new Hooks(() => served.Service.Address);
        var code = (await hooks.SlackAsync("refresh lab")).Code();
        await served.Service.Journal.Database.WriteAsync(connection => Orchestrator.Journals.Sql.Execute(connection, "UPDATE confirmations SET expires_at = '2026-01-01T00:00:00.0000000Z'"), Cancellation);
        (await hooks.SlackAsync($"confirm {code}")).Says("has ended");

        code = (await hooks.SlackAsync("refresh lab")).Code();
        Assert.Equal(string.Empty, (await hooks.PressAsync("refresh_confirm", code, $"{sink.Address}actions/1")).Is(200).Body);
        var answer = (await sink.NextAsync()).Json;
        Assert.True(answer.GetProperty("replace_original").GetBoolean());
        Assert.Contains("ada started run", answer.GetProperty("text").GetString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_published_image_starts_a_run_once_or_is_proposed()
    {
        await using var sink = await Sink.StartAsync();
        await using var served = await ServedLab.StartAsync("required", settings: Hooks.Settings(("notifications:ops:to", "cloudevents"), ("notifications:ops:url", sink.Address.ToString())));
        using var hooks = new Hooks(() => served.Service.Address);
        var proposed = await hooks.StandardAsync(new { type = "image.published", data = new { image = "web@1.1.0" } });
        proposed.Says("Fleet lab: proposed");
        var told = await sink.NextAsync(received => received.Headers["ce-type"] == "refresh.image.proposed");
        Assert.Contains("refresh lab web@1.1.0", told.Json.GetProperty("text").GetString(), StringComparison.Ordinal);

        (await hooks.GitHubAsync("release", new { action = "published", release = new { tag_name = "v9.9.9" } })).Is(202);
        await sink.NextAsync(received => received.Headers["ce-type"] == "refresh.image.refused");

        var release = new { action = "published", release = new { tag_name = "v1.1.0", draft = false }, repository = new { full_name = "acme/images" } };
        (await hooks.GitHubAsync("release", release, delivery: "d1")).Is(202);
        await LabFixture.UntilAsync(async () => (await served.Service.Journal.RunsAsync("lab", 5, Cancellation)).Count == 1);
        var planned = (RunPlanned)(await served.Service.Journal.ReadAsync((await served.Service.Journal.RunsAsync("lab", 1, Cancellation)).Single().Run, 0, Cancellation).FirstAsync(Cancellation)).Event;
        Assert.Equal(("webhook images", "release v1.1.0 of acme/images was published"), (planned.By, planned.Why));
        await LabFixture.UntilAsync(async () => (await hooks.GitHubAsync("release", release, delivery: "d1")).Is(200).Json.GetProperty("text").GetString()!.Contains("begun", StringComparison.Ordinal));
        Assert.Single(await served.Service.Journal.RunsAsync("lab", 5, Cancellation));
    }

    [Fact]
    public async Task A_restart_in_the_middle_of_a_delivery_starts_one_run_under_the_id_that_was_settled()
    {
        await using var served = await ServedLab.StartAsync("required", settings: Hooks.Settings());
        var task = """{"account":null,"text":"refresh lab because of the bus"}""";
        var store = new Orchestrator.Journals.Service.DeliveryStore(served.Service.Journal.Database);
        await store.TakeAsync(new Orchestrator.Journals.Service.StoredDelivery("bus", "k", "settled1", task, "lost", DateTimeOffset.UtcNow), Cancellation);
        for (var starts = 0; starts < 2; starts++)
        {
            await served.Service.StopAsync();
            await served.Service.StartAsync();
            await LabFixture.UntilAsync(async () => (await served.Service.Journal.RunsAsync("lab", 5, Cancellation)).Count > 0);
            Assert.Equal("settled1", (await served.Service.Journal.RunsAsync("lab", 5, Cancellation)).Single().Run);
            await served.Service.Journal.Database.WriteAsync(connection => Orchestrator.Journals.Sql.Execute(connection, "UPDATE deliveries SET answer = NULL"), Cancellation);
        }
    }

    [Fact]
    public async Task A_run_has_one_thread_in_Slack_whose_first_message_is_edited()
    {
        await using var sink = await Sink.StartAsync();
        var posts = 0;
        sink.Makes = _ => $$"""{"ok":true,"channel":"C1","ts":"17.{{Interlocked.Increment(ref posts)}}"}""";
        await using var served = await ServedLab.StartAsync(settings: Hooks.Settings(
            ("notifications:ops:to", "slack"), ("notifications:ops:token", "xoxb-a-token-of-a-bot"), ("notifications:ops:channel", "ops"), ("notifications:ops:api", $"{sink.Address}api"), ("notifications:ops:templates:run.succeeded", "Done: {fleet} <{run}>")));
        using var hooks = new Hooks(() => served.Service.Address);
        (await hooks.SlackAsync($"confirm {(await hooks.SlackAsync("refresh lab")).Code()}")).Says("started run");
        var root = await sink.NextAsync();
        Assert.Equal(("/api/chat.postMessage", "Bearer xoxb-a-token-of-a-bot", "ops"), (root.Path, root.Headers["Authorization"], root.Json.GetProperty("channel").GetString()));
        Assert.False(root.Json.TryGetProperty("thread_ts", out _));
        var edited = await sink.NextAsync(received => received.Path == "/api/chat.update");
        Assert.Equal(("C1", "17.1"), (edited.Json.GetProperty("channel").GetString(), edited.Json.GetProperty("ts").GetString()));
        var done = await sink.NextAsync(received => Text(received).StartsWith("Done: lab <", StringComparison.Ordinal));
        Assert.Equal("17.1", done.Json.GetProperty("thread_ts").GetString());
    }

    private static string Text(Sink.Received received) => received.Json.GetProperty("text").GetString()!;
}
