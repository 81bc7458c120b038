using Refresh.Orchestrator.Engine.Effects;
using Refresh.Workflows.Decisions;
using Refresh.Workflows.Runs;

namespace Refresh.Orchestrator.Engine;

/// <summary>What a worker decides and acts with. Only the simulation puts something else in its place: bugs, to see that it finds them.</summary>
internal class Workings
{
    public virtual Decision Decide(Run run, Stimulus stimulus, DateTimeOffset at) => RunDecisions.Decide(run, stimulus, at);

    public virtual Task<Outcome> CarryOutAsync(RunPorts ports, EffectDispatch effects, Intent intent, EffectContext context, CancellationToken cancellation) =>
        effects.CarryOutAsync(intent, context, cancellation);
}
