using Polly;
using Refresh.Workflows.Runs;
using Outcome = Refresh.Workflows.Runs.Outcome;

namespace Refresh.Orchestrator.Engine.Effects;

/// <summary>Puts a member back in rotation.</summary>
internal sealed class RejoinEffect(RunPorts ports, ResiliencePipeline retry)
{
    public async Task<Outcome> CarryOutAsync(Rejoin intent, EffectContext context, CancellationToken cancellation)
    {
        var member = context.Member(intent.Member);
        await context.Fence(cancellation);
        return new Rejoined(await retry.ExecuteAsync(async token => await ports.Balancer.RejoinAsync(member, token), cancellation));
    }
}
