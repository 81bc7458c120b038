using Refresh.Orchestrator.Provisioners.Pulumi.Cli;
using Refresh.Orchestrator.Provisioners.Pulumi.Documents;
using Refresh.Orchestrator.Provisioners.Pulumi.Keeping;
using Refresh.Orchestrator.Provisioners.Pulumi.Rebuilding;
using Refresh.Orchestrator.Provisioners.Pulumi.Stacks;

namespace Refresh.Orchestrator.Provisioners.Pulumi.Recovery;

/// <summary>
/// The fourth rung, where the VM is gone: one that was begun may have been finished behind Pulumi's back, and its name would then
/// stand in the way. It is taken into the state, so that the next rebuild, which is forced on a VM that was imported, deletes it first.
/// </summary>
internal sealed class OrphanRung(PulumiPair pair, Keeper keeper, CloudRung cloud, Rungs rungs, ByHand byHand, TimeSpan patience, TimeProvider clock)
{
    private static readonly TimeSpan s_pause = TimeSpan.FromSeconds(2);

    /// <summary>Whether there may be an orphan, and why.</summary>
    public string? Suspicion(StackView interrupted)
    {
        var member = interrupted.Vm.Contract;
        if (interrupted.Vm.Pending.Any(pending => pending.Kind == "creating"))
            return "its creation was interrupted";
        if (keeper.LatestEvents(pair.Kept) is not { } log)
            return null;
        var heard = new UpProgress(member, clock);
        foreach (var told in EventLog.Whole(log))
            heard.Hear(told);
        return !heard.CreateBegun ? null
            : !heard.CreateEnded ? "its creation was begun, and no end of it was told"
            : heard.Errors.FirstOrDefault(error => Failures.IsDuplicate(error) || Failures.IsUnreachable(error)) is { } error ? $"its creation failed with: {Failures.Words(error)}"
            : null;
    }

    public async Task ClimbAsync(StackView view, string suspicion, CancellationToken cancellation)
    {
        var member = view.Vm.Contract;
        var name = Urns.Name(member.Urn);
        rungs.Add($"{name} is gone, and there may be a VM of its name that no state knows: {suspicion}");
        if (member.ImportId is not { } id)
            throw byHand.Stop("orphan-unknown", "the stack gives no importId, so that VM can only be found by a person", rungs, "look in the cloud for a VM of the member's name, and delete it if there is one");
        if (view.Vm.Resource is not null)
        {
            await pair.Stack.ForgetAsync(member.Urn, cancellation);
            rungs.Add($"took the deleted {name}, and what depends on it, out of the state");
        }

        await ImportAsync(member.Urn, id, cancellation);
    }

    private async Task ImportAsync(string urn, string id, CancellationToken cancellation)
    {
        var began = clock.GetTimestamp();
        while (true)
        {
            var completion = await pair.Stack.ImportAsync(urn, id, cancellation);
            if (completion.Succeeded)
            {
                rungs.Add($"found {id} and imported it: the next rebuild deletes it first");
                return;
            }

            if (Failures.IsUnreachable(completion.Said))
                await cloud.PauseAsync(Failures.Words(completion.Said), $"import {Urns.Type(urn)} {Urns.Name(urn)} {id} --generate-code=false --protect=false", cancellation);
            else if (clock.GetElapsedTime(began) > patience)
            {
                rungs.Add($"there is no {id}: {Failures.Words(completion.Said)}");
                return;
            }
            else
            {
                rungs.Wait($"looking for {id}, for {patience.TotalSeconds:0} s");
                await Task.Delay(s_pause, clock, cancellation);
            }
        }
    }
}
