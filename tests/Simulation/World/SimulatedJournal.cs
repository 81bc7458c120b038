using System.Runtime.CompilerServices;
using Refresh.Orchestrator.Journals;
using Refresh.Simulation.Faults;
using Refresh.Simulation.Time;
using Refresh.Workflows.Ports;
using Refresh.Workflows.Runs;

namespace Refresh.Simulation.World;

/// <summary>The journal as a worker reaches it: slow at times, unavailable at times, and at times it has written what it did not acknowledge.</summary>
/// <param name="world">The world.</param>
/// <param name="store">What is on the disk.</param>
/// <param name="format">How events are written and read; null for the journal's own format.</param>
internal sealed class SimulatedJournal(SimulatedWorld world, JournalStore store, EventFormat? format = null) : IRunJournal
{
    private static readonly TimeSpan s_patience = TimeSpan.FromSeconds(2);

    private readonly EventFormat _format = format ?? EventFormat.Standard;

    public Task<Lease> AcquireAsync(string fleet, string worker, TimeSpan duration, CancellationToken cancellation) =>
        TakeAsync(() => store.Disk.AcquireAsync(fleet, worker, duration, CancellationToken.None), cancellation);

    public Task<Lease> SucceedAsync(Lease silent, string worker, TimeSpan duration, CancellationToken cancellation) =>
        TakeAsync(() => store.Disk.SucceedAsync(silent, worker, duration, CancellationToken.None), cancellation);

    public Task<Lease> RenewAsync(Lease lease, TimeSpan duration, CancellationToken cancellation) =>
        CallAsync(true, () => store.Disk.RenewAsync(lease, duration, CancellationToken.None), null, cancellation);

    public Task ReleaseAsync(Lease lease, CancellationToken cancellation) =>
        CallAsync(true, () => Done(store.Disk.ReleaseAsync(lease, CancellationToken.None)), _ => store.Given(lease), cancellation);

    public Task CreateAsync(Lease lease, RunHead head, IReadOnlyList<string> claims, IReadOnlyList<JournalEntry> entries, CancellationToken cancellation)
    {
        Orchestrator.Journals.Entries.RequireFit(lease, head, 0, entries);
        return CallAsync(true, () => Done(store.Disk.CreateAsync(lease, head, claims, entries, CancellationToken.None)), _ => store.Written(head, entries, []), cancellation);
    }

    public Task AppendAsync(Lease lease, RunHead head, long expected, IReadOnlyList<JournalEntry> entries, IReadOnlyList<string> answered, CancellationToken cancellation)
    {
        Orchestrator.Journals.Entries.RequireFit(lease, head, expected, entries);
        return CallAsync(true, () => Done(store.Disk.AppendAsync(lease, head, expected, entries, answered, CancellationToken.None)), _ => store.Written(head, entries, answered), cancellation);
    }

    public async IAsyncEnumerable<JournalEntry> ReadAsync(string run, long after, [EnumeratorCancellation] CancellationToken cancellation)
    {
        // What is read is what was written: each event goes through the journal's format.
        var entries = await CallAsync(false, async () => await store.Disk.ReadAsync(run, after, CancellationToken.None).ToListAsync(), null, cancellation);
        foreach (var entry in entries)
            yield return entry with { Event = _format.Read(_format.Write(entry.Event)) };
    }

    public Task<IReadOnlyList<RunHead>> RunsAsync(string? fleet, int limit, CancellationToken cancellation) =>
        CallAsync(false, () => store.Disk.RunsAsync(fleet, limit, CancellationToken.None), null, cancellation);

    public Task<IReadOnlyList<RunHead>> RunsBeforeAsync(string? fleet, string before, int limit, CancellationToken cancellation) =>
        CallAsync(false, () => store.Disk.RunsBeforeAsync(fleet, before, limit, CancellationToken.None), null, cancellation);

    public Task<IReadOnlyList<RunHead>> UnsettledAsync(CancellationToken cancellation) =>
        CallAsync(false, () => store.Disk.UnsettledAsync(CancellationToken.None), null, cancellation);

    public Task<RunHead?> FindAsync(string run, CancellationToken cancellation) => CallAsync(false, () => store.Disk.FindAsync(run, CancellationToken.None), null, cancellation);

    public Task<string?> ClaimantAsync(IReadOnlyList<string> claims, string except, CancellationToken cancellation) =>
        CallAsync(false, () => world.Claimed.Count > 0 && claims.Any(claim => world.Claimed.ContainsKey(claim[..claim.LastIndexOf('-')]))
            ? Task.FromResult<string?>("run-0")
            : store.Disk.ClaimantAsync(claims, except, CancellationToken.None), null, cancellation);

    public Task SubmitAsync(RunRequest request, CancellationToken cancellation) =>
        CallAsync(true, () => Done(store.Disk.SubmitAsync(request, CancellationToken.None)), _ => store.Submitted(request), cancellation);

    public Task<IReadOnlyList<RunRequest>> RequestsAsync(string run, CancellationToken cancellation) =>
        CallAsync(false, () => store.Disk.RequestsAsync(run, CancellationToken.None), null, cancellation);

    public Task<Lease?> HolderAsync(string fleet, CancellationToken cancellation) => CallAsync(false, () => store.Disk.HolderAsync(fleet, CancellationToken.None), null, cancellation);

    private static async Task<bool> Done(Task task)
    {
        await task;
        return true;
    }

    private async Task<Lease> TakeAsync(Func<Task<Lease>> take, CancellationToken cancellation)
    {
        var lease = await CallAsync(true, take, store.Taken, cancellation);
        Process.Current.Epoch = lease.Epoch;
        return lease;
    }

    /// <summary>Asks the disk, which answers at once; what the simulation follows of it is told before anybody else hears of it.</summary>
    private Task<T> CallAsync<T>(bool writes, Func<Task<T>> serve, Action<T>? then, CancellationToken cancellation)
    {
        if (cancellation.IsCancellationRequested)
            return Task.FromCanceled<T>(cancellation);
        var answer = new TaskCompletionSource<T>();
        var caller = Process.Current;
        // As in SQLite, a call that has begun is carried through; a cancellation is heard before it, not after.
        if (world.Scenario.Strikes(Fault.JournalUnavailable))
            world.Scheduler.After(s_patience, () => Fail(answer, Unavailable()));
        else
            world.Scheduler.After(world.Scenario.Between(0.0005, 0.005), () => Serve(caller, answer, writes, serve, then));
        return answer.Task;
    }

    private void Serve<T>(Process caller, TaskCompletionSource<T> answer, bool writes, Func<Task<T>> serve, Action<T>? then)
    {
        // The journal is written by the worker's own process: one that is stopped writes when it wakes, one that was killed perhaps.
        if (caller.Stopped)
        {
            world.Scheduler.After(TimeSpan.FromMilliseconds(500), () => Serve(caller, answer, writes, serve, then));
            return;
        }

        if (!caller.Alive && world.Scenario.Chance(0.5))
            return;
        try
        {
            var result = serve().GetAwaiter().GetResult();
            then?.Invoke(result);
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
        if (store.Drained is not { } drained)
            return false;
        store.Drained = null;
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
