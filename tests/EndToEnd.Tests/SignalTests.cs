using Refresh.EndToEnd.Tests.Stage;
using Refresh.Lab.Client;
using Refresh.Orchestrator.Tests.Lab;
using Refresh.Workflows.Machines;
using Refresh.Workflows.Runs;
using Xunit;

namespace Refresh.EndToEnd.Tests;

/// <summary>Ctrl-C once stops safely, twice now; both can be resumed.</summary>
public sealed class SignalTests
{
    [Fact]
    public async Task Ctrl_C_once_brings_back_what_is_away_begins_nothing_more_and_leaves_the_run_paused()
    {
        await using var stage = await LabStage.StartAsync();
        var before = await stage.MachinesAsync();
        await using var attendance = await stage.AttendAsync();
        using var run = stage.Run(stage.Fleet);
        await run.UntilAsync(happened => happened is IntentRecorded { Intent: Rebuild });
        await run.SignalAsync("INT");
        await run.EndsWithAsync(6);

        var left = (await stage.HistoryAsync()).Run;
        Assert.Equal(RunState.Paused, left.State);
        Assert.Equal([MemberState.Refreshed, MemberState.Pending], left.Pairs["web-1"].Members.Select(member => member.State));
        Assert.Contains($"refresh resume {left.Id}", run.Output, StringComparison.Ordinal);
        Assert.Equal(before["web-1-b"].Id, (await stage.Lab.VmAsync("web-1-b")).Id);
        Assert.All((await attendance.Rotation.NowAsync()).Status.Values, status => Assert.Equal("UP", status));

        using var resume = stage.Refresh("resume", left.Id, "--json");
        await resume.EndsWithAsync(0);
        await attendance.UnharmedAsync();
        await stage.AllAreNewAsync(before, "1.1.0");
    }

    [Fact]
    public async Task Ctrl_C_does_not_wait_for_the_end_of_a_bake_and_what_is_left_can_be_cancelled_without_asking_it_to_go_on()
    {
        await using var stage = await LabStage.StartAsync();
        using var run = stage.Run(stage.Fleet with { Canary = "{ pairs: 1, bake: 1h }" });
        await run.UntilAsync(happened => happened is IntentRecorded { Intent: Bake });
        await run.SignalAsync("INT");
        await run.EndsWithAsync(6);
        var left = (await stage.HistoryAsync()).Run;
        Assert.Equal((RunState.Paused, PairState.Soaking), (left.State, left.Pairs["web-1"].State));

        using var cancel = stage.Refresh("cancel");
        await cancel.EndsWithAsync(6);
        using var resume = stage.Refresh("resume");
        await resume.EndsWithAsync(5);
        var asked = (await stage.HistoryAsync()).Entries.Select(entry => entry.Event).OfType<RequestAnswered>().Select(answer => (answer.Request.Kind, answer.Refusal));
        Assert.Equal([(RequestKind.Pause, null), (RequestKind.Cancel, null)], asked);
    }

    [Fact]
    public async Task Ctrl_C_twice_leaves_at_once_and_what_was_under_way_is_adopted_by_resume()
    {
        await using var stage = await LabStage.StartAsync(cloneMs: 3000);
        var before = await stage.MachinesAsync();
        await using var attendance = await stage.AttendAsync();
        using var run = stage.Run(stage.Fleet);
        await run.UntilAsync(happened => happened is IntentRecorded { Intent: Rebuild });
        await LabFixture.UntilAsync(async () => (await stage.Lab.VmAsync("web-1-a")).Power != LabPower.On);
        await run.SignalAsync("INT");
        await run.UntilAsync(happened => happened is RunMoved { To: RunState.Paused });
        await run.SignalAsync("INT");
        await run.EndsWithAsync(6);
        Assert.NotEmpty((await stage.HistoryAsync()).Run.Open);

        using var resume = stage.Refresh("resume", "--json");
        await resume.EndsWithAsync(0);
        await attendance.UnharmedAsync();
        await stage.AllAreNewAsync(before, "1.1.0");
        Assert.Single(await stage.ClonesAsync("web-1-a"));
    }
}
