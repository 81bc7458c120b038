using Refresh.EndToEnd.Tests.Stage;
using Refresh.Lab.Client;
using Refresh.Orchestrator.Tests.Lab;
using Refresh.Workflows.Runs;
using Xunit;

namespace Refresh.EndToEnd.Tests;

/// <summary>HAProxy is killed and started again: it forgets who was drained. What is lost meanwhile is the fault's doing.</summary>
public sealed class BalancerTests
{
    [Fact]
    public async Task A_balancer_that_forgets_a_drain_is_noticed_and_nothing_is_rebuilt()
    {
        await using var stage = await LabStage.StartAsync();
        var before = await stage.MachinesAsync();
        await using var attendance = await stage.AttendAsync(longShare: 20, longMs: 3000);
        using var run = stage.Refresh("run", stage.Write(stage.Fleet), "--yes");
        await LabFixture.UntilAsync(async () => !(await attendance.Rotation.NowAsync()).In(1, 'a'));
        using var balancer = await RestartedBalancer.RestartAsync(stage, attendance);
        var exitCode = await run.EndAsync();

        Assert.Empty(attendance.Rotation.BothOut());
        Assert.True((await attendance.Rotation.NowAsync()).In(1, 'b'));
        if (exitCode == 0)
        {
            await stage.AllAreNewAsync(before, "1.1.0");
            return;
        }

        Assert.Equal(1, exitCode);
        Assert.Contains("web-1 stays frozen until a person has looked at it", run.Output, StringComparison.Ordinal);
        Assert.Empty(await stage.ClonesAsync("web-1-a"));
        Assert.Empty(await stage.ClonesAsync("web-1-b"));
    }

    [Fact]
    public async Task A_balancer_that_forgets_who_is_held_out_does_not_keep_a_run_from_its_end()
    {
        await using var stage = await LabStage.StartAsync(cloneMs: 2000);
        var before = await stage.MachinesAsync();
        await using var attendance = await stage.AttendAsync();
        using var run = stage.Run(stage.Fleet);
        await run.UntilAsync(happened => happened is IntentRecorded { Intent: Rebuild });
        await LabFixture.UntilAsync(async () => (await stage.Lab.VmAsync("web-1-a")).Power != LabPower.On);
        using var balancer = await RestartedBalancer.RestartAsync(stage, attendance);
        await run.EndsWithAsync(0);
        Assert.Empty(attendance.Rotation.BothOut());
        await stage.AllAreNewAsync(before, "1.1.0");
    }
}
