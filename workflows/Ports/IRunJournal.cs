using Refresh.Workflows.Runs;

namespace Refresh.Workflows.Ports;

/// <summary>
/// The append-only record of runs, and what makes a run have one owner (promises 5 and 6): leases with a fencing token
/// that every append is checked against, claims on members, and requests that wait for a run's worker.
/// </summary>
public interface IRunJournal
{
    /// <summary>Takes the lease of a fleet.</summary>
    /// <param name="fleet">The fleet's name.</param>
    /// <param name="worker">Who takes it, for people: host and process.</param>
    /// <param name="duration">How long it holds unless renewed.</param>
    /// <param name="cancellation">Ends the call.</param>
    /// <returns>The lease; its epoch is higher than that of any lease of this fleet before.</returns>
    /// <exception cref="JournalException">With <see cref="JournalFault.LeaseHeld"/> while somebody else's lease holds.</exception>
    Task<Lease> AcquireAsync(string fleet, string worker, TimeSpan duration, CancellationToken cancellation);

    /// <summary>Takes the lease of a holder that has not renewed it for longer than it can hold, whatever the clock says: one that was set back makes it look as if it held for hours.</summary>
    /// <param name="silent">The lease as it was seen all that time.</param>
    /// <param name="worker">Who takes it, for people: host and process.</param>
    /// <param name="duration">How long it holds unless renewed.</param>
    /// <param name="cancellation">Ends the call.</param>
    /// <returns>The lease; its epoch is higher, so that the holder can write nothing more should it live.</returns>
    /// <exception cref="JournalException">With <see cref="JournalFault.LeaseHeld"/> when it has been renewed or taken since.</exception>
    Task<Lease> SucceedAsync(Lease silent, string worker, TimeSpan duration, CancellationToken cancellation);

    /// <summary>Prolongs a lease.</summary>
    /// <param name="lease">The lease.</param>
    /// <param name="duration">How long it holds from now.</param>
    /// <param name="cancellation">Ends the call.</param>
    /// <returns>The lease with its new end.</returns>
    /// <exception cref="JournalException">With <see cref="JournalFault.LeaseLost"/> when another worker has taken it since.</exception>
    Task<Lease> RenewAsync(Lease lease, TimeSpan duration, CancellationToken cancellation);

    /// <summary>Gives a lease back; nothing happens if it is lost already.</summary>
    /// <param name="lease">The lease.</param>
    /// <param name="cancellation">Ends the call.</param>
    Task ReleaseAsync(Lease lease, CancellationToken cancellation);

    /// <summary>Begins a run: its head, its claims and its first entries, in one transaction.</summary>
    /// <param name="lease">The lease of the run's fleet.</param>
    /// <param name="head">The run.</param>
    /// <param name="claims">What the run claims: the address of every member. They hold until the run's head says finished, and again when it says so no longer.</param>
    /// <param name="entries">The first entries, from sequence 1.</param>
    /// <param name="cancellation">Ends the call.</param>
    /// <exception cref="JournalException">With <see cref="JournalFault.LeaseLost"/>, <see cref="JournalFault.FleetHasRun"/> or <see cref="JournalFault.Claimed"/>; nothing is written then.</exception>
    Task CreateAsync(Lease lease, RunHead head, IReadOnlyList<string> claims, IReadOnlyList<JournalEntry> entries, CancellationToken cancellation);

    /// <summary>Appends entries, replaces the run's head and strikes the requests that the entries answer, in one transaction that is on disk when this returns.</summary>
    /// <param name="lease">The lease of the run's fleet.</param>
    /// <param name="head">The run as it is after these entries.</param>
    /// <param name="expected">The sequence of the last entry so far; the first new entry has the next one.</param>
    /// <param name="entries">The entries, at least one.</param>
    /// <param name="answered">Ids of the requests that they answer.</param>
    /// <param name="cancellation">Ends the call.</param>
    /// <exception cref="JournalException">With <see cref="JournalFault.LeaseLost"/>, <see cref="JournalFault.Conflict"/>, or, when a finished run is taken up again, <see cref="JournalFault.FleetHasRun"/> or <see cref="JournalFault.Claimed"/>; nothing is written then.</exception>
    Task AppendAsync(Lease lease, RunHead head, long expected, IReadOnlyList<JournalEntry> entries, IReadOnlyList<string> answered, CancellationToken cancellation);

    /// <summary>Reads a run's entries in order.</summary>
    /// <param name="run">The run's id.</param>
    /// <param name="after">The sequence after which to begin; 0 for all.</param>
    /// <param name="cancellation">Ends the read.</param>
    /// <returns>The entries.</returns>
    /// <exception cref="JournalException">With <see cref="JournalFault.Damaged"/>, naming the first entry that does not hold.</exception>
    IAsyncEnumerable<JournalEntry> ReadAsync(string run, long after, CancellationToken cancellation);

    /// <summary>The heads of runs, latest first.</summary>
    /// <param name="fleet">Only of this fleet, or null for all.</param>
    /// <param name="limit">At most so many.</param>
    /// <param name="cancellation">Ends the call.</param>
    /// <returns>The heads.</returns>
    Task<IReadOnlyList<RunHead>> RunsAsync(string? fleet, int limit, CancellationToken cancellation);

