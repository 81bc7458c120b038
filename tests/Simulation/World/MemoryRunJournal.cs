using System.Runtime.CompilerServices;
using Refresh.Orchestrator.Journals;
using Refresh.Workflows.Ports;
using Refresh.Workflows.Runs;

namespace Refresh.Simulation.World;

/// <summary>A journal in memory that keeps the same rules: the model that the real one is compared with, and fast enough for simulation.</summary>
internal sealed class MemoryRunJournal(TimeProvider clock) : IRunJournal
{
    private readonly Lock gate = new();
    private readonly Dictionary<string, Lease> leases = [];
    private readonly Dictionary<string, Run> runs = [];
    private readonly List<RunRequest> requests = [];
    private readonly HashSet<string> struck = [];

    public Task<Lease> AcquireAsync(string fleet, string worker, TimeSpan duration, CancellationToken cancellation) => Do(() =>
    {
        var before = leases.GetValueOrDefault(fleet);
        if (before?.ExpiresAt > clock.GetUtcNow())
            throw Refuse(JournalFault.LeaseHeld, before.Worker);
        return leases[fleet] = new Lease(fleet, worker, (before?.Epoch ?? 0) + 1, clock.GetUtcNow() + duration);
    }, cancellation);

    public Task<Lease> SucceedAsync(Lease silent, string worker, TimeSpan duration, CancellationToken cancellation) => Do(() =>
    {
        if (leases.GetValueOrDefault(silent.Fleet) is { } held && held != silent && held.ExpiresAt > clock.GetUtcNow())
            throw Refuse(JournalFault.LeaseHeld, held.Worker);
        return leases[silent.Fleet] = new Lease(silent.Fleet, worker, (leases.GetValueOrDefault(silent.Fleet)?.Epoch ?? 0) + 1, clock.GetUtcNow() + duration);
    }, cancellation);

    public Task<Lease> RenewAsync(Lease lease, TimeSpan duration, CancellationToken cancellation) => Do(() =>
    {
        Require(lease);
        return leases[lease.Fleet] = lease with { ExpiresAt = clock.GetUtcNow() + duration };
    }, cancellation);

    public Task ReleaseAsync(Lease lease, CancellationToken cancellation) => Do(() =>
    {
        if (leases.TryGetValue(lease.Fleet, out var held) && held.Epoch == lease.Epoch)
            leases[lease.Fleet] = held with { ExpiresAt = DateTimeOffset.MinValue };
        return true;
    }, cancellation);

    public Task<Lease?> HolderAsync(string fleet, CancellationToken cancellation) => Do(
        () => leases.GetValueOrDefault(fleet) is { } lease && lease.ExpiresAt > clock.GetUtcNow() ? lease : null, cancellation);

    public Task CreateAsync(Lease lease, RunHead head, IReadOnlyList<string> claims, IReadOnlyList<JournalEntry> entries, CancellationToken cancellation)
    {
        Entries.RequireFit(lease, head, 0, entries);
        return Do(() =>
        {
            Require(lease);
            if (runs.ContainsKey(head.Run))
                throw Refuse(JournalFault.Conflict, head.Run);
            RequireAlone(head, claims, finishedBefore: true);
            runs.Add(head.Run, new Run(head, claims, [.. entries], runs.Count));
            return true;
        }, cancellation);
    }

    public Task AppendAsync(Lease lease, RunHead head, long expected, IReadOnlyList<JournalEntry> entries, IReadOnlyList<string> answered, CancellationToken cancellation)
    {
        Entries.RequireFit(lease, head, expected, entries);
        return Do(() =>
        {
            Require(lease);
            var run = runs.GetValueOrDefault(head.Run) is { } there && there.Head.Fleet == head.Fleet ? there : throw Refuse(JournalFault.NoSuchRun, head.Run);
            if (run.Head.Sequence != expected)
                throw Refuse(JournalFault.Conflict, head.Run);
            RequireAlone(head, run.Claims, run.Head.Finished);
            run.Entries.AddRange(entries);
            runs[head.Run] = run with { Head = head };
            struck.UnionWith(requests.Where(request => request.Run == head.Run && answered.Contains(request.Id)).Select(request => request.Id));
            return true;
        }, cancellation);
    }

