using Refresh.Orchestrator.Engine;
using Refresh.Orchestrator.Engine.Effects;
using Refresh.Workflows.Decisions;
using Refresh.Workflows.Fleets;
using Refresh.Workflows.Runs;

namespace Refresh.Simulation.Bugs;

/// <summary>It is decided by another policy than the fleet's.</summary>
internal abstract class OtherPolicy : PlantedBug
{
    protected abstract RefreshPolicy Change(RefreshPolicy policy);

    public override Decision Decide(Run run, Stimulus stimulus, DateTimeOffset at)
    {
        var decision = base.Decide(run with { Fleet = run.Fleet with { Policy = Change(run.Fleet.Policy) } }, stimulus, at);
        return decision with { Run = decision.Run with { Fleet = run.Fleet } };
    }
}

/// <summary>Nobody has to approve.</summary>
internal sealed class ApprovalSkipped : OtherPolicy
{
    protected override RefreshPolicy Change(RefreshPolicy policy) => policy with { ApprovalRequired = false };
}

/// <summary>No number of frozen pairs ends a run.</summary>
internal sealed class BudgetIgnored : OtherPolicy
{
    protected override RefreshPolicy Change(RefreshPolicy policy) => policy with { FailureBudget = new FailureBudget { Pairs = int.MaxValue, Members = int.MaxValue } };
}

internal sealed class TooManyPairsAtOnce : OtherPolicy
{
    protected override RefreshPolicy Change(RefreshPolicy policy) => policy with { Waves = policy.Waves with { MaxPairsAtOnce = policy.Waves.MaxPairsAtOnce + 1 } };
}

/// <summary>What is to bake is not watched.</summary>
internal sealed class BakeSkipped : PlantedBug
{
    public override Task<Outcome> CarryOutAsync(RunPorts ports, EffectDispatch effects, Intent intent, EffectContext context, CancellationToken cancellation) =>
        intent is Bake ? Task.FromResult<Outcome>(new Watched([], [], 1)) : base.CarryOutAsync(ports, effects, intent, context, cancellation);
}
