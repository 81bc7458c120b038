using Refresh.Workflows.Rules;
using Refresh.Workflows.Runs;

namespace Refresh.Orchestrator.Engine.Effects;

/// <summary>Powers off a proved VM that was found off, while its member is held out. It may be done again without harm: it is tried until the deadline.</summary>
internal sealed class PowerOffEffect(RunPorts ports)
{
    private static readonly TimeSpan s_pause = TimeSpan.FromSeconds(1);

    public Task<Outcome> CarryOutAsync(PowerOff intent, EffectContext context, CancellationToken cancellation) =>
        Insistence.UntilAsync(intent.Deadline, s_pause, context, ports.Clock, () => OnceAsync(intent, context, cancellation), cancellation);

    private async Task<Outcome> OnceAsync(PowerOff intent, EffectContext context, CancellationToken cancellation)
    {
        var member = context.Member(intent.Member);
        if (PairRule.StillOut(member, await ports.Balancer.ObserveAsync(member, cancellation)).FirstOrDefault() is { } refusal)
            return new Failed(refusal, false);
        await context.Fence(cancellation);
        return new PoweredOff(await ports.Provisioner.PowerOffAsync(member, intent.Vm, context.Progress, cancellation));
    }
}
