using Refresh.Workflows.Runs;

namespace Refresh.Orchestrator.Engine.Effects;

/// <summary>Puts a member back in rotation. It may be given again without harm, and a member that is out costs capacity: it is tried until the deadline.</summary>
internal sealed class RejoinEffect(RunPorts ports)
{
    private static readonly TimeSpan s_pause = TimeSpan.FromMilliseconds(500);

    public async Task<Outcome> CarryOutAsync(Rejoin intent, EffectContext context, CancellationToken cancellation) =>
        new Rejoined(await Insistence.UntilAsync(intent.Deadline, s_pause, context, ports.Clock, () => ports.Balancer.RejoinAsync(context.Member(intent.Member), context.Fence, cancellation), cancellation));
}
