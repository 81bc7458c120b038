using Refresh.Orchestrator.Provisioners.Pulumi.Cli;
using Refresh.Orchestrator.Provisioners.Pulumi.Documents;
using Refresh.Orchestrator.Provisioners.Pulumi.Stacks;

namespace Refresh.Orchestrator.Provisioners.Pulumi.Recovery;

/// <summary>The third rung: the state of the member's VM is read anew from the cloud, and what was begun and never ended is cleared. A cloud that does not answer is waited for.</summary>
internal sealed class CloudRung(PulumiPair pair, LockRung locks, Rungs rungs, ByHand byHand, TimeProvider clock)
{
    private static readonly TimeSpan s_pause = TimeSpan.FromSeconds(3);

    public async Task ClimbAsync(StackView view, CancellationToken cancellation)
    {
        var urn = view.Vm.Contract.Urn;
        var pending = view.State.Pending;
        if (pending.Count > 0)
            rungs.Add($"no end is known of: {string.Join(", ", pending)}");
        await AnsweredAsync(() => pair.Stack.RefreshAsync(urn, pending.Count > 0, cancellation), $"refresh --target {urn}", cancellation);
        rungs.Add($"read {Urns.Name(urn)} anew from the cloud{(pending.Count > 0 ? ", and cleared what was pending" : string.Empty)}");
    }

    /// <summary>Asks until the cloud answers; a lock in the way is dealt with. A refusal of another kind is for a person.</summary>
    private async Task AnsweredAsync(Func<Task<Completion>> ask, string command, CancellationToken cancellation)
    {
        while (true)
        {
            var completion = await ask();
            if (completion.Succeeded)
                return;
            if (StackLock.Refused(completion.Said))
                await locks.ClimbAsync(completion, cancellation);
            else if (Failures.IsUnreachable(completion.Said))
                await PauseAsync(Failures.Words(completion.Said), command, cancellation);
            else
                throw byHand.Stop("refresh-failed", Failures.Of(completion).Reason.Text, rungs, $"pulumi {command}");
        }
    }

    /// <summary>Waits for the cloud to answer.</summary>
    public async Task PauseAsync(string why, string command, CancellationToken cancellation)
    {
        rungs.Wait($"waiting: the cloud does not answer: {why}");
        try
        {
            await Task.Delay(s_pause, clock, cancellation);
        }
        catch (OperationCanceledException)
        {
            throw byHand.Stop("provisioner-unreachable", "the time for the recovery is up, and the cloud does not answer; the member stays out of rotation", rungs, $"pulumi {command}");
        }
    }
}
