using System.Text.Json;
using Microsoft.Data.Sqlite;
using Refresh.Workflows.Ports;

namespace Refresh.Orchestrator.Journals;

/// <summary>The heads of runs, each sealed, and what unfinished runs claim.</summary>
internal static class RunTable
{
    private const string Columns = "run, fleet, image, state, finished, sequence, started_at, updated_at, hash, seal";

    public static StoredHead? Find(SqliteConnection connection, string run) =>
        connection.Query($"SELECT {Columns} FROM runs WHERE run = @run", Read, ("@run", run)).SingleOrDefault();

    public static List<RunHead> List(SqliteConnection connection, string? fleet, int limit) =>
        connection.Query(
            $"SELECT {Columns} FROM runs WHERE @fleet IS NULL OR fleet = @fleet ORDER BY started_at DESC, rowid DESC LIMIT @limit",
            row => Read(row).Head,
            ("@fleet", (object?)fleet ?? DBNull.Value), ("@limit", limit));

    public static List<RunHead> Before(SqliteConnection connection, string? fleet, string before, int limit) =>
        connection.Query(
            $"""
            SELECT {Columns} FROM runs
            WHERE (@fleet IS NULL OR fleet = @fleet) AND (started_at, rowid) < (SELECT started_at, rowid FROM runs WHERE run = @before)
            ORDER BY started_at DESC, rowid DESC LIMIT @limit
            """,
            row => Read(row).Head,
            ("@fleet", (object?)fleet ?? DBNull.Value), ("@before", before), ("@limit", limit));

    public static List<RunHead> Unsettled(SqliteConnection connection) =>
        connection.Query(
            $"""
            SELECT {Columns} FROM runs
            WHERE run IN (SELECT run FROM runs WHERE finished = 0 UNION SELECT run FROM requests WHERE answered IS NULL)
            ORDER BY started_at, rowid
            """,
            row => Read(row).Head);

    /// <summary>Writes a head, new or in place of the one before.</summary>
    /// <param name="connection">The connection, in a transaction.</param>
    /// <param name="head">The head.</param>
    /// <param name="last">The hash of the run's last entry.</param>
    public static void Put(SqliteConnection connection, RunHead head, string last) =>
        connection.Execute(
            $"""
            INSERT INTO runs ({Columns}) VALUES (@run, @fleet, @image, @state, @finished, @sequence, @started, @updated, @hash, @seal)
            ON CONFLICT (run) DO UPDATE SET image = @image, state = @state, finished = @finished, sequence = @sequence,
                started_at = @started, updated_at = @updated, hash = @hash, seal = @seal
            """,
            ("@run", head.Run), ("@fleet", head.Fleet), ("@image", head.Image), ("@state", head.State), ("@finished", head.Finished ? 1 : 0),
            ("@sequence", head.Sequence), ("@started", Instant.Write(head.StartedAt)), ("@updated", Instant.Write(head.UpdatedAt)),
            ("@hash", last), ("@seal", HashChain.Seal(head, last)));

    public static void Claim(SqliteConnection connection, string run, IEnumerable<string> claims)
    {
        foreach (var claim in claims.Distinct(StringComparer.Ordinal))
            connection.Execute("INSERT INTO claims VALUES (@claim, @run)", ("@claim", claim), ("@run", run));
    }

    public static List<string> Claims(SqliteConnection connection, string run) =>
        connection.Query("SELECT claim FROM claims WHERE run = @run ORDER BY claim", row => row.GetString(0), ("@run", run));

    public static string? Claimant(SqliteConnection connection, IReadOnlyList<string> claims, string except) =>
        connection.Scalar<string>(
            """
            SELECT runs.run FROM claims JOIN runs ON runs.run = claims.run
            WHERE runs.finished = 0 AND runs.run <> @except AND claims.claim IN (SELECT value FROM json_each(@claims))
            ORDER BY runs.run LIMIT 1
            """,
            ("@except", except), ("@claims", JsonSerializer.Serialize(claims)));

    /// <summary>Refuses to let a run be unfinished beside another of its fleet, or beside one that claims a member of its own.</summary>
    public static void RequireAlone(SqliteConnection connection, RunHead head, IReadOnlyList<string> claims)
    {
        if (connection.Scalar<string>("SELECT run FROM runs WHERE fleet = @fleet AND finished = 0 AND run <> @run", ("@fleet", head.Fleet), ("@run", head.Run)) is { } other)
            throw new JournalException(JournalFault.FleetHasRun, $"Fleet {head.Fleet} has an unfinished run, {other}. Nothing was written. Resume or cancel that one first.");
        if (Claimant(connection, claims, head.Run) is { } claimant)
            throw new JournalException(JournalFault.Claimed, $"Run {claimant} claims a member that run {head.Run} of fleet {head.Fleet} would work on. Nothing was written. Wait until that run has finished; two fleets should not share a member.");
    }

    private static StoredHead Read(SqliteDataReader row)
    {
        var head = new RunHead(row.GetString(0), row.GetString(1), row.GetString(2), row.GetString(3), row.GetInt64(4) == 1, row.GetInt64(5), Instant.Read(row.GetString(6)), Instant.Read(row.GetString(7)));
        var last = row.GetString(8);
        return HashChain.Seal(head, last) == row.GetString(9)
            ? new StoredHead(head, last)
            : throw new FormatException($"the head of run {head.Run} does not match its seal");
    }
}

/// <summary>A head as it is stored.</summary>
/// <param name="Head">The head.</param>
/// <param name="Hash">The hash of the run's last entry.</param>
internal sealed record StoredHead(RunHead Head, string Hash);
