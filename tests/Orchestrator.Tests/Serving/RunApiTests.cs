using System.Text.Json;
using Refresh.Orchestrator.Bundles;
using Refresh.Orchestrator.Commands;
using Refresh.Orchestrator.Serving.Hosting;
using Refresh.Orchestrator.Tests.Commands;
using Refresh.Orchestrator.Tests.Lab;
using Refresh.Orchestrator.Tests.Serving.Chat;
using Refresh.Workflows.Machines;
using Refresh.Workflows.Runs;
using Xunit;

namespace Refresh.Orchestrator.Tests.Serving;

public sealed class RunApiTests
{
    [Fact]
    public async Task A_run_is_started_seen_and_ends_well_and_the_journal_says_who_from_where_and_why()
    {
        await using var served = await ServedLab.StartAsync();
        using var ada = await served.Service.ClientAsync("ada", "operator");
        var plan = (await ada.PostAsync("/v1/plans", new { fleet = "lab" })).Is(200).Json;
        Assert.Equal(2, plan.GetProperty("rebuilds").GetInt32());

        var begun = (await ada.PostAsync("/v1/runs", new { fleet = "lab", why = "November patches" })).Is(201);
        var run = begun.Json.GetProperty("run").GetString()!;
        Assert.Equal($"/v1/runs/{run}", begun.Header("Location"));
        await ada.UntilAsync($"/v1/runs/{run}", status => status.GetProperty("state").GetString() == "Succeeded");

        var planned = (RunPlanned)(await served.Service.Journal.ReadAsync(run, 0, TestContext.Current.CancellationToken).FirstAsync(TestContext.Current.CancellationToken)).Event;
        Assert.Equal(("ada", "127.0.0.1", "November patches"), (planned.By, planned.From, planned.Why));
        Assert.StartsWith("<!doctype html>", (await ada.GetAsync($"/v1/runs/{run}/report?format=html")).Is(200).Body, StringComparison.OrdinalIgnoreCase);
        Assert.Equal(JsonValueKind.Object, (await ada.GetAsync($"/v1/runs/{run}/report")).Is(200).Json.ValueKind);
        Assert.Equal(2, (await ada.GetAsync($"/v1/runs/{run}/members")).Is(200).Json.GetProperty("items").GetArrayLength());

        var bundle = Path.Combine(served.Service.Folder, "evidence", $"{run}.evidence.json");
        await LabFixture.UntilAsync(() => Task.FromResult(File.Exists(bundle)));
        var verdict = BundleCheckup.Check(await File.ReadAllBytesAsync(bundle, TestContext.Current.CancellationToken), null);
        Assert.True(verdict.Holds, verdict.Fault?.Detail);
        Assert.Equal(RunState.Succeeded, verdict.Claims!.State);
        Assert.Equal("nothing-to-do", (await ada.PostAsync("/v1/runs", new { fleet = "lab" })).Is(200).Json.GetProperty("outcome").GetString());
    }

    [Fact]
    public async Task A_run_that_is_cancelled_before_it_began_and_one_that_ended_while_the_service_was_away_have_evidence_as_well()
    {
        await using var served = await ServedLab.StartAsync("required");
        using var ada = await served.Service.ClientAsync("ada", "operator");
        var run = (await ada.PostAsync("/v1/runs", new { fleet = "lab" })).Is(201).Json.GetProperty("run").GetString()!;
        var bundle = Path.Combine(served.Service.Folder, "evidence", $"{run}.evidence.json");
        (await ada.PostAsync($"/v1/runs/{run}/cancel")).Is(200);
        await LabFixture.UntilAsync(() => Task.FromResult(File.Exists(bundle)));
        await served.Service.StopAsync();
        File.Delete(bundle);
        await served.Service.StartAsync();
        await LabFixture.UntilAsync(() => Task.FromResult(File.Exists(bundle)));
        var verdict = BundleCheckup.Check(await File.ReadAllBytesAsync(bundle, TestContext.Current.CancellationToken), null);
        Assert.Equal(RunState.Cancelled, verdict.Claims!.State);
    }

    [Fact]
    public async Task A_fleet_has_one_run_and_a_second_request_is_refused_with_it_or_queued_behind_it()
    {
        await using var served = await ServedLab.StartAsync("required");
        using var ada = await served.Service.ClientAsync("ada", "operator", "approver");
        var run = (await ada.PostAsync("/v1/runs", new { fleet = "lab" })).Is(201).Json.GetProperty("run").GetString();

        var refused = (await ada.PostAsync("/v1/runs", new { fleet = "lab" })).Refused(409, "fleet-has-run");
        Assert.Equal(run, refused.Json.GetProperty("run").GetString());
        var queued = (await ada.PostAsync("/v1/runs", new { fleet = "lab", ifBusy = "queue" })).Is(202).Json;
        Assert.Equal(run, queued.GetProperty("waitsFor").GetString());

        (await ada.PostAsync($"/v1/runs/{run}/cancel")).Is(200);
        await ada.UntilAsync($"/v1/runs/{queued.GetProperty("order").GetString()}", status => status.GetProperty("state").GetString() == "AwaitingApproval");
    }

