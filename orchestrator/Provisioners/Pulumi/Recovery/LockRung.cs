using Refresh.Orchestrator.Provisioners.Pulumi.Cli;
using Refresh.Orchestrator.Provisioners.Pulumi.Documents;
using Refresh.Orchestrator.Provisioners.Pulumi.Stacks;

namespace Refresh.Orchestrator.Provisioners.Pulumi.Recovery;

/// <summary>The first rung: nobody works on the stack any more. Who lives is waited for; only who is proved dead loses the lock, after what it left running was ended.</summary>
internal sealed class LockRung(PulumiPair pair, LockFiles files, string mark, Rungs rungs, ByHand byHand, TimeProvider clock)
{
    private static readonly TimeSpan s_pause = TimeSpan.FromSeconds(1);
    private const int LooksAtDamage = 5;
    private const int MostClears = 3;
    private int _cleared;

    /// <summary>Climbs it, by the lock files where they can be read.</summary>
    public async Task ClimbAsync(CancellationToken cancellation)
    {
        for (var damaged = 0; ;)
        {
            IReadOnlyList<StackLock> locks;
            try
            {
                locks = files.Read();
            }
            catch (DocumentException fault)
            {
                // It may be in the midst of being written.
                if (++damaged == LooksAtDamage)
                    throw byHand.Stop("lock-damaged", fault.Message, rungs, "pulumi cancel --yes");
                await PauseAsync([], cancellation);
                continue;
            }

            if (await ClearedAsync(locks, cancellation))
                return;
        }
    }

    /// <summary>Deals with the holders that a refused command named.</summary>
    public async Task ClimbAsync(Completion refused, CancellationToken cancellation)
    {
        if (files.CanBeRead)
            await ClimbAsync(cancellation);
        else if (StackLock.InMessage(refused.Said) is { Count: > 0 } locks)
            await ClearedAsync(locks, cancellation);
        else
            await WaitAsync($"stack {pair.Stack.Name} is locked by another update: {Failures.Words(refused.Said)}", ["pulumi cancel --yes"], cancellation);
    }

    /// <summary>One look; true when nothing stands in the way.</summary>
    private async Task<bool> ClearedAsync(IReadOnlyList<StackLock> locks, CancellationToken cancellation)
    {
        var holders = locks.Select(LockHolder.Of).ToList();
        if (holders.Find(holder => holder.State == HolderState.Elsewhere) is { } elsewhere)
            throw byHand.Stop("stack-locked", $"stack {pair.Stack.Name} is locked by {elsewhere.Evidence}", rungs, $"ssh {elsewhere.Lock.Host} ps -p {elsewhere.Lock.Pid}", "pulumi cancel --yes");
        if (holders.Find(holder => holder.State == HolderState.Alive) is { } alive)
        {
            await WaitAsync($"waiting: the lock of stack {pair.Stack.Name} is held by {alive.Evidence}", [$"ps -p {alive.Lock.Pid}"], cancellation);
            return false;
        }

        if (Leftovers.Commands(mark) is [var command, ..])
        {
            await WaitAsync($"waiting: {command} works on stack {pair.Stack.Name}", [$"ps -p {command.Pid}"], cancellation);
            return false;
        }

        await EndLeftoversAsync(cancellation);
        if (holders.Count == 0)
            return true;
        if (_cleared++ == MostClears)
            throw byHand.Stop("stack-locked", $"the lock of stack {pair.Stack.Name} does not go away", rungs, "pulumi cancel --yes");
        rungs.Add($"the lock of stack {pair.Stack.Name} is held by nobody alive: {string.Join("; ", holders.Select(holder => holder.Evidence))}");
        await pair.Stack.CancelAsync(cancellation);
        rungs.Add($"cleared the lock of stack {pair.Stack.Name}");
        return !files.CanBeRead;
    }

    private async Task EndLeftoversAsync(CancellationToken cancellation)
    {
        foreach (var process in Leftovers.Find(mark))
        {
            await pair.Stack.Fence(cancellation);
            Processes.Kill(process.Pid);
            rungs.Add($"ended {process}, left over from a command that is gone");
        }
    }

    private async Task WaitAsync(string why, string[] commands, CancellationToken cancellation)
    {
        rungs.Wait(why);
        await PauseAsync(commands, cancellation);
    }

    private async Task PauseAsync(string[] commands, CancellationToken cancellation)
    {
        try
        {
            await Task.Delay(s_pause, clock, cancellation);
        }
        catch (OperationCanceledException)
        {
            throw byHand.Stop("stack-locked", "the time for the recovery is up, and the stack is still locked", rungs, commands);
        }
    }
}
