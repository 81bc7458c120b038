using System.Runtime.CompilerServices;
using Microsoft.Data.Sqlite;
using Refresh.Orchestrator.Journals.Archives;
using Refresh.Workflows.Ports;
using Refresh.Workflows.Runs;

namespace Refresh.Orchestrator.Journals;

/// <summary>
/// The run journal in one SQLite file on a local disk, for the processes of one machine. What a method acknowledged is on
/// disk (WAL, synchronous FULL). After <see cref="JournalFault.Unavailable"/> read the run again: the disk may have
/// taken what it did not acknowledge. The file is explained in docs/journal.md.
/// </summary>
public sealed class SqliteRunJournal : IRunJournal, IAsyncDisposable
{
    private readonly TimeProvider clock;
    private readonly EventFormat format;

    private SqliteRunJournal(JournalDatabase database, TimeProvider clock, EventFormat format)
    {
        Database = database;
        this.clock = clock;
        this.format = format;
    }

    internal JournalDatabase Database { get; }

    /// <summary>Opens a journal; makes it, with its directory, where there is none; brings an older one up to this version.</summary>
    /// <param name="path">The file.</param>
    /// <param name="clock">The clock that leases are measured with.</param>
    /// <param name="cancellation">Ends the call.</param>
    /// <returns>The journal.</returns>
    /// <exception cref="JournalException">With <see cref="JournalFault.Unavailable"/> or <see cref="JournalFault.Damaged"/>.</exception>
    public static Task<SqliteRunJournal> OpenAsync(string path, TimeProvider clock, CancellationToken cancellation) =>
        OpenAsync(path, clock, EventFormat.Standard, cancellation);

    internal static async Task<SqliteRunJournal> OpenAsync(string path, TimeProvider clock, EventFormat format, CancellationToken cancellation)
    {
        path = Path.GetFullPath(path);
        await Task.Run(() => JournalFile.Ensure(path, clock.GetUtcNow()), cancellation);
        return await OpenAsync(new JournalDatabase(path), clock, format, cancellation);
    }

    internal static async Task<SqliteRunJournal> OpenAsync(JournalDatabase database, TimeProvider clock, EventFormat format, CancellationToken cancellation)
    {
        var journal = new SqliteRunJournal(database, clock, format);
        try
        {
            if (await journal.Database.ReadAsync(JournalSchema.IsOld, cancellation))
                await journal.Database.WriteAsync(connection => JournalSchema.Upgrade(connection, clock.GetUtcNow()), cancellation);
            return journal;
        }
        catch
        {
            await journal.DisposeAsync();
            throw;
        }
    }

    /// <inheritdoc />
    public Task<Lease> AcquireAsync(string fleet, string worker, TimeSpan duration, CancellationToken cancellation) =>
        Database.WriteAsync(connection => LeaseTable.Acquire(connection, fleet, worker, clock.GetUtcNow(), duration), cancellation);

    /// <inheritdoc />
    public Task<Lease> SucceedAsync(Lease silent, string worker, TimeSpan duration, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(silent);
        return Database.WriteAsync(connection => LeaseTable.Acquire(connection, silent.Fleet, worker, clock.GetUtcNow(), duration, silent), cancellation);
    }

    /// <inheritdoc />
    public Task<Lease> RenewAsync(Lease lease, TimeSpan duration, CancellationToken cancellation) =>
        Database.WriteAsync(connection => LeaseTable.Renew(connection, lease, clock.GetUtcNow(), duration), cancellation);

    /// <inheritdoc />
    public Task ReleaseAsync(Lease lease, CancellationToken cancellation) =>
        Database.WriteAsync(connection => LeaseTable.Release(connection, lease), cancellation);

    /// <inheritdoc />
    public Task<Lease?> HolderAsync(string fleet, CancellationToken cancellation) =>
        Database.ReadAsync(connection => LeaseTable.Holder(connection, fleet, clock.GetUtcNow()), cancellation);

