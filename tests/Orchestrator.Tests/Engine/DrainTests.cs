using Refresh.Workflows.Facts;
using Refresh.Workflows.Fleets;
using Refresh.Workflows.Machines;
using Refresh.Workflows.Runs;
using Xunit;

namespace Refresh.Orchestrator.Tests.Engine;

/// <summary>A drain whose looks fail or hang is told by its deadline and by what the policy says then.</summary>
public sealed class DrainTests
{
    [Fact]
    public async Task A_look_that_hangs_until_the_deadline_cuts_what_is_open_where_the_policy_says_so()
    {
        var stage = await Stage(DrainTimeoutAction.Cut);
        stage.World.WhileDraining = HangAsync;
        Assert.Equal(RunState.Succeeded, (await stage.WorkAsync()).State);
        Assert.True(stage.World.Cut);
        Assert.Contains((await stage.HistoryAsync()).Entries, entry => entry.Event is OutcomeRecorded { Outcome: Drained { Cut: 1 } });
    }

    [Fact]
    public async Task A_look_that_hangs_until_the_deadline_returns_the_member_where_the_policy_says_so()
    {
        var stage = await Stage(DrainTimeoutAction.Return);
        stage.World.WhileDraining = HangAsync;
        var run = await stage.WorkAsync();
        Assert.Equal((RunState.Failed, "drain-timeout"), (run.State, run.Pairs["web-1"].Why?.Code));
        Assert.All(run.Pairs["web-1"].Members, member => Assert.False(member.Away));
    }

    [Fact]
    public async Task A_balancer_that_cannot_be_read_for_a_while_is_looked_at_again_until_the_deadline()
    {
        var stage = await new WorkerStage().PlanAsync();
        var looks = 0;
        stage.World.WhileDraining = _ => Interlocked.Increment(ref looks) <= 8 ? throw StillWorld.Away("the balancer") : Task.FromResult<BalancerFacts?>(null);
        Assert.Equal(RunState.Succeeded, (await stage.WorkAsync()).State);
        Assert.False(stage.World.Cut);
        Assert.Empty(await stage.FailuresAsync());
    }

    [Fact]
    public async Task A_member_that_serves_after_all_is_looked_at_again_before_it_drains()
    {
        var stage = await new WorkerStage().PlanAsync();
        var (a, serves) = (new MemberId("web-1", "a"), false);
        stage.World.Passing = member => member.Id != a || serves;
        var run = await stage.WorkAsync(run => serves |= run.Get(a).State == MemberState.Draining);
        Assert.Equal(RunState.Succeeded, run.State);
        Assert.Contains((await stage.HistoryAsync()).Entries, entry => entry.Event is OutcomeRecorded { Outcome: DrainRefused { Refusals: [{ Code: "member-changed" }] } });
    }

    private static async Task<BalancerFacts?> HangAsync(CancellationToken cancellation)
    {
        await Task.Delay(Timeout.Infinite, cancellation);
        return null;
    }

    private static Task<WorkerStage> Stage(DrainTimeoutAction onTimeout)
    {
        var stage = new WorkerStage();
        return new WorkerStage { Policy = stage.Policy with { Drain = new DrainPolicy { Timeout = TimeSpan.FromMilliseconds(300), Interval = TimeSpan.FromMilliseconds(10), OnTimeout = onTimeout } } }.PlanAsync();
    }
}
