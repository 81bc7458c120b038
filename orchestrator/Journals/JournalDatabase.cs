using Microsoft.Data.Sqlite;
using Refresh.Workflows.Ports;

namespace Refresh.Orchestrator.Journals;

/// <summary>The database of a journal: one connection that writes, and as many that read as are asked for.</summary>
internal sealed class JournalDatabase : IAsyncDisposable
{
    /// <summary>How often a writer asks for its turn, one second each, before it says that another process does not let go.</summary>
    private const int Patience = 30;

    private readonly SemaphoreSlim turn = new(1, 1);
    private readonly string writing;
    private readonly string reading;
    private SqliteConnection? writer;

    public JournalDatabase(string path, string? copy = null)
    {
        Path = path;
        writing = Connect(copy ?? path, pooled: false, timeout: 1);
        reading = Connect(copy ?? path, pooled: true, timeout: Patience);
    }

    /// <summary>Where it is; when it works on a copy, the original.</summary>
    public string Path { get; }

    /// <summary>The folder that it is in.</summary>
    public string Folder => System.IO.Path.GetDirectoryName(System.IO.Path.GetFullPath(Path))!;

    /// <summary>Is told of a transaction that is about to be committed: for crash tests.</summary>
    public Action<SqliteConnection>? Committing { get; set; }

    /// <summary>Carries out work in one transaction that has the right to write from its beginning, and is on disk when this returns.</summary>
    /// <param name="work">The work; what it throws undoes it.</param>
    /// <param name="cancellation">Ends the wait for the right to write; work that has begun is finished.</param>
    /// <exception cref="JournalException">The database cannot be written, or is damaged.</exception>
    public async Task<T> WriteAsync<T>(Func<SqliteConnection, T> work, CancellationToken cancellation)
    {
        await turn.WaitAsync(cancellation);
        try
        {
            return await Task.Run(() => Write(work, cancellation), cancellation);
        }
        finally
        {
            turn.Release();
        }
    }

    /// <inheritdoc cref="WriteAsync{T}(Func{SqliteConnection, T}, CancellationToken)" />
    public Task WriteAsync(Action<SqliteConnection> work, CancellationToken cancellation) =>
        WriteAsync(
            connection =>
            {
                work(connection);
                return true;
            },
            cancellation);

    /// <summary>Carries out work on one unchanging view of the database.</summary>
    /// <param name="work">The work; it only reads.</param>
    /// <param name="cancellation">Ends the call before it begins.</param>
    /// <exception cref="JournalException">The database cannot be read, or is damaged.</exception>
    public Task<T> ReadAsync<T>(Func<SqliteConnection, T> work, CancellationToken cancellation) => Task.Run(() => Read(work), cancellation);

    /// <summary>Gives the space of what was deleted back to the disk. It needs as much space again while it lasts.</summary>
    /// <param name="cancellation">Ends the wait for the right to write.</param>
    /// <exception cref="JournalException">The disk has no space for it, or another process does not let go; the journal is as it was.</exception>
    public async Task ShrinkAsync(CancellationToken cancellation)
    {
        await turn.WaitAsync(cancellation);
        try
        {
            await Task.Run(Shrink, cancellation);
        }
        finally
        {
            turn.Release();
        }
    }

    /// <inheritdoc />
    public async ValueTask DisposeAsync()
    {
        await turn.WaitAsync();
        writer?.Dispose();
        using (var any = new SqliteConnection(reading))
            SqliteConnection.ClearPool(any);
        turn.Dispose();
    }

    private T Write<T>(Func<SqliteConnection, T> work, CancellationToken cancellation)
    {
        try
        {
            writer ??= Open(writing);
            using var transaction = Begin(writer, cancellation);
            var result = work(writer);
            Committing?.Invoke(writer);
            transaction.Commit();
            return result;
        }
        catch (Exception error) when (JournalFaults.From(error, Path) is { } fault)
        {
            // What state the connection is in cannot be told: the next write begins with a new one.
            writer?.Dispose();
            writer = null;
            throw fault;
        }
    }

    private void Shrink()
    {
        try
        {
            using var connection = Open(reading);
            connection.Execute("VACUUM");
            connection.Execute("PRAGMA wal_checkpoint(TRUNCATE)");
        }
        catch (Exception error) when (JournalFaults.From(error, Path) is { } fault)
        {
            throw fault;
        }
    }

    private T Read<T>(Func<SqliteConnection, T> work)
    {
        try
        {
            using var connection = Open(reading);
            using var view = connection.BeginTransaction(deferred: true);
            return work(connection);
        }
        catch (Exception error) when (JournalFaults.From(error, Path) is { } fault)
        {
            throw fault;
        }
    }

    private SqliteConnection Open(string how)
    {
        var connection = new SqliteConnection(how);
        try
        {
            connection.Open();
            Durability.Require(connection, Path);
            JournalSchema.Check(connection, Path);
            return connection;
        }
        catch
        {
            connection.Dispose();
            throw;
        }
    }

    private static SqliteTransaction Begin(SqliteConnection connection, CancellationToken cancellation)
    {
        for (var asked = 1; ; asked++)
        {
            cancellation.ThrowIfCancellationRequested();
            try
            {
                return connection.BeginTransaction(deferred: false);
            }
            catch (SqliteException error) when (error.SqliteErrorCode == JournalFaults.Busy && asked < Patience)
            {
            }
        }
    }

    private static string Connect(string path, bool pooled, int timeout) => new SqliteConnectionStringBuilder
    {
        DataSource = path,
        Mode = SqliteOpenMode.ReadWrite,
        Pooling = pooled,
        DefaultTimeout = timeout,
        ForeignKeys = true,
    }.ToString();
}