    /// <inheritdoc />
    public Task CreateAsync(Lease lease, RunHead head, IReadOnlyList<string> claims, IReadOnlyList<JournalEntry> entries, CancellationToken cancellation)
    {
        var texts = format.Texts(lease, head, 0, entries);
        return Database.WriteAsync(connection =>
        {
            LeaseTable.Require(connection, lease);
            if (RunTable.Find(connection, head.Run) is { } there)
                throw Conflict(there.Head, 0);
            if (!head.Finished)
                RunTable.RequireAlone(connection, head, claims);
            Put(connection, head, HashChain.Start, texts);
            RunTable.Claim(connection, head.Run, claims);
        }, cancellation);
    }

    /// <inheritdoc />
    public Task AppendAsync(Lease lease, RunHead head, long expected, IReadOnlyList<JournalEntry> entries, IReadOnlyList<string> answered, CancellationToken cancellation)
    {
        var texts = format.Texts(lease, head, expected, entries);
        return Database.WriteAsync(connection =>
        {
            LeaseTable.Require(connection, lease);
            if (RunTable.Find(connection, head.Run) is not { } before || before.Head.Fleet != head.Fleet)
                throw NoSuchRun(head.Run);
            if (before.Head.Sequence != expected)
                throw Conflict(before.Head, expected);
            if (ArchiveTable.Find(connection, head.Run) is { } archived)
                throw JournalFaults.Archived(archived);
            if (before.Head.Finished && !head.Finished)
                RunTable.RequireAlone(connection, head, RunTable.Claims(connection, head.Run));
            Put(connection, head, before.Hash, texts);
            RequestTable.Strike(connection, head.Run, answered, head.Sequence);
        }, cancellation);
    }

    /// <inheritdoc />
    public async IAsyncEnumerable<JournalEntry> ReadAsync(string run, long after, [EnumeratorCancellation] CancellationToken cancellation)
    {
        await foreach (var (text, _) in StoredAsync(run, after, cancellation))
            yield return format.Entry(text, Database.Path);
    }

    /// <summary>Writes a run down for an audit: one JSON object an entry and line, with its hash and its event as stored.</summary>
    /// <param name="run">The run's id.</param>
    /// <param name="cancellation">Ends the call.</param>
    /// <returns>The lines, without line ends.</returns>
    /// <exception cref="JournalException">With <see cref="JournalFault.NoSuchRun"/>, or <see cref="JournalFault.Damaged"/>, naming the first entry that does not hold.</exception>
    public async IAsyncEnumerable<string> ExportAsync(string run, [EnumeratorCancellation] CancellationToken cancellation)
    {
        await foreach (var stored in StoredAsync(run, 0, cancellation))
            yield return EventFormat.Export(stored);
    }

    /// <inheritdoc />
    public Task<IReadOnlyList<RunHead>> RunsAsync(string? fleet, int limit, CancellationToken cancellation) =>
        Database.ReadAsync<IReadOnlyList<RunHead>>(connection => RunTable.List(connection, fleet, limit), cancellation);

    /// <inheritdoc />
    public Task<IReadOnlyList<RunHead>> RunsBeforeAsync(string? fleet, string before, int limit, CancellationToken cancellation) =>
        Database.ReadAsync<IReadOnlyList<RunHead>>(connection => RunTable.Before(connection, fleet, before, limit), cancellation);

    /// <inheritdoc />
    public Task<IReadOnlyList<RunHead>> UnsettledAsync(CancellationToken cancellation) =>
        Database.ReadAsync<IReadOnlyList<RunHead>>(RunTable.Unsettled, cancellation);

    /// <inheritdoc />
    public Task<RunHead?> FindAsync(string run, CancellationToken cancellation) =>
        Database.ReadAsync(connection => RunTable.Find(connection, run)?.Head, cancellation);

    /// <inheritdoc />
    public Task<string?> ClaimantAsync(IReadOnlyList<string> claims, string except, CancellationToken cancellation) =>
        Database.ReadAsync(connection => RunTable.Claimant(connection, claims, except), cancellation);

