using Refresh.Orchestrator.Engine;
using Refresh.Orchestrator.Engine.Effects;
using Refresh.Workflows.Decisions;
using Refresh.Workflows.Facts;
using Refresh.Workflows.Runs;

namespace Refresh.Simulation.Bugs;

/// <summary>A member whose looks were lost is taken for one that does not serve, and its drain does not look again.</summary>
internal sealed class LostLookTakenForBad : PlantedBug
{
    public override Decision Decide(Run run, Stimulus stimulus, DateTimeOffset at) => base.Decide(
        run,
        stimulus is Arrived { Outcome: Observed { Facts: { Member: { Balancer: null } lost } facts } } arrived
            ? arrived with { Outcome = new Observed(facts with { Member = lost with { Balancer = Bad(run, lost, at) } }) }
            : stimulus,
        at);

    public override Task<Outcome> CarryOutAsync(RunPorts ports, EffectDispatch effects, Intent intent, EffectContext context, CancellationToken cancellation)
    {
        if (intent is not Drain || context.Run.Get(intent.Member).Before is not { Serves: false })
            return base.CarryOutAsync(ports, effects, intent, context, cancellation);
        var blind = ports with { Balancer = new WrappedBalancer(ports.Balancer) { Seen = (member, seen) => member.Id == intent.Member ? seen with { Health = BalancerHealth.Down } : seen } };
        return new EffectDispatch(blind).CarryOutAsync(intent, context, cancellation);
    }

    private static BalancerFacts Bad(Run run, MemberFacts lost, DateTimeOffset at) =>
        new(Rotation.In, BalancerHealth.Down, 0, false, run.Fleet.Members().Single(member => member.Id == lost.Id).Address, "not seen", at);
}
