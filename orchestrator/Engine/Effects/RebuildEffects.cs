using Refresh.Workflows.Images;
using Refresh.Workflows.Ports;
using Refresh.Workflows.Reasons;
using Refresh.Workflows.Rules;
using Refresh.Workflows.Runs;

namespace Refresh.Orchestrator.Engine.Effects;

/// <summary>Previews a rebuild, carries one out, and finds out what became of one that was interrupted.</summary>
internal sealed class RebuildEffects(RunPorts ports, Observer observer)
{
    public async Task<Outcome> PreviewAsync(Preview intent, EffectContext context, CancellationToken cancellation) =>
        new Previewed(await ports.Provisioner.PreviewAsync(context.Member(intent.Member), await ImageAsync(intent.Image, cancellation), cancellation));

    public async Task<Outcome> RebuildAsync(Rebuild intent, EffectContext context, CancellationToken cancellation)
    {
        var image = await ImageAsync(intent.Image, cancellation);
        var member = context.Member(intent.Member);
        var staying = context.PairOf(intent.Member).PeerOf(intent.Member);
        var peer = await observer.ServingAsync(staying, cancellation);
        var leaving = await ports.Balancer.ObserveAsync(member, cancellation);
        while (ports.Clock.GetUtcNow() - leaving.At > context.Policy.Guard.MaxAge)
            leaving = await ports.Balancer.ObserveAsync(member, cancellation);
        var refusals = PairRule.StillOut(member, leaving).ToList();
        if (intent.MayReturn)
            refusals.AddRange(PairRule.Serving(staying, peer, ports.Clock.GetUtcNow(), context.Policy.Guard.MaxAge));
        if (refusals.Count > 0)
            return new RebuildRefused(peer, refusals) { Member = leaving };

        return new Rebuilt(await ports.Provisioner.RebuildAsync(member, image, intent.Plan, context.Fence, context.Progress, cancellation));
    }

    public async Task<Outcome> RecoverAsync(Recover intent, EffectContext context, CancellationToken cancellation)
    {
        await Waiting.UntilAsync(new Countdown(intent.NotBefore ?? context.Decided.At, context.Decided, ports.Clock), ports.Clock, cancellation);
        return new Recovered(await ports.Provisioner.RecoverAsync(context.Member(intent.Member), intent.Before, intent.Image, context.Fence, context.Progress, cancellation));
    }

    private async Task<GoldenImage> ImageAsync(ImageRef wanted, CancellationToken cancellation)
    {
        var found = await ports.Images.FindAsync(wanted.Name, wanted.Version, cancellation);
        return found.Ref == wanted
            ? found
            : throw new AdapterException(new Reason(
                "image-changed",
                $"image {wanted.Label} has other content now ({found.Ref.Digest}) than when the run was planned ({wanted.Digest})",
                "the image is restored, or published under a new version; then run again"));
    }
}