    /// <inheritdoc />
    public Task SubmitAsync(RunRequest request, CancellationToken cancellation) =>
        Database.WriteAsync(connection =>
        {
            if (RunTable.Find(connection, request.Run) is null)
                throw NoSuchRun(request.Run);
            if (ArchiveTable.Find(connection, request.Run) is { } archived)
                throw JournalFaults.Archived(archived);
            RequestTable.Submit(connection, request);
        }, cancellation);

    /// <inheritdoc />
    public Task<IReadOnlyList<RunRequest>> RequestsAsync(string run, CancellationToken cancellation) =>
        Database.ReadAsync<IReadOnlyList<RunRequest>>(connection => RequestTable.Waiting(connection, run), cancellation);

    /// <summary>Checks the whole journal: SQLite's own integrity check, every head's seal, every entry's hash, event and request.</summary>
    /// <param name="cancellation">Ends the check between two runs.</param>
    /// <returns>What holds, and the first thing that does not.</returns>
    /// <exception cref="JournalException">With <see cref="JournalFault.Unavailable"/> when the journal cannot be read at all.</exception>
    public async Task<JournalVerification> VerifyAsync(CancellationToken cancellation)
    {
        var (runs, entries, away) = (0, 0L, new List<string>());
        try
        {
            await Database.ReadAsync(Integrity.Require, cancellation);
            foreach (var head in await RunsAsync(null, int.MaxValue, cancellation))
            {
                _ = await RequestsAsync(head.Run, cancellation);
                entries += await HeldAsync(head.Run, away, cancellation);
                runs++;
            }

            return new JournalVerification(runs, entries, null) { Away = away.Count == 0 ? Array.Empty<string>() : away };
        }
        catch (JournalException error) when (error.Fault == JournalFault.Damaged)
        {
            return new JournalVerification(runs, entries, error.Message) { Away = away.Count == 0 ? Array.Empty<string>() : away };
        }
    }

    /// <summary>Moves the entries of a finished run to a file, where they can still be read. The head and its hash stay.</summary>
    /// <param name="lease">The lease of the run's fleet.</param>
    /// <param name="run">The run's id.</param>
    /// <param name="file">The file to write; its directory is there.</param>
    /// <param name="cancellation">Ends the call before the entries are taken out.</param>
    /// <exception cref="JournalException">With <see cref="JournalFault.LeaseLost"/>, <see cref="JournalFault.Conflict"/> for a run that is not finished, <see cref="JournalFault.NoSuchRun"/>, <see cref="JournalFault.Archived"/>, or <see cref="JournalFault.Damaged"/>; the entries are in the journal still.</exception>
    /// <exception cref="IOException">The file cannot be written; the entries are in the journal still.</exception>
    public async Task ArchiveAsync(Lease lease, string run, string file, CancellationToken cancellation)
    {
        file = Path.GetFullPath(file);
        if (await Database.ReadAsync(connection => ArchiveTable.Find(connection, run), cancellation) is { } before)
            throw JournalFaults.Archived(before);
        await ArchiveFile.WriteAsync(file, ExportAsync(run, cancellation), cancellation);
        var head = await Database.ReadAsync(connection => RunTable.Find(connection, run), cancellation) ?? throw NoSuchRun(run);
        await FileAsync(new Archived(head, file, clock.GetUtcNow()), cancellation).LastAsync(cancellation);
        await Database.WriteAsync(connection =>
        {
            LeaseTable.Require(connection, lease);
            if (RunTable.Find(connection, run) is not { Head.Finished: true } now || now.Hash != head.Hash || head.Head.Fleet != lease.Fleet)
                throw new JournalException(JournalFault.Conflict, $"Run {run} is not finished, or was gone on with. Its entries stay in the journal.");
            ArchiveTable.Move(connection, head, file, clock.GetUtcNow());
        }, cancellation);
    }

