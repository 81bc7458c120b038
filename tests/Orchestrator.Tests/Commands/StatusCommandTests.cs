using Refresh.Orchestrator.Commands;
using Refresh.Workflows.Machines;
using Refresh.Workflows.Runs;
using Refresh.Workflows.Tests.Evidence;
using Xunit;

namespace Refresh.Orchestrator.Tests.Commands;

public sealed class StatusCommandTests : IDisposable
{
    private readonly Cli _cli = new();

    [Fact]
    public async Task Without_a_run_it_says_so()
    {
        var said = (await _cli.RunAsync("status")).Ended(ExitCodes.Done);
        Assert.Contains("no such run", said.Output, StringComparison.Ordinal);
        Assert.Empty((await _cli.RunAsync("status", "--json")).Ended(ExitCodes.Done).Output);
    }

    [Fact]
    public async Task A_run_that_nobody_works_on_says_how_to_go_on()
    {
        await _cli.StoreAsync(UnderWay(), "r1");
        var said = (await _cli.RunAsync("status")).Ended(ExitCodes.Done);
        Assert.Contains("nobody works on run r1", said.Output, StringComparison.Ordinal);
        Assert.Contains("next: refresh resume r1", said.Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_run_names_its_worker_its_steps_and_why_anything_waits()
    {
        await _cli.StoreAsync(UnderWay(), "r1", held: true);
        var json = (await _cli.RunAsync("status", "r1", "--json")).Ended(ExitCodes.Done).Json;
        Assert.Equal("Running", json.GetProperty("state").GetString());
        Assert.Equal("worker-1", json.GetProperty("worker").GetProperty("name").GetString());
        Assert.Equal(0, json.GetProperty("waits").GetArrayLength());
        var step = Assert.Single(json.GetProperty("underWay").EnumerateArray());
        Assert.Equal("web-1/a", step.GetProperty("member").GetString());
        Assert.Equal("Draining", step.GetProperty("state").GetString());
        Assert.Equal("draining", step.GetProperty("waits")[0].GetProperty("code").GetString());
        Assert.Equal(["web-2", "web-3"], json.GetProperty("waiting").EnumerateArray().Select(pair => pair.GetProperty("pair").GetString()));
        Assert.Equal(1, json.GetProperty("pairs").GetProperty("Refreshing").GetInt32());
        Assert.Equal(1, json.GetProperty("wave").GetProperty("number").GetInt32());
    }

    [Fact]
    public async Task Pairs_that_wait_for_the_same_are_told_together()
    {
        await _cli.StoreAsync(UnderWay(12), "r1", held: true);
        var said = (await _cli.RunAsync("status")).Ended(ExitCodes.Done);
        Assert.Contains("web-2, web-3 .. web-12 (11)", said.Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Unfinished_runs_come_before_ended_ones()
    {
        await _cli.StoreAsync(new ScriptedRun(ScriptedRun.FleetOf(1)).Begin().Continue(), "old");
        Assert.Equal("old", (await _cli.RunAsync("status", "--json")).Json.GetProperty("run").GetString());
        await _cli.StoreAsync(UnderWay(), "new");
        Assert.Equal("new", (await _cli.RunAsync("status", "--json")).Json.GetProperty("run").GetString());
        Assert.Equal("new", (await _cli.RunAsync("status", "web", "--json")).Json.GetProperty("run").GetString());
        Assert.Equal("Succeeded", (await _cli.RunAsync("status", "old", "--json")).Json.GetProperty("state").GetString());
        Assert.Empty((await _cli.RunAsync("status", "--fleet", "other", "--json")).Output);
    }

    [Fact]
    public async Task A_failed_run_tells_the_frozen_pair_and_what_to_do()
    {
        var why = ScriptedRun.Why("the clone failed");
        await _cli.StoreAsync(new ScriptedRun(ScriptedRun.FleetOf(2)) { Instead = (intent, _) => intent is Verify ? new Failed(why, false) : null }.Begin().Continue(), "r1");
        var said = (await _cli.RunAsync("status")).Ended(ExitCodes.Done);
        Assert.Matches(@"web-1 +Frozen +the clone failed", said.Output);
        Assert.Contains("refresh rollback r1", said.Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_unknown_run_is_refused()
    {
        var said = (await _cli.RunAsync("status", "nowhere")).Ended(ExitCodes.Refused);
        Assert.Contains("refresh history", said.Error, StringComparison.Ordinal);
    }

    public void Dispose() => _cli.Dispose();

    private static ScriptedRun UnderWay(int pairs = 3) =>
        new ScriptedRun(ScriptedRun.FleetOf(pairs)).Begin().Continue(happened => happened is MemberMoved { To: MemberState.Draining });
}