    [Fact]
    public async Task Of_two_requests_at_once_one_begins()
    {
        await using var served = await ServedLab.StartAsync("required");
        using var ada = await served.Service.ClientAsync("ada", "operator");
        var replies = await Task.WhenAll(Enumerable.Range(0, 6).Select(_ => ada.PostAsync("/v1/runs", new { fleet = "lab" })));
        Assert.Single(replies, reply => reply.Status == 201);
        Assert.All(replies.Where(reply => reply.Status != 201), reply => reply.Refused(409, "fleet-has-run"));
    }

    [Fact]
    public async Task Who_starts_a_run_may_not_approve_it_where_the_fleet_has_four_eyes()
    {
        await using var served = await ServedLab.StartAsync("four-eyes");
        using var ada = await served.Service.ClientAsync("ada", "admin");
        using var grace = await served.Service.ClientAsync("grace", "approver@lab");
        var run = (await ada.PostAsync("/v1/runs", new { fleet = "lab" })).Is(201).Json.GetProperty("run").GetString();
        (await ada.PostAsync($"/v1/runs/{run}/approve")).Refused(403, "four-eyes");
        (await grace.PostAsync("/v1/runs", new { fleet = "lab" })).Refused(403, "role-missing");
        (await grace.PostAsync($"/v1/runs/{run}/approve", new { why = "seen the plan" })).Is(200);
        await ada.UntilAsync($"/v1/runs/{run}", status => status.GetProperty("state").GetString() == "Succeeded");
    }

    [Fact]
    public async Task A_restart_in_the_middle_finishes_what_is_under_way_and_goes_on()
    {
        await using var served = await ServedLab.StartAsync(pairs: 2, cloneMs: 800);
        using var ada = await served.Service.ClientAsync("ada", "operator");
        var run = (await ada.PostAsync("/v1/runs", new { fleet = "lab" })).Is(201).Json.GetProperty("run").GetString()!;
        await ada.UntilAsync($"/v1/runs/{run}", status => status.GetProperty("underWay").GetArrayLength() > 0);

        await served.Service.StopAsync();
        await served.Service.StartAsync();
        await ada.UntilAsync($"/v1/runs/{run}", status => status.GetProperty("state").GetString() == "Succeeded");

        var entries = await served.Service.Journal.ReadAsync(run, 0, TestContext.Current.CancellationToken).ToListAsync(TestContext.Current.CancellationToken);
        var asked = entries.Select(entry => entry.Event).OfType<RequestAnswered>().Select(answer => (answer.Request.By, answer.Request.Kind, answer.Refusal)).ToList();
        Assert.Equal([(FleetDesk.Service, RequestKind.Pause, null), (FleetDesk.Service, RequestKind.Resume, null)], asked);
        Assert.Equal(4, entries.Select(entry => entry.Event).OfType<IntentRecorded>().Count(recorded => recorded.Intent is Rebuild));
    }

    [Fact]
    public async Task Who_pauses_a_run_while_the_service_is_down_finds_it_paused_when_the_service_is_back()
    {
        using var cli = new Cli();
        await using var served = await ServedLab.StartAsync(pairs: 2, cloneMs: 800);
        using var ada = await served.Service.ClientAsync("ada", "operator");
        var run = (await ada.PostAsync("/v1/runs", new { fleet = "lab" })).Is(201).Json.GetProperty("run").GetString()!;
        await ada.UntilAsync($"/v1/runs/{run}", status => status.GetProperty("underWay").GetArrayLength() > 0);

        await served.Service.StopAsync();
        (await cli.ExecuteAsync([("REFRESH_JOURNAL", served.Service.JournalPath)], "pause", run, "--why", "hold it, storm")).Ended(ExitCodes.Unfinished);
        await served.Service.StartAsync();
        await ada.UntilAsync($"/v1/runs/{run}", status => status.GetProperty("waits").EnumerateArray().Any(wait => wait.GetProperty("text").GetString()!.Contains("hold it, storm", StringComparison.Ordinal)));
        await served.Service.StopAsync();
        await served.Service.StartAsync();
        (await ada.PostAsync($"/v1/runs/{run}/pause", new { why = "still" })).Is(200);
        Assert.Equal("Paused", (await ada.GetAsync($"/v1/runs/{run}")).Json.GetProperty("state").GetString());
        (await ada.PostAsync($"/v1/runs/{run}/resume")).Is(200);
        await ada.UntilAsync($"/v1/runs/{run}", status => status.GetProperty("state").GetString() == "Succeeded");
    }

