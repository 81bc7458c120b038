using Refresh.Simulation.World;
using Refresh.Workflows.Ports;
using Refresh.Workflows.Runs;

namespace Refresh.Orchestrator.Tests.Engine;

/// <summary>A journal that fails when it is told to: a disk that is away for a moment, or for good.</summary>
internal sealed class FaultyJournal(TimeProvider clock) : IRunJournal
{
    private readonly MemoryRunJournal _journal = new(clock);

    /// <summary>How often the next proofs of a lease fail.</summary>
    public int RenewalsToFail { get; set; }

    /// <summary>How often the next looks for a run fail.</summary>
    public int FindsToFail { get; set; }

    /// <summary>How often the next looks at claims fail.</summary>
    public int ClaimsToFail { get; set; }

    public Task<Lease> AcquireAsync(string fleet, string worker, TimeSpan duration, CancellationToken cancellation) => _journal.AcquireAsync(fleet, worker, duration, cancellation);

    public Task<Lease> SucceedAsync(Lease silent, string worker, TimeSpan duration, CancellationToken cancellation) => _journal.SucceedAsync(silent, worker, duration, cancellation);

    public Task<Lease> RenewAsync(Lease lease, TimeSpan duration, CancellationToken cancellation) =>
        RenewalsToFail-- > 0 ? throw Away() : _journal.RenewAsync(lease, duration, cancellation);

    public Task ReleaseAsync(Lease lease, CancellationToken cancellation) => _journal.ReleaseAsync(lease, cancellation);

    public Task CreateAsync(Lease lease, RunHead head, IReadOnlyList<string> claims, IReadOnlyList<JournalEntry> entries, CancellationToken cancellation) =>
        _journal.CreateAsync(lease, head, claims, entries, cancellation);

    public Task AppendAsync(Lease lease, RunHead head, long expected, IReadOnlyList<JournalEntry> entries, IReadOnlyList<string> answered, CancellationToken cancellation) =>
        _journal.AppendAsync(lease, head, expected, entries, answered, cancellation);

    public IAsyncEnumerable<JournalEntry> ReadAsync(string run, long after, CancellationToken cancellation) => _journal.ReadAsync(run, after, cancellation);

    public Task<IReadOnlyList<RunHead>> RunsAsync(string? fleet, int limit, CancellationToken cancellation) => _journal.RunsAsync(fleet, limit, cancellation);

    public Task<IReadOnlyList<RunHead>> RunsBeforeAsync(string? fleet, string before, int limit, CancellationToken cancellation) => _journal.RunsBeforeAsync(fleet, before, limit, cancellation);

    public Task<IReadOnlyList<RunHead>> UnsettledAsync(CancellationToken cancellation) => _journal.UnsettledAsync(cancellation);

    public Task<RunHead?> FindAsync(string run, CancellationToken cancellation) => FindsToFail-- > 0 ? throw Away() : _journal.FindAsync(run, cancellation);

    public Task<string?> ClaimantAsync(IReadOnlyList<string> claims, string except, CancellationToken cancellation) =>
        ClaimsToFail-- > 0 ? throw Away() : _journal.ClaimantAsync(claims, except, cancellation);

    public Task SubmitAsync(RunRequest request, CancellationToken cancellation) => _journal.SubmitAsync(request, cancellation);

    public Task<IReadOnlyList<RunRequest>> RequestsAsync(string run, CancellationToken cancellation) => _journal.RequestsAsync(run, cancellation);

    public Task<Lease?> HolderAsync(string fleet, CancellationToken cancellation) => _journal.HolderAsync(fleet, cancellation);

    private static JournalException Away() => new(JournalFault.Unavailable, "The disk is away.");
}
