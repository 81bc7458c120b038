using Refresh.Orchestrator.Provisioners.Pulumi.Keeping;
using Refresh.Orchestrator.Provisioners.Pulumi.Stacks;
using Refresh.Workflows.Facts;
using Refresh.Workflows.Ports;

namespace Refresh.Orchestrator.Provisioners.Pulumi.Recovery;

/// <summary>
/// What is done after an interrupted or failed rebuild, rung by rung (reference: pulumi-cli, sections 3 and 6). The peer is never a
/// target. It does not rebuild: what the next rebuild must force is seen in the state by its preview.
/// </summary>
internal sealed class Ladder(PulumiPair pair, Keeper keeper, LockRung locks, StateRung states, CloudRung cloud, OrphanRung orphans, Rungs rungs, TimeProvider clock)
{
    public async Task<RebuildRecovery> ClimbAsync(VmFacts before, CancellationToken cancellation)
    {
        await locks.ClimbAsync(cancellation);
        var interrupted = await states.ClimbAsync(before, cancellation);
        var now = interrupted;
        if (interrupted.Vm is { IsHalfMade: true, Pending.Count: 0 })
        {
            // Reading it anew would forget that it never came up.
            rungs.Add($"{interrupted.Vm.HalfMade}: it is left as it is, and the next rebuild replaces it");
        }
        else
        {
            if (interrupted.Vm.Resource is not null || interrupted.State.Pending.Count > 0)
                await cloud.ClimbAsync(interrupted, cancellation);
            now = await states.ClimbAsync(before, cancellation);
            if (!now.Vm.Exists && orphans.Suspicion(interrupted) is { } suspicion)
            {
                await orphans.ClimbAsync(now, suspicion, cancellation);
                now = await states.ClimbAsync(before, cancellation);
            }
        }

        var fate = Fate(before, now.Vm);
        if (!now.HasRule)
            rungs.Add("the rule that keeps the two VMs apart is not there; the next rebuild makes it again");
        if (fate == RebuildFate.Untouched && now.Vm.Image is { } made)
            await UndoAsync(now, made, cancellation);
        var facts = now.Vm.Facts(clock.GetUtcNow());
        rungs.Add($"{Seen(facts)}; before {before.Identity?.ToString() ?? "there was none"}");
        if (keeper.Latest(pair.Kept) is { } kept)
            rungs.Add($"to go back to: {kept}");
        return new RebuildRecovery(fate, facts, rungs.All);
    }

    private static RebuildFate Fate(VmFacts before, MemberVm vm) =>
        vm.Identity is null || vm.IsHalfMade ? RebuildFate.Gone
        : vm.Identity != before.Identity ? RebuildFate.Happened
        : vm.Facts(default).Power == VmPower.On ? RebuildFate.Untouched
        : RebuildFate.Gone;

    private static string Seen(VmFacts vm) => vm.Identity is { } identity ? $"the VM is {identity}, {vm.Power}" : "there is no VM";

    /// <summary>Where nothing was done, the configuration must not go on asking for it.</summary>
    private async Task UndoAsync(StackView view, string made, CancellationToken cancellation)
    {
        var key = $"{pair.Project}:{view.Vm.Contract.ImageKey}";
        if ((await pair.Stack.ConfigAsync(cancellation)).Values.GetValueOrDefault(key) == made)
            return;
        await pair.Stack.SetConfigAsync(key, made, cancellation);
        rungs.Add($"set {key} back to {made}, which the VM was made from");
    }
}