    /// <summary>The heads of runs that began before another one, latest first.</summary>
    /// <param name="fleet">Only of this fleet, or null for all.</param>
    /// <param name="before">The run that they began before; one that is not there has none before it.</param>
    /// <param name="limit">At most so many.</param>
    /// <param name="cancellation">Ends the call.</param>
    /// <returns>The heads, in the order of <see cref="RunsAsync"/>.</returns>
    Task<IReadOnlyList<RunHead>> RunsBeforeAsync(string? fleet, string before, int limit, CancellationToken cancellation);

    /// <summary>The heads of runs that a worker has something to do for: unfinished, or with a request that no entry has answered yet.</summary>
    /// <param name="cancellation">Ends the call.</param>
    /// <returns>The heads, in the order in which the runs began.</returns>
    Task<IReadOnlyList<RunHead>> UnsettledAsync(CancellationToken cancellation);

    /// <summary>The head of one run.</summary>
    /// <param name="run">The run's id.</param>
    /// <param name="cancellation">Ends the call.</param>
    /// <returns>The head, or null if there is no such run.</returns>
    Task<RunHead?> FindAsync(string run, CancellationToken cancellation);

    /// <summary>The unfinished run, other than the one given, that claims any of these.</summary>
    /// <param name="claims">Addresses of members.</param>
    /// <param name="except">The run that asks.</param>
    /// <param name="cancellation">Ends the call.</param>
    /// <returns>The run's id, or null.</returns>
    Task<string?> ClaimantAsync(IReadOnlyList<string> claims, string except, CancellationToken cancellation);

    /// <summary>Leaves a request for a run's worker. A request with an id that is there already changes nothing.</summary>
    /// <param name="request">The request.</param>
    /// <param name="cancellation">Ends the call.</param>
    /// <exception cref="JournalException">With <see cref="JournalFault.NoSuchRun"/>.</exception>
    Task SubmitAsync(RunRequest request, CancellationToken cancellation);

    /// <summary>Requests to a run that no entry has answered yet, oldest first.</summary>
    /// <param name="run">The run's id.</param>
    /// <param name="cancellation">Ends the call.</param>
    /// <returns>The requests.</returns>
    Task<IReadOnlyList<RunRequest>> RequestsAsync(string run, CancellationToken cancellation);

    /// <summary>Who holds the lease of a fleet at this moment.</summary>
    /// <param name="fleet">The fleet's name.</param>
    /// <param name="cancellation">Ends the call.</param>
    /// <returns>The lease, or null when it is free or has run out.</returns>
    Task<Lease?> HolderAsync(string fleet, CancellationToken cancellation);
}

/// <summary>A right to act on a fleet, for a time.</summary>
/// <param name="Fleet">The fleet's name.</param>
/// <param name="Worker">Who holds it.</param>
/// <param name="Epoch">The fencing token: rises with every lease of the fleet.</param>
/// <param name="ExpiresAt">When it ends unless renewed.</param>
public sealed record Lease(string Fleet, string Worker, long Epoch, DateTimeOffset ExpiresAt);

/// <summary>One entry of the journal.</summary>
/// <param name="Run">The run it belongs to.</param>
/// <param name="Sequence">Its place in the run, from 1.</param>
/// <param name="At">When it was decided.</param>
/// <param name="Epoch">The fencing token of the worker that decided it.</param>
/// <param name="Event">What happened.</param>
public sealed record JournalEntry(string Run, long Sequence, DateTimeOffset At, long Epoch, RunEvent Event);

/// <summary>A run in short, kept beside its entries so that runs can be listed without reading them.</summary>
/// <param name="Run">The run's id.</param>
/// <param name="Fleet">The fleet's name.</param>
/// <param name="Image">The image it goes to, <c>name@version</c>.</param>
/// <param name="State">The run's state, by its persisted name.</param>
/// <param name="Finished">It has reached a final state.</param>
/// <param name="Sequence">The sequence of its last entry.</param>
/// <param name="StartedAt">When it was planned.</param>
/// <param name="UpdatedAt">When its last entry was decided.</param>
public sealed record RunHead(
    string Run,
    string Fleet,
    string Image,
    string State,
    bool Finished,
    long Sequence,
    DateTimeOffset StartedAt,
    DateTimeOffset UpdatedAt);

/// <summary>Why the journal refused.</summary>
public enum JournalFault
{
    /// <summary>Another worker holds the fleet's lease.</summary>
    LeaseHeld,

    /// <summary>The lease is no longer ours: another worker has taken it.</summary>
    LeaseLost,

    /// <summary>The run has other entries than the writer believed.</summary>
    Conflict,

    /// <summary>The fleet has an unfinished run.</summary>
    FleetHasRun,

    /// <summary>Another unfinished run claims a member.</summary>
    Claimed,

    /// <summary>There is no such run.</summary>
    NoSuchRun,

    /// <summary>The run was archived: it is not gone on with, and its entries can be read only while its file is there.</summary>
    Archived,

    /// <summary>What is stored is not what was written.</summary>
    Damaged,

    /// <summary>It cannot be read or written: disk full, read-only, I/O error.</summary>
    Unavailable,
}

/// <summary>The journal refused; nothing was written.</summary>
public sealed class JournalException : Exception
{
    /// <summary>Creates the exception.</summary>
    /// <param name="fault">Why.</param>
    /// <param name="message">What happened, to which run, and what to do next.</param>
    /// <param name="inner">What caused it, if anything.</param>
    public JournalException(JournalFault fault, string message, Exception? inner = null)
        : base(message, inner) => Fault = fault;

    /// <summary>Why.</summary>
    public JournalFault Fault { get; }
}