    [Fact]
    public async Task An_act_whose_worker_was_lost_after_it_was_taken_up_is_told_what_came_of_it()
    {
        await using var served = await ServedLab.StartAsync("required", settings: Hooks.Settings());
        using var hooks = new Hooks(() => served.Service.Address);
        using var ada = await served.Service.ClientAsync("ada", "admin");
        var run = (await ada.PostAsync("/v1/runs", new { fleet = "lab" })).Is(201).Json.GetProperty("run").GetString()!;
        var order = (await ada.PostAsync("/v1/runs", new { fleet = "lab", ifBusy = "queue" })).Is(202).Json.GetProperty("order").GetString()!;
        (await ada.PostAsync($"/v1/orders/{order}/withdraw", key: "w")).Is(200);
        (await ada.PostAsync($"/v1/runs/{run}/cancel", key: "c")).Is(200);
        // What a process leaves that is killed after the act and before the answer.
        var cancellation = TestContext.Current.CancellationToken;
        await served.Service.Journal.Database.WriteAsync(connection => Orchestrator.Journals.Sql.Execute(connection, "UPDATE answers SET status = NULL, body = NULL, worker = 'lost' WHERE key IN ('c', 'w')"), cancellation);
        var again = (await ada.PostAsync($"/v1/runs/{run}/cancel", key: "c")).Is(200).Json;
        Assert.Equal(("taken-up", "Cancelled"), (again.GetProperty("outcome").GetString(), again.GetProperty("state").GetString()));
        Assert.Equal("Withdrawn", (await ada.PostAsync($"/v1/orders/{order}/withdraw", key: "w")).Is(200).Json.GetProperty("state").GetString());
        (await ada.PostAsync($"/v1/runs/{run}/cancel")).Refused(409, "request-refused");

        var second = (await ada.PostAsync("/v1/runs", new { fleet = "lab" })).Is(201).Json.GetProperty("run").GetString()!;
        (await hooks.StandardAsync(new { type = "refresh.command", data = new { command = "cancel lab" } }, id: "m1")).Says("and it does: Cancelled");
        await served.Service.Journal.Database.WriteAsync(connection => Orchestrator.Journals.Sql.Execute(connection, "UPDATE deliveries SET answer = NULL, worker = 'lost'"), cancellation);
        await served.Service.StopAsync();
        await served.Service.StartAsync();
        await LabFixture.UntilAsync(async () => (await hooks.StandardAsync(new { type = "refresh.command", data = new { command = "cancel lab" } }, id: "m1")).Text().Contains("and it does: Cancelled", StringComparison.Ordinal));
        Assert.Single((await served.Service.Journal.ReadAsync(second, 0, cancellation).ToListAsync(cancellation)).Select(entry => entry.Event).OfType<RequestAnswered>());
    }

    [Fact]
    public async Task A_refused_act_is_on_record_with_its_fleet_and_with_the_address_that_a_trusted_proxy_calls_for()
    {
        await using var served = await ServedLab.StartAsync("required", settings: [("trustedProxies", "127.0.0.1 10.7.0.0/16")]);
        using var ada = await served.Service.ClientAsync("ada", "admin");
        var run = (await ada.PostAsync("/v1/runs", new { fleet = "lab" })).Is(201).Json.GetProperty("run").GetString()!;
        (await ada.PostAsync("/v1/runs", new { fleet = "lab" }, null, ("X-Forwarded-For", "198.51.100.6, 203.0.113.9, 10.7.3.4"))).Refused(409, "fleet-has-run");
        (await ada.PostAsync($"/v1/runs/{run}/pause", null, null, ("X-Forwarded-For", "not an address"))).Refused(409, "request-refused");
        var acts = (await ada.GetAsync("/v1/acts")).Is(200).Json.GetProperty("items").EnumerateArray().Select(act => (act.GetProperty("status").GetInt32(), act.GetProperty("fleet").GetString(), act.GetProperty("origin").GetString()));
        Assert.Equal([(409, "lab", "127.0.0.1"), (409, "lab", "203.0.113.9"), (201, "lab", "127.0.0.1")], acts);
    }

    [Fact]
    public async Task Nobody_but_a_trusted_proxy_is_believed_whom_they_call_for()
    {
        await using var service = await Service.StartAsync(("trustedProxies", "10.0.0.7"));
        using var ada = await service.ClientAsync("ada", "admin");
        (await ada.PostAsync("/v1/runs", new { fleet = "nowhere" }, null, ("X-Forwarded-For", "203.0.113.9"))).Refused(404, "no-such-fleet");
        var act = (await ada.GetAsync("/v1/acts")).Is(200).Json.GetProperty("items")[0];
        Assert.Equal(("127.0.0.1", "nowhere"), (act.GetProperty("origin").GetString(), act.GetProperty("fleet").GetString()));
    }

    [Fact]
    public async Task A_run_is_rolled_back_after_it_has_ended()
    {
        await using var served = await ServedLab.StartAsync();
        using var ada = await served.Service.ClientAsync("ada", "operator");
        var run = (await ada.PostAsync("/v1/runs", new { fleet = "lab" })).Is(201).Json.GetProperty("run").GetString();
        await ada.UntilAsync($"/v1/runs/{run}", status => status.GetProperty("state").GetString() == "Succeeded");
        (await ada.PostAsync($"/v1/runs/{run}/pause")).Refused(409, "request-refused");
        (await ada.PostAsync($"/v1/runs/{run}/rollback", new { why = "bad image" })).Is(200);
        await ada.UntilAsync($"/v1/runs/{run}", status => status.GetProperty("state").GetString() == "RolledBack");
    }
}
