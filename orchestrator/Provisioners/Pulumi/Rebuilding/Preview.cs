using Refresh.Orchestrator.Provisioners.Pulumi.Guarding;
using Refresh.Orchestrator.Provisioners.Pulumi.Keeping;
using Refresh.Orchestrator.Provisioners.Pulumi.Stacks;
using Refresh.Workflows.Fleets;
using Refresh.Workflows.Images;
using Refresh.Workflows.Ports;

namespace Refresh.Orchestrator.Provisioners.Pulumi.Rebuilding;

/// <summary>Previews a rebuild: keeps the state, sets the image while pulumi plans, and puts the configuration back.</summary>
internal sealed class Preview(PulumiPair pair, Keeper keeper, TimeProvider clock)
{
    public async Task<RebuildPreview> RunAsync(Member member, GoldenImage image, CancellationToken cancellation)
    {
        var view = await pair.ViewAsync(member, cancellation);
        if (view.State.Pending.Count > 0)
            throw Refusals.Unfinished(member, view, pair.Stack.Name);
        var kept = await keeper.KeepAsync(pair.Kept, view.Text, cancellation);
        var target = new Target(view.Vm.Contract.Urn, view.Vm.MustBeForced(image.Location));
        var plan = keeper.NewPlan(pair.Kept);
        var config = await ImageConfig.SetAsync(pair.Stack, pair.Project, view.Vm.Contract, image, cancellation);
        try
        {
            var preview = await pair.Stack.PreviewAsync(target, plan, null, cancellation);
            var token = new PlanToken(plan, Keeper.Digest(await File.ReadAllBytesAsync(plan, cancellation)), target.Forced, image.Location);
            var before = view.Vm.Facts(clock.GetUtcNow());
            return new RebuildPreview(token.ToString(), Subjects.Of(preview, view.Contract, view.Vm.Contract), before with { Detail = $"{before.Detail}; {kept}" })
            {
                Kept = [new KeptFile(kept.Path, kept.Digest)],
            };
        }
        finally
        {
            await config.UndoAsync();
        }
    }
}