    /// <summary>The runs whose entries were moved to files.</summary>
    /// <param name="cancellation">Ends the call.</param>
    /// <returns>Their ids.</returns>
    public Task<IReadOnlySet<string>> ArchivedAsync(CancellationToken cancellation) =>
        Database.ReadAsync<IReadOnlySet<string>>(connection => connection.Query("SELECT run FROM archives", row => row.GetString(0)).ToHashSet(StringComparer.Ordinal), cancellation);

    /// <summary>The journal's size, without its log.</summary>
    /// <param name="cancellation">Ends the call.</param>
    /// <returns>Bytes.</returns>
    public Task<long> SizeAsync(CancellationToken cancellation) =>
        Database.ReadAsync(connection => connection.Scalar<long>("SELECT page_count * page_size FROM pragma_page_count, pragma_page_size"), cancellation);

    /// <summary>Gives the space of archived entries back to the disk.</summary>
    /// <param name="cancellation">Ends the wait for its turn.</param>
    /// <exception cref="JournalException">With <see cref="JournalFault.Unavailable"/>: there is no space for it, or another process holds the journal. It is as it was.</exception>
    public Task ShrinkAsync(CancellationToken cancellation) => Database.ShrinkAsync(cancellation);

    /// <inheritdoc />
    public ValueTask DisposeAsync() => Database.DisposeAsync();

    private async Task<long> HeldAsync(string run, List<string> away, CancellationToken cancellation)
    {
        var held = 0L;
        try
        {
            await foreach (var _ in ReadAsync(run, 0, cancellation))
                held++;
        }
        catch (JournalException error) when (error.Fault == JournalFault.Archived)
        {
            away.Add(error.Message);
        }

        return held;
    }

    /// <summary>The entries of an archived run, from its file.</summary>
    private static async IAsyncEnumerable<StoredEntry> FileAsync(Archived archived, [EnumeratorCancellation] CancellationToken cancellation)
    {
        if (!File.Exists(archived.File))
            throw JournalFaults.Archived(archived);
        await using var entries = ArchiveFile.ReadAsync(archived.File, archived.Head, cancellation).GetAsyncEnumerator(cancellation);
        while (await NextAsync())
            yield return entries.Current;

        async Task<bool> NextAsync()
        {
            try
            {
                return await entries.MoveNextAsync();
            }
            catch (FormatException error)
            {
                throw JournalFaults.DamagedArchive(archived.File, error);
            }
            catch (IOException error)
            {
                throw JournalFaults.Archived(archived, error);
            }
        }
    }

    internal async IAsyncEnumerable<StoredEntry> StoredAsync(string run, long after, [EnumeratorCancellation] CancellationToken cancellation)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(after);
        if (await Database.ReadAsync(connection => ArchiveTable.Find(connection, run), cancellation) is { } archived)
        {
            await foreach (var entry in FileAsync(archived, cancellation).Where(entry => entry.Text.Sequence > after))
                yield return entry;
            yield break;
        }

        for (var more = true; more;)
        {
            var page = await Database.ReadAsync(connection => EntryTable.Page(connection, run, after), cancellation) ?? throw NoSuchRun(run);
            foreach (var entry in page.Entries)
            {
                after = entry.Text.Sequence;
                yield return entry;
            }

            more = !page.Last;
        }
    }

    private static void Put(SqliteConnection connection, RunHead head, string previous, IReadOnlyList<EntryText> texts)
    {
        var entries = EntryText.Chain(previous, texts);
        RunTable.Put(connection, head, entries[^1].Hash);
        EntryTable.Insert(connection, entries);
    }

    private static JournalException Conflict(RunHead there, long expected) =>
        new(JournalFault.Conflict, $"Run {there.Run} of fleet {there.Fleet} has {there.Sequence} entries, and its writer believed {expected}. Nothing was written. Read the run again and decide anew.");

    private JournalException NoSuchRun(string run) =>
        new(JournalFault.NoSuchRun, $"The journal {Database.Path} has no run {run}. Nothing was written. 'refresh history' lists the runs that there are.");
}
