using Refresh.EndToEnd.Tests.Stage;
using Refresh.Lab.Client;
using Refresh.Orchestrator.Tests.Lab;
using Refresh.Workflows.Machines;
using Refresh.Workflows.Runs;
using Xunit;

namespace Refresh.EndToEnd.Tests;

/// <summary>Two HAProxy processes in front of one fleet: nothing is so before both say it.</summary>
public sealed class SeveralBalancerTests
{
    [Fact]
    public async Task A_fleet_behind_two_balancers_is_refreshed_and_neither_fails_a_request()
    {
        await using var stage = await LabStage.StartAsync(nodes: 2);
        var before = await stage.MachinesAsync();
        await using var first = await stage.AttendAsync();
        await using var second = await stage.AttendAsync(node: 1);
        using var run = stage.Run(stage.Fleet);
        await run.EndsWithAsync(0);

        await first.UnharmedAsync();
        await second.UnharmedAsync();
        Assert.All(before.Keys, vm => Assert.True(first.Rotation.WasOut(vm) && second.Rotation.WasOut(vm)));
        await stage.AllAreNewAsync(before, "1.1.0");
    }

    [Fact]
    public async Task A_drain_that_one_of_two_balancers_has_lost_is_noticed_and_nothing_is_rebuilt()
    {
        await using var stage = await LabStage.StartAsync(nodes: 2);
        await using var first = await stage.AttendAsync(longShare: 20, longMs: 6000);
        await using var second = await stage.AttendAsync(node: 1);
        using var run = stage.Refresh("run", stage.Write(stage.Fleet), "--yes");
        var ending = run.EndAsync();
        while (!ending.IsCompleted)
        {
            // What a reload without a state file does to that one; a drain that was not read back yet is simply given again.
            if (!(await second.Rotation.NowAsync()).In(1, 'a'))
                await second.Rotation.TellAsync("set server web/web-1-a state ready");
            await Task.WhenAny(ending, Task.Delay(100, TestContext.Current.CancellationToken));
        }

        Assert.True(await ending == 1, run.Output);
        Assert.Matches("was draining and is not any more|reads back otherwise", run.Output);
        Assert.Contains(stage.Lab.Facts.Balancers[1].Socket, run.Output, StringComparison.Ordinal);
        Assert.Empty(await stage.ClonesAsync("web-1-a"));
        Assert.Empty(await stage.ClonesAsync("web-1-b"));
        Assert.All(new[] { first, second }, node => Assert.Empty(node.Rotation.BothOut()));
        Assert.Equal(0, (await first.EndAsync()).Failed);
    }

    [Fact]
    public async Task A_run_does_not_begin_while_one_of_two_balancers_is_gone()
    {
        await using var stage = await LabStage.StartAsync(nodes: 2);
        await using var second = await stage.AttendAsync(node: 1);
        await RestartedBalancer.KillAsync(second);
        using var run = stage.Refresh("run", stage.Write(stage.Fleet), "--yes");
        await run.EndsWithAsync(4);
        Assert.Contains($"HAProxy at unix:{stage.Lab.Facts.Balancers[1].Socket} cannot be reached", run.Output, StringComparison.Ordinal);
        Assert.Contains("start HAProxy", run.Output, StringComparison.Ordinal);
        Assert.Empty(await stage.ClonesAsync("web-1-a"));
    }

    [Fact]
    public async Task A_balancer_that_is_gone_for_a_while_is_waited_for_with_the_member_held_out_at_the_other()
    {
        await using var stage = await LabStage.StartAsync(nodes: 2, cloneMs: 2000);
        var before = await stage.MachinesAsync();
        await using var first = await stage.AttendAsync();
        await using var second = await stage.AttendAsync(node: 1);
        using var run = stage.Run(stage.Fleet);
        await run.UntilAsync(happened => happened is IntentRecorded { Intent: Rebuild });
        await LabFixture.UntilAsync(async () => (await stage.Lab.VmAsync("web-1-a")).Power != LabPower.On);
        await RestartedBalancer.KillAsync(second);
        await run.UntilAsync(happened => happened is IntentRecorded { Intent: Rejoin });
        Assert.False((await first.Rotation.NowAsync()).In(1, 'a'));
        using var balancer = await RestartedBalancer.StartAsync(stage, second, 1);
        await run.EndsWithAsync(0);

        Assert.Contains(run.Events, happened => happened is MemberMoved { Member.Name: "b", Trigger: MemberTrigger.Soaked });
        await first.UnharmedAsync();
        await stage.AllAreNewAsync(before, "1.1.0");
    }
}
