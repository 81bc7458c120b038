using Refresh.EndToEnd.Tests.Stage;
using Refresh.Lab.Client;
using Refresh.Workflows.Machines;
using Refresh.Workflows.Runs;
using Xunit;

namespace Refresh.EndToEnd.Tests;

/// <summary>What a second process asks of a run, and taking a run back (promise 4).</summary>
public sealed class RequestTests
{
    [Fact]
    public async Task A_run_is_paused_and_resumed_from_a_second_process()
    {
        await using var stage = await LabStage.StartAsync();
        var before = await stage.MachinesAsync();
        await using var attendance = await stage.AttendAsync();
        using var run = stage.Run(stage.Fleet);
        await run.UntilAsync(happened => happened is IntentRecorded { Intent: Drain });
        await stage.AskAsync(RequestKind.Pause);
        await run.UntilAsync(happened => happened is RunMoved { To: RunState.Paused });
        await run.UntilAsync(happened => happened is MemberMoved { Member.Name: "a", To: MemberState.Refreshed });

        using var resume = stage.Refresh("resume");
        await resume.EndsWithAsync(0);
        Assert.Contains("Taken up", resume.Output, StringComparison.Ordinal);
        await run.EndsWithAsync(0);
        var paused = run.Events.ToList().FindIndex(happened => happened is RunMoved { To: RunState.Paused });
        var resumed = run.Events.ToList().FindIndex(happened => happened is RunMoved { From: RunState.Paused });
        Assert.DoesNotContain(run.Events.Take(resumed).Skip(paused), happened => happened is MemberMoved { Member.Name: "b" });
        await attendance.UnharmedAsync();
        await stage.AllAreNewAsync(before, "1.1.0");
    }

    [Fact]
    public async Task A_run_that_goes_on_by_itself_is_not_asked_to_go_on()
    {
        await using var stage = await LabStage.StartAsync();
        using var run = stage.Run(stage.Fleet with { Canary = "{ pairs: 1, bake: 1h }" });
        await run.UntilAsync(happened => happened is IntentRecorded { Intent: Bake });
        using var resume = stage.Refresh("resume", "--json");
        await resume.EndsWithAsync(4);
        Assert.Contains("is Running, and cannot resume", resume.Output, StringComparison.Ordinal);
        Assert.DoesNotContain((await stage.HistoryAsync()).Entries, entry => entry.Event is RequestAnswered);
        await stage.AskAsync(RequestKind.Cancel);
        await run.EndsWithAsync(5);
    }

    [Fact]
    public async Task A_cancelled_run_puts_a_drained_member_back_as_it_was()
    {
        await using var stage = await LabStage.StartAsync();
        var before = await stage.MachinesAsync();
        await using var attendance = await stage.AttendAsync(longShare: 20, longMs: 3000);
        using var run = stage.Run(stage.Fleet);
        await run.UntilAsync(happened => happened is IntentRecorded { Intent: Drain });
        await stage.AskAsync(RequestKind.Cancel);
        await run.EndsWithAsync(5);

        Assert.Equal(RunState.Cancelled, (await stage.HistoryAsync()).Run.State);
        Assert.Equal(before.Values.Select(vm => vm.Id), (await stage.MachinesAsync()).Values.Select(vm => vm.Id));
        Assert.All((await attendance.Rotation.NowAsync()).Status.Values, status => Assert.Equal("UP", status));
        await attendance.UnharmedAsync();
    }

    [Fact]
    public async Task A_succeeded_run_is_rolled_back_to_the_image_recorded_for_each_member()
    {
        await using var stage = await LabStage.StartAsync();
        await using var attendance = await stage.AttendAsync();
        using var run = stage.Run(stage.Fleet);
        await run.EndsWithAsync(0);
        var refreshed = await stage.MachinesAsync();

        using var unasked = stage.Refresh("rollback");
        await unasked.EndsWithAsync(2);
        Assert.Matches(@"web-1/b +web@1\.1\.0 +web@1\.0\.0", unasked.Output);
        Assert.Contains("Add --yes", unasked.Output, StringComparison.Ordinal);
        Assert.Equal(RunState.Succeeded, (await stage.HistoryAsync()).Run.State);

        using var back = stage.Refresh("rollback", "--yes", "--json");
        await back.EndsWithAsync(0);
        Assert.Equal(RunState.RolledBack, (await stage.HistoryAsync()).Run.State);
        await attendance.UnharmedAsync();
        await stage.AllAreNewAsync(refreshed, "1.0.0");
    }

    [Fact]
    public async Task A_failed_run_is_rolled_back_frozen_pair_included()
    {
        await using var stage = await LabStage.StartAsync();
        await stage.Lab.Client.FailAsync(new("web-1-b", LabFaultKind.CloneFails, 2), TestContext.Current.CancellationToken);
        await using var attendance = await stage.AttendAsync();
        using var run = stage.Run(stage.Fleet);
        await run.EndsWithAsync(1);
        Assert.False((await attendance.Rotation.NowAsync()).In(1, 'b'));

        using var back = stage.Refresh("rollback", "--yes", "--json");
        await back.EndsWithAsync(0);
        Assert.All((await attendance.Rotation.NowAsync()).Status.Values, status => Assert.Equal("UP", status));
        await attendance.UnharmedAsync();
        Assert.All((await stage.MachinesAsync()).Values, vm => Assert.Equal("1.0.0", vm.Version));
    }
}
