using Refresh.Workflows.Decisions;
using Refresh.Workflows.Runs;

namespace Refresh.Simulation.Bugs;

/// <summary>The fold over the events loses something.</summary>
internal abstract class ForgetfulFold : PlantedBug
{
    protected abstract MemberProgress Forget(MemberProgress member);

    public override Decision Decide(Run run, Stimulus stimulus, DateTimeOffset at)
    {
        var decision = base.Decide(Forget(run), stimulus, at);
        return decision with { Run = Forget(decision.Run) };
    }

    private Run Forget(Run run) => run with
    {
        Pairs = run.Pairs.SetItems(run.Pairs.Select(pair => KeyValuePair.Create(pair.Key, pair.Value with { First = Forget(pair.Value.First), Second = Forget(pair.Value.Second) }))),
    };
}

internal sealed class FoldForgetsAway : ForgetfulFold
{
    protected override MemberProgress Forget(MemberProgress member) => member with { Away = false };
}

internal sealed class FoldForgetsTouched : ForgetfulFold
{
    protected override MemberProgress Forget(MemberProgress member) => member with { Touched = false };
}

internal sealed class FoldForgetsRebuildBegan : ForgetfulFold
{
    protected override MemberProgress Forget(MemberProgress member) => member with { Intact = true };
}

internal sealed class FoldForgetsRecordedImage : ForgetfulFold
{
    protected override MemberProgress Forget(MemberProgress member) => member with { Recorded = member.Before is { Guest: not null } ? member.Before : member.Recorded };
}

internal sealed class FoldForgetsFrozenPairs : PlantedBug
{
    public override Decision Decide(Run run, Stimulus stimulus, DateTimeOffset at)
    {
        var decision = base.Decide(run with { FrozenPairs = 0, Halted = null }, stimulus, at);
        return decision with { Run = decision.Run with { FrozenPairs = 0, Halted = null } };
    }
}

/// <summary>What is said why something waits is lost on the way to the journal.</summary>
internal sealed class WaitsWithoutReason : PlantedBug
{
    public override Decision Decide(Run run, Stimulus stimulus, DateTimeOffset at) =>
        Refold.Of(run, base.Decide(run, stimulus, at), happened => happened is MemberWaits waits ? waits with { Why = [] } : happened);
}

internal sealed class FreezesWithoutReason : PlantedBug
{
    public override Decision Decide(Run run, Stimulus stimulus, DateTimeOffset at) =>
        Refold.Of(run, base.Decide(run, stimulus, at), happened => happened is PairMoved { To: Workflows.Machines.PairState.Frozen } moved ? moved with { Why = null } : happened);
}

/// <summary>A decision with other events.</summary>
internal static class Refold
{
    public static Decision Of(Run run, Decision decision, Func<RunEvent, RunEvent> change)
    {
        var events = decision.Events.Select(change).ToList();
        return new Decision(events.Aggregate(run, (folded, happened) => folded.Apply(happened, decision.Run.UpdatedAt)), events);
    }
}