    public async IAsyncEnumerable<JournalEntry> ReadAsync(string run, long after, [EnumeratorCancellation] CancellationToken cancellation)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(after);
        foreach (var entry in await Do(() => Find(run).Entries.ToList(), cancellation))
        {
            if (entry.Sequence > after)
                yield return entry;
        }
    }

    public Task<IReadOnlyList<RunHead>> RunsAsync(string? fleet, int limit, CancellationToken cancellation) => Do<IReadOnlyList<RunHead>>(
        () => [.. runs.Values
            .Where(run => fleet is null || run.Head.Fleet == fleet)
            .OrderByDescending(run => run.Head.StartedAt).ThenByDescending(run => run.Place)
            .Select(run => run.Head).Take(limit)], cancellation);

    public Task<IReadOnlyList<RunHead>> RunsBeforeAsync(string? fleet, string before, int limit, CancellationToken cancellation) => Do<IReadOnlyList<RunHead>>(
        () => [.. runs.Values
            .Where(run => fleet is null || run.Head.Fleet == fleet)
            .Where(run => runs.TryGetValue(before, out var other) && (run.Head.StartedAt, run.Place).CompareTo((other.Head.StartedAt, other.Place)) < 0)
            .OrderByDescending(run => run.Head.StartedAt).ThenByDescending(run => run.Place)
            .Select(run => run.Head).Take(limit)], cancellation);

    public Task<IReadOnlyList<RunHead>> UnsettledAsync(CancellationToken cancellation) => Do<IReadOnlyList<RunHead>>(
        () => [.. runs.Values
            .Where(run => !run.Head.Finished || requests.Any(request => request.Run == run.Head.Run && !struck.Contains(request.Id)))
            .OrderBy(run => run.Head.StartedAt).ThenBy(run => run.Place)
            .Select(run => run.Head)], cancellation);

    public Task<RunHead?> FindAsync(string run, CancellationToken cancellation) => Do(() => runs.GetValueOrDefault(run)?.Head, cancellation);

    public Task<string?> ClaimantAsync(IReadOnlyList<string> claims, string except, CancellationToken cancellation) => Do(() => Claimant(claims, except), cancellation);

    public Task SubmitAsync(RunRequest request, CancellationToken cancellation) => Do(() =>
    {
        _ = Find(request.Run);
        if (requests.All(other => other.Id != request.Id))
            requests.Add(request);
        return true;
    }, cancellation);

    public Task<IReadOnlyList<RunRequest>> RequestsAsync(string run, CancellationToken cancellation) => Do<IReadOnlyList<RunRequest>>(
        () => [.. requests.Where(request => request.Run == run && !struck.Contains(request.Id))], cancellation);

    private void Require(Lease lease)
    {
        var held = leases.GetValueOrDefault(lease.Fleet);
        if (held?.Epoch != lease.Epoch || held.ExpiresAt == DateTimeOffset.MinValue)
            throw Refuse(JournalFault.LeaseLost, lease.Worker);
    }

    private void RequireAlone(RunHead head, IReadOnlyList<string> claims, bool finishedBefore)
    {
        if (head.Finished || !finishedBefore)
            return;
        if (runs.Values.FirstOrDefault(run => run.Head.Fleet == head.Fleet && !run.Head.Finished && run.Head.Run != head.Run) is { } other)
            throw Refuse(JournalFault.FleetHasRun, other.Head.Run);
        if (Claimant(claims, head.Run) is { } claimant)
            throw Refuse(JournalFault.Claimed, claimant);
    }

    private string? Claimant(IReadOnlyList<string> claims, string except) => runs.Values
        .Where(run => !run.Head.Finished && run.Head.Run != except && run.Claims.Intersect(claims).Any())
        .Select(run => run.Head.Run).Order(StringComparer.Ordinal).FirstOrDefault();

    private Run Find(string run) => runs.GetValueOrDefault(run) ?? throw Refuse(JournalFault.NoSuchRun, run);

    private static JournalException Refuse(JournalFault fault, string what) => new(fault, $"{fault}: {what}");

    private Task<T> Do<T>(Func<T> work, CancellationToken cancellation)
    {
        if (cancellation.IsCancellationRequested)
            return Task.FromCanceled<T>(cancellation);
        try
        {
            lock (gate)
                return Task.FromResult(work());
        }
        catch (JournalException error)
        {
            return Task.FromException<T>(error);
        }
    }

    private sealed record Run(RunHead Head, IReadOnlyList<string> Claims, List<JournalEntry> Entries, int Place);
}
