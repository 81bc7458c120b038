using Refresh.Orchestrator.Engine;
using Refresh.Orchestrator.Engine.Effects;
using Refresh.Simulation.Faults;
using Refresh.Workflows.Facts;
using Refresh.Workflows.Fleets;
using Refresh.Workflows.Runs;

namespace Refresh.Simulation.Bugs;

/// <summary>The image of a rebuilt VM is not looked at.</summary>
internal sealed class ImageNotProved : PlantedBug
{
    public override async Task<Outcome> CarryOutAsync(RunPorts ports, EffectDispatch effects, Intent intent, EffectContext context, CancellationToken cancellation)
    {
        if (intent is not Verify verify)
            return await base.CarryOutAsync(ports, effects, intent, context, cancellation);
        var flattering = ports with { Identity = new FlatteringGuests(ports.Identity, verify.Image) };
        var outcome = await new EffectDispatch(flattering).CarryOutAsync(intent, context, cancellation);
        return outcome is Examined { Facts: { Vm: { } vm } facts } ? new Examined(facts with { Vm = vm with { Image = null } }) : outcome;
    }
}

/// <summary>One healthy probe passes for all that are needed.</summary>
internal sealed class OneProbeIsEnough : PlantedBug
{
    public override async Task<Outcome> CarryOutAsync(RunPorts ports, EffectDispatch effects, Intent intent, EffectContext context, CancellationToken cancellation)
    {
        var policy = context.Policy with { Verify = context.Policy.Verify with { Passes = 1 } };
        var outcome = await base.CarryOutAsync(ports, effects, intent, intent is Verify ? context with { Run = context.Run with { Fleet = context.Run.Fleet with { Policy = policy } } } : context, cancellation);
        return outcome is Examined { Facts: { Passes: > 0 } facts } ? new Examined(facts with { Passes = context.Policy.Verify.Passes }) : outcome;
    }
}

/// <summary>Whatever the provisioner calls done is proved.</summary>
internal sealed class NothingProved : PlantedBug
{
    public override Task<Outcome> CarryOutAsync(RunPorts ports, EffectDispatch effects, Intent intent, EffectContext context, CancellationToken cancellation) => intent is Verify verify
        ? Task.FromResult<Outcome>(new Examined(new VerificationFacts(
            Scenario.New,
            new VmFacts(new VmIdentity("new", "new"), null, VmPower.On, "done", ports.Clock.GetUtcNow()),
            new GuestFacts(verify.Image, "new", DateTimeOffset.MaxValue, [], ports.Clock.GetUtcNow()),
            context.Policy.Verify.Passes,
            null,
            [])))
        : base.CarryOutAsync(ports, effects, intent, context, cancellation);
}

/// <summary>A guest that is the machine that was there before passes for a new one.</summary>
internal sealed class OldMachinePasses : PlantedBug
{
    public override async Task<Outcome> CarryOutAsync(RunPorts ports, EffectDispatch effects, Intent intent, EffectContext context, CancellationToken cancellation)
    {
        var outcome = await base.CarryOutAsync(ports, effects, intent is Verify verify ? verify with { GuestBefore = null } : intent, context, cancellation);
        return outcome is Examined { Facts: { Guest: { } guest } facts } ? new Examined(facts with { Guest = guest with { MachineId = "another" } }) : outcome;
    }
}

/// <summary>A rejoin is believed and not given.</summary>
internal sealed class RejoinNotGiven : PlantedBug
{
    public override async Task<Outcome> CarryOutAsync(RunPorts ports, EffectDispatch effects, Intent intent, EffectContext context, CancellationToken cancellation) => intent is Rejoin
        ? new Rejoined(await ports.Balancer.ObserveAsync(context.Member(intent.Member), cancellation))
        : await base.CarryOutAsync(ports, effects, intent, context, cancellation);
}

/// <summary>A member rejoins as soon as its rebuild is done, before it is proved.</summary>
internal sealed class RejoinBeforeProof : PlantedBug
{
    public override async Task<Outcome> CarryOutAsync(RunPorts ports, EffectDispatch effects, Intent intent, EffectContext context, CancellationToken cancellation)
    {
        var outcome = await base.CarryOutAsync(ports, effects, intent, context, cancellation);
        if (outcome is Rebuilt)
            await ports.Balancer.RejoinAsync(context.Member(intent.Member), context.Fence, cancellation);
        return outcome;
    }
}

/// <summary>A proved member is taken out of a broken rejoin as if it were back.</summary>
internal sealed class FailedRejoinPassesForOne : PlantedBug
{
    public override Workflows.Decisions.Decision Decide(Run run, Stimulus stimulus, DateTimeOffset at) => base.Decide(
        run,
        stimulus is Arrived { Outcome: Failed } arrived && run.Open.GetValueOrDefault(arrived.Intent) is Rejoin rejoin
            ? arrived with { Outcome = new Rejoined(new BalancerFacts(Rotation.In, BalancerHealth.Up, 0, true, new Endpoint(rejoin.Member.Name, 1), "believed", at)) }
            : stimulus,
        at);
}

/// <summary>A drained member is not held out before its VM is destroyed.</summary>
internal sealed class HoldNotGiven : PlantedBug
{
    public override RunPorts Ports(RunPorts ports) => ports with { Balancer = new NeverHeld(ports.Balancer) { Seen = (_, seen) => seen.Rotation == Rotation.Draining ? seen with { Rotation = Rotation.Out } : seen } };
}

/// <summary>Open sessions are not waited for.</summary>
internal sealed class SessionsNotWaitedFor : PlantedBug
{
    public override RunPorts Ports(RunPorts ports) => ports with { Balancer = new WrappedBalancer(ports.Balancer) { Seen = (_, seen) => seen with { Sessions = 0 } } };
}

/// <summary>Sessions are cut although the policy says that the member returns.</summary>
internal sealed class SessionsCutUnasked : PlantedBug
{
    public override Task<Outcome> CarryOutAsync(RunPorts ports, EffectDispatch effects, Intent intent, EffectContext context, CancellationToken cancellation)
    {
        var policy = context.Policy with { Drain = context.Policy.Drain with { OnTimeout = DrainTimeoutAction.Cut } };
        return base.CarryOutAsync(ports, effects, intent, context with { Run = context.Run with { Fleet = context.Run.Fleet with { Policy = policy } } }, cancellation);
    }
}
