using Refresh.Simulation.Faults;
using Refresh.Workflows.Machines;
using Xunit;

namespace Refresh.Simulation.Tests;

public sealed class KillTests
{
    /// <summary>One calm pair: the worker is killed before each step it takes, and another takes the run over.</summary>
    [Fact]
    public void A_worker_may_be_killed_at_every_await()
    {
        var calm = new Setting(1) { CalmPairs = 1 };
        var steps = Playing.One(calm).FirstWorkerSteps;
        Assert.True(steps > 100);
        var ended = Enumerable.Range(1, (int)steps).Select(step => (Step: step, Played: Playing.One(calm with { KillAt = step }))).Select(each => (each.Step, each.Played.Broken, each.Played.Run?.State));
        Assert.DoesNotContain(ended, each => each is not { Broken: null, State: RunState.Succeeded });
    }
}
