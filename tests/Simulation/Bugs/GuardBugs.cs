using Refresh.Orchestrator.Engine;
using Refresh.Orchestrator.Engine.Effects;
using Refresh.Workflows.Decisions;
using Refresh.Workflows.Facts;
using Refresh.Workflows.Runs;

namespace Refresh.Simulation.Bugs;

/// <summary>The pair rule does not ask something of the peer: not when it decides, not before the drain, not before the rebuild.</summary>
internal abstract class BlindGuard : PlantedBug
{
    protected virtual BalancerFacts Balancer(BalancerFacts seen) => seen;

    protected virtual bool ProbePasses => false;

    public override Decision Decide(Run run, Stimulus stimulus, DateTimeOffset at) => base.Decide(
        run,
        stimulus is Arrived { Outcome: Observed { Facts: { } facts } } arrived ? arrived with { Outcome = new Observed(facts with { Peer = Blind(facts.Peer) }) } : stimulus,
        at);

    public override Task<Outcome> CarryOutAsync(RunPorts ports, EffectDispatch effects, Intent intent, EffectContext context, CancellationToken cancellation)
    {
        if (intent is not (Drain or Rebuild or WatchPeer))
            return base.CarryOutAsync(ports, effects, intent, context, cancellation);
        var blind = ports with
        {
            Balancer = new WrappedBalancer(ports.Balancer) { Seen = (member, seen) => member.Id == intent.Member ? seen : Balancer(seen) },
            Probe = new WrappedProbe(ports.Probe, member => ProbePasses && member.Id != intent.Member),
        };
        return new EffectDispatch(blind).CarryOutAsync(intent, context, cancellation);
    }

    private MemberFacts Blind(MemberFacts seen) => seen with
    {
        Balancer = seen.Balancer is { } balancer ? Balancer(balancer) : null,
        Probe = ProbePasses && seen.Probe is { } probe ? probe with { Healthy = true } : seen.Probe,
    };
}

internal sealed class PeerRotationNotAsked : BlindGuard
{
    protected override BalancerFacts Balancer(BalancerFacts seen) => seen with { Rotation = Rotation.In, FullShare = true };
}

internal sealed class PeerCheckNotAsked : BlindGuard
{
    protected override BalancerFacts Balancer(BalancerFacts seen) => seen with { Health = BalancerHealth.Up };
}

internal sealed class PeerProbeNotAsked : BlindGuard
{
    protected override bool ProbePasses => true;
}

internal sealed class ClaimNotAsked : PlantedBug
{
    public override Workflows.Ports.IRunJournal Journal(Workflows.Ports.IRunJournal journal) => new Unclaimed(journal);

    private sealed class Unclaimed(Workflows.Ports.IRunJournal inner) : WrappedJournal(inner), Workflows.Ports.IRunJournal
    {
        Task<string?> Workflows.Ports.IRunJournal.ClaimantAsync(IReadOnlyList<string> claims, string except, CancellationToken cancellation) => Task.FromResult<string?>(null);
    }
}

/// <summary>A drain that is taken up again after a crash trusts what was decided before it.</summary>
internal sealed class DrainNotCheckedAgain : PlantedBug
{
    public override Task<Outcome> CarryOutAsync(RunPorts ports, EffectDispatch effects, Intent intent, EffectContext context, CancellationToken cancellation) => intent is Drain
        ? new EffectDispatch(ports with
        {
            Balancer = new WrappedBalancer(ports.Balancer) { Seen = (member, seen) => member.Id == intent.Member ? seen : seen with { Rotation = Rotation.In, FullShare = true, Health = BalancerHealth.Up } },
            Probe = new WrappedProbe(ports.Probe, _ => true),
        }).CarryOutAsync(intent, context, cancellation)
        : base.CarryOutAsync(ports, effects, intent, context, cancellation);
}

/// <summary>A member is not read once more before its VM is destroyed.</summary>
internal sealed class RotationNotReadBeforeRebuild : PlantedBug
{
    public override Task<Outcome> CarryOutAsync(RunPorts ports, EffectDispatch effects, Intent intent, EffectContext context, CancellationToken cancellation) => intent is Rebuild
        ? new EffectDispatch(ports with { Balancer = new WrappedBalancer(ports.Balancer) { Seen = (member, seen) => member.Id == intent.Member ? seen with { Rotation = Rotation.Out } : seen } })
            .CarryOutAsync(intent, context, cancellation)
        : base.CarryOutAsync(ports, effects, intent, context, cancellation);
}

internal sealed class PeerNotWatched : PlantedBug
{
    public override async Task<Outcome> CarryOutAsync(RunPorts ports, EffectDispatch effects, Intent intent, EffectContext context, CancellationToken cancellation)
    {
        if (intent is WatchPeer)
            await Task.Delay(Timeout.InfiniteTimeSpan, ports.Clock, cancellation);
        return await base.CarryOutAsync(ports, effects, intent, context, cancellation);
    }
}

internal sealed class SoakSkipped : PlantedBug
{
    public override Task<Outcome> CarryOutAsync(RunPorts ports, EffectDispatch effects, Intent intent, EffectContext context, CancellationToken cancellation) =>
        intent is Soak ? Task.FromResult<Outcome>(new Watched([], [], 1)) : base.CarryOutAsync(ports, effects, intent, context, cancellation);
}

/// <summary>On the way back nothing soaks.</summary>
internal sealed class NoSoakOnTheWayBack : PlantedBug
{
    public override Task<Outcome> CarryOutAsync(RunPorts ports, EffectDispatch effects, Intent intent, EffectContext context, CancellationToken cancellation) =>
        intent is Soak && context.Run.GoingBack ? Task.FromResult<Outcome>(new Watched([], [], 1)) : base.CarryOutAsync(ports, effects, intent, context, cancellation);
}

internal sealed class PlanNotGuarded : PlantedBug
{
    public override Decision Decide(Run run, Stimulus stimulus, DateTimeOffset at) => base.Decide(
        run,
        stimulus is Arrived { Outcome: Previewed { Preview: { } preview } } arrived ? arrived with { Outcome = new Previewed(preview with { Steps = [preview.Steps[0]] }) } : stimulus,
        at);
}
