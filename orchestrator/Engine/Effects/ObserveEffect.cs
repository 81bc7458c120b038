using Refresh.Workflows.Runs;

namespace Refresh.Orchestrator.Engine.Effects;

/// <summary>Waits until it is time, then looks at a pair.</summary>
internal sealed class ObserveEffect(RunPorts ports, Observer observer)
{
    public async Task<Outcome> CarryOutAsync(Observe intent, EffectContext context, CancellationToken cancellation)
    {
        await Waiting.UntilAsync(new Countdown(intent.NotBefore, context.Decided, ports.Clock), ports.Clock, cancellation);
        return new Observed(await observer.PairAsync(context.Run.Id, context.PairOf(intent.Member), intent.Member, whole: true, cancellation));
    }
}
