using System.Runtime.CompilerServices;
using Refresh.Simulation.Faults;
using Refresh.Simulation.Time;
using Refresh.Workflows.Journal;
using Refresh.Workflows.Ports;
using Refresh.Workflows.Runs;

namespace Refresh.Simulation.World;

/// <summary>The journal as a worker reaches it: slow at times, unavailable at times, and at times it has written what it did not acknowledge.</summary>
internal sealed class SimulatedJournal(SimulatedWorld world) : IRunJournal
{
    private static readonly TimeSpan s_patience = TimeSpan.FromSeconds(2);

    private JournalStore Store => world.Journal;

    public async Task<Lease> AcquireAsync(string fleet, string worker, TimeSpan duration, CancellationToken cancellation)
    {
        var lease = await CallAsync(true, () => Store.Acquire(fleet, worker, duration), cancellation);
        ((Process)SynchronizationContext.Current!).Epoch = lease.Epoch;
        return lease;
    }

    public async Task<Lease> SucceedAsync(Lease silent, string worker, TimeSpan duration, CancellationToken cancellation)
    {
        var lease = await CallAsync(true, () => Store.Succeed(silent, worker, duration), cancellation);
        ((Process)SynchronizationContext.Current!).Epoch = lease.Epoch;
        return lease;
    }

    public Task<Lease> RenewAsync(Lease lease, TimeSpan duration, CancellationToken cancellation) =>
        CallAsync(true, () => Store.Renew(lease, duration), cancellation);

    public Task ReleaseAsync(Lease lease, CancellationToken cancellation) =>
        CallAsync(true, () =>
        {
            Store.Release(lease);
            return true;
        }, cancellation);

    public Task CreateAsync(Lease lease, RunHead head, IReadOnlyList<string> claims, IReadOnlyList<JournalEntry> entries, CancellationToken cancellation) =>
        CallAsync(true, () =>
        {
            Store.Create(lease, head, entries);
            return true;
        }, cancellation);

    public Task AppendAsync(Lease lease, RunHead head, long expected, IReadOnlyList<JournalEntry> entries, IReadOnlyList<string> answered, CancellationToken cancellation) =>
        CallAsync(true, () =>
        {
            Store.Append(lease, head, expected, entries, answered);
            return true;
        }, cancellation);

    public async IAsyncEnumerable<JournalEntry> ReadAsync(string run, long after, [EnumeratorCancellation] CancellationToken cancellation)
    {
        // What is read is what was written: each event goes through the journal's format.
        foreach (var entry in await CallAsync(false, () => Store.Entries.Skip((int)after).ToList(), cancellation))
            yield return entry with { Event = JournalFormat.Read(JournalFormat.Write(entry.Event)) };
    }

    public Task<IReadOnlyList<RunHead>> RunsAsync(string? fleet, int limit, CancellationToken cancellation) =>
        CallAsync<IReadOnlyList<RunHead>>(false, () => Store.Head is { } head ? [head] : [], cancellation);

    public Task<IReadOnlyList<RunHead>> RunsBeforeAsync(string? fleet, string before, int limit, CancellationToken cancellation) =>
        Task.FromResult<IReadOnlyList<RunHead>>([]);

    public Task<IReadOnlyList<RunHead>> UnsettledAsync(CancellationToken cancellation) =>
        CallAsync<IReadOnlyList<RunHead>>(false, () => Store.Head is { } head && (!head.Finished || Store.Unanswered.Count > 0) ? [head] : [], cancellation);

    public Task<RunHead?> FindAsync(string run, CancellationToken cancellation) => CallAsync(false, () => Store.Head, cancellation);

    public Task<string?> ClaimantAsync(IReadOnlyList<string> claims, string except, CancellationToken cancellation) =>
        CallAsync(false, () => world.Claimed.Count > 0 && claims.Any(claim => world.Claimed.ContainsKey(claim[..claim.LastIndexOf('-')])) ? "run-0" : null, cancellation);

    public Task SubmitAsync(RunRequest request, CancellationToken cancellation) =>
        CallAsync(true, () =>
        {
            Store.Submit(request);
            return true;
        }, cancellation);

    public Task<IReadOnlyList<RunRequest>> RequestsAsync(string run, CancellationToken cancellation) => CallAsync(false, () => Store.Unanswered, cancellation);

    public Task<Lease?> HolderAsync(string fleet, CancellationToken cancellation) => CallAsync(false, Store.Holder, cancellation);

    private Task<T> CallAsync<T>(bool writes, Func<T> serve, CancellationToken cancellation)
    {
        if (cancellation.IsCancellationRequested)
            return Task.FromCanceled<T>(cancellation);
        var answer = new TaskCompletionSource<T>();
        var caller = (Process)SynchronizationContext.Current!;
        // As in SQLite, a call that has begun is carried through; a cancellation is heard before it, not after.
        if (world.Scenario.Strikes(Fault.JournalUnavailable))
            world.Scheduler.After(s_patience, () => Fail(answer, Unavailable()));
        else
            world.Scheduler.After(world.Scenario.Between(0.0005, 0.005), () => Serve(caller, answer, writes, serve));
        return answer.Task;
    }

    private void Serve<T>(Process caller, TaskCompletionSource<T> answer, bool writes, Func<T> serve)
    {
        // The journal is written by the worker's own process: one that is stopped writes when it wakes, one that was killed perhaps.
        if (caller.Stopped)
        {
            world.Scheduler.After(TimeSpan.FromMilliseconds(500), () => Serve(caller, answer, writes, serve));
            return;
        }

        if (!caller.Alive && world.Scenario.Chance(0.5))
            return;
        try
        {
            var result = serve();
            var back = PeerDies() ? world.Scenario.Between(15, 20)
                : world.Scenario.Strikes(Fault.JournalSlow) ? world.Scenario.Between(0.5, 12)
                : world.Scenario.Between(0.0005, 0.005);
            if (writes && world.Scenario.Strikes(Fault.JournalAckLost))
                world.Scheduler.After(s_patience, () => Fail(answer, Unavailable()));
            else
                world.Scheduler.After(back, () => answer.TrySetResult(result));
        }
        catch (JournalException refusal)
        {
            world.Scheduler.After(world.Scenario.Between(0.0005, 0.005), () => Fail(answer, refusal));
        }
    }

    /// <summary>The peer dies as the drain is journaled, and the worker hears late that it was.</summary>
    private bool PeerDies()
    {
        if (Store.Drained is not { } drained)
            return false;
        Store.Drained = null;
        if (!world.Scenario.Strikes(Fault.PeerDiesAtDecision, drained))
            return false;
        var peer = world[drained].Peer;
        world.Change(peer, $"{peer.Id} dies, as the drain of {drained} is decided", () => peer.Kill());
        return true;
    }

    private static JournalException Unavailable() => new(JournalFault.Unavailable, "the journal cannot be reached in the simulation");

    private static void Fail<T>(TaskCompletionSource<T> answer, Exception why)
    {
        answer.TrySetException(why);
        _ = answer.Task.Exception;
    }
}
