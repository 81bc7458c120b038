using Refresh.Orchestrator.Provisioners.Pulumi.Documents;
using Refresh.Orchestrator.Provisioners.Pulumi.Keeping;
using Refresh.Orchestrator.Provisioners.Pulumi.Stacks;
using Refresh.Workflows.Facts;
using Refresh.Workflows.Fleets;
using Refresh.Workflows.Ports;

namespace Refresh.Orchestrator.Provisioners.Pulumi.Recovery;

/// <summary>The second rung: a state that loads, that is about this pair, and whose peer is the one it was.</summary>
internal sealed class StateRung(PulumiPair pair, Keeper keeper, Member member, Rungs rungs, ByHand byHand)
{
    private const string Export = "pulumi stack export --version N --file state.json (or the .bak file beside the state, or .pulumi/backups)";

    /// <summary>Climbs it.</summary>
    /// <param name="before">The member's VM as it was seen before anything was done: a state that was kept is restored only if it knows that very VM.</param>
    /// <param name="cancellation">Ends it.</param>
    public async Task<StackView> ClimbAsync(VmFacts before, CancellationToken cancellation)
    {
        StackView view;
        try
        {
            view = await pair.ViewAsync(member, cancellation);
        }
        catch (AdapterException fault) when (fault.Reason.Code == RebuildPreview.StateDamaged)
        {
            view = await RestoredAsync(fault, before, cancellation);
        }

        CheckOthers(view);
        return view;
    }

    /// <summary>Nothing may be known to be under way but on the member, and the peer must be the VM that it was before the last update.</summary>
    public void CheckOthers(StackView view)
    {
        if (view.State.Pending.FirstOrDefault(pending => pending.Urn != view.Vm.Contract.Urn && !view.Contract.IsRule(pending.Urn)) is { } foreign)
            throw byHand.Stop("operations-pending", $"no end is known of {foreign}, which is not this member's", rungs, "pulumi stack export", $"pulumi refresh --target {foreign.Urn}");
        if (PeerBefore(view) is { } before && view.Peer.Identity != before.Identity)
            throw byHand.Stop("peer-changed", $"its peer is {view.Peer.Identity?.ToString() ?? "gone"} now, and was {before.Identity} before the last update", rungs, "pulumi stack export");
    }

    private MemberVm? PeerBefore(StackView view)
    {
        try
        {
            return keeper.Latest(pair.Kept) is { } kept
                && MemberVm.Of(view.Contract, view.Peer.Contract, StackState.Parse(File.ReadAllText(kept.Path))) is { Identity: not null } peer
                ? peer
                : null;
        }
        catch (DocumentException)
        {
            return null;
        }
    }

    private async Task<StackView> RestoredAsync(AdapterException fault, VmFacts before, CancellationToken cancellation)
    {
        rungs.Add($"the state of stack {pair.Stack.Name} does not load: {fault.Reason.Text}");
        if (keeper.Latest(pair.Kept) is not { } kept)
            throw byHand.Stop(RebuildPreview.StateDamaged, "no state was kept that could be restored", rungs, Export, "pulumi stack import --file state.json");
        var known = await KnownAsync(kept, cancellation);
        if (known.Vm.Identity != before.Identity)
            throw byHand.Stop(
                RebuildPreview.StateDamaged,
                $"the {kept} is too old to be restored: in it the VM is {known.Vm.Identity?.ToString() ?? "none"}, and {before.Identity?.ToString() ?? "none"} was seen since",
                rungs, Export, "pulumi stack import --file state.json");
        await pair.Stack.RestoreAsync(kept.Path, cancellation);
        rungs.Add($"restored the {kept}");
        return await pair.ViewAsync(member, cancellation);
    }

    private async Task<StackView> KnownAsync(KeptState kept, CancellationToken cancellation)
    {
        var text = await File.ReadAllTextAsync(kept.Path, cancellation);
        return await pair.ViewAsync(member, StackState.Parse(text), text, cancellation);
    }
}
