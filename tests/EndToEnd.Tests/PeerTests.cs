using Refresh.EndToEnd.Tests.Stage;
using Refresh.Lab.Client;
using Refresh.Orchestrator.Tests.Lab;
using Refresh.Workflows.Machines;
using Refresh.Workflows.Runs;
using Xunit;

namespace Refresh.EndToEnd.Tests;

/// <summary>Promise 1: the pair rule, before a member leaves and while it is away.</summary>
public sealed class PeerTests
{
    [Fact]
    public async Task A_draining_member_rejoins_at_once_when_its_peer_dies_and_the_run_goes_on_when_the_peer_is_back()
    {
        await using var stage = await LabStage.StartAsync();
        var before = await stage.MachinesAsync();
        await using var attendance = await stage.AttendAsync(longShare: 20, longMs: 3000);
        using var run = stage.Run(stage.Fleet);
        await run.UntilAsync(happened => happened is IntentRecorded { Intent: Drain { Member.Name: "b" } });
        await LabFixture.UntilAsync(async () => !(await attendance.Rotation.NowAsync()).In(1, 'b'));
        await stage.PowerAsync("web-1-a", PowerAction.Crash);

        await run.UntilAsync(happened => happened is MemberMoved { Member.Name: "b", Trigger: MemberTrigger.Return });
        await run.UntilAsync(happened => happened is MemberMoved { Member.Name: "b", Trigger: MemberTrigger.Returned });
        Assert.True((await attendance.Rotation.NowAsync()).In(1, 'b'));
        var waits = await run.UntilAsync(happened => happened is MemberWaits { Member.Name: "b" });
        Assert.Contains("web-1/a", waits, StringComparison.Ordinal);
        Assert.Equal(before["web-1-b"].Id, (await stage.Lab.VmAsync("web-1-b")).Id);

        await stage.PowerAsync("web-1-a", PowerAction.On);
        await run.EndsWithAsync(0);
        await stage.AllAreNewAsync(before, "1.1.0");
        Assert.Single(await stage.ClonesAsync("web-1-b"));
    }

    [Fact]
    public async Task A_peer_that_dies_before_its_own_turn_is_repaired_first()
    {
        await using var stage = await LabStage.StartAsync();
        var before = await stage.MachinesAsync();
        await using var attendance = await stage.AttendAsync(longShare: 20, longMs: 3000);
        using var run = stage.Run(stage.Fleet);
        await run.UntilAsync(happened => happened is IntentRecorded { Intent: Drain { Member.Name: "a" } });
        await LabFixture.UntilAsync(async () => !(await attendance.Rotation.NowAsync()).In(1, 'a'));
        await stage.PowerAsync("web-1-b", PowerAction.Crash);
        await run.EndsWithAsync(0);

        Assert.Contains(run.Events, happened => happened is MemberMoved { Member.Name: "a", Trigger: MemberTrigger.Returned });
        Assert.Equal(["b", "a"], run.Events.OfType<MemberMoved>().Where(moved => moved.Trigger == MemberTrigger.Soaked).Select(moved => moved.Member.Name));
        await stage.AllAreNewAsync(before, "1.1.0");
    }

    [Fact]
    public async Task A_peer_that_somebody_has_taken_out_by_hand_is_waited_for_and_left_alone()
    {
        await using var stage = await LabStage.StartAsync();
        var before = await stage.MachinesAsync();
        await using var attendance = await stage.AttendAsync();
        await attendance.Rotation.TellAsync("set server web/web-1-b state maint");
        using var run = stage.Run(stage.Fleet);
        var waits = await run.UntilAsync(happened => happened is MemberWaits);
        Assert.Contains("web-1/b", waits, StringComparison.Ordinal);
        Assert.Contains("MAINT", waits, StringComparison.Ordinal);
        await run.UntilAsync(happened => happened is MemberWaits);
        Assert.DoesNotContain(run.Events, happened => happened is IntentRecorded { Intent.Acts: true });

        await attendance.Rotation.TellAsync("set server web/web-1-b state ready");
        await run.EndsWithAsync(0);
        Assert.Empty(attendance.Rotation.BothOut());
        await attendance.UnharmedAsync();
        await stage.AllAreNewAsync(before, "1.1.0");
    }

    [Fact]
    public async Task A_member_that_a_failed_run_has_left_out_is_repaired_by_the_next_run()
    {
        await using var stage = await LabStage.StartAsync();
        var before = await stage.MachinesAsync();
        await stage.Lab.Client.FailAsync(new("web-1-a", LabFaultKind.WrongImage), TestContext.Current.CancellationToken);
        await using var attendance = await stage.AttendAsync();
        using var failed = stage.Run(stage.Fleet);
        await failed.EndsWithAsync(1);
        Assert.False((await attendance.Rotation.NowAsync()).In(1, 'a'));

        using var next = stage.Run(stage.Fleet);
        await next.EndsWithAsync(0);
        await attendance.UnharmedAsync();
        await stage.AllAreNewAsync(before, "1.1.0");
    }
}
