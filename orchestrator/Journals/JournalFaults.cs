using System.Text.Json;
using Microsoft.Data.Sqlite;
using Refresh.Orchestrator.Journals.Archives;
using Refresh.Workflows.Ports;

namespace Refresh.Orchestrator.Journals;

/// <summary>Says in the journal's words what SQLite or a stored row said.</summary>
internal static class JournalFaults
{
    /// <summary>SQLite's result code for a database that another connection holds.</summary>
    public const int Busy = 5;

    /// <summary>A row that cannot be read as what was written.</summary>
    public static JournalException Damaged(string path, string what, Exception? inner = null) =>
        new(JournalFault.Damaged, $"The journal {path} is damaged: {what}. What is damaged was left as it is. Keep the file and its -wal as they are, look at them with 'refresh journal verify', and restore the last backup.", inner);

    /// <summary>The file of an archived run is not what was written.</summary>
    public static JournalException DamagedArchive(string file, FormatException what) =>
        new(JournalFault.Damaged, $"The archive {file} is damaged: {what.Message}. It was left as it is. The journal keeps the hash that it must end with: put a good copy of that file in its place, and 'refresh journal verify' tells whether it holds.", what);

    /// <summary>A run that is archived.</summary>
    public static JournalException Archived(Archived run, Exception? inner = null) =>
        new(JournalFault.Archived, $"Run {run.Head.Head.Run} of fleet {run.Head.Head.Fleet} was archived on {run.At:yyyy-MM-dd}: its entries are in {run.File}{(inner is null ? string.Empty : $", which cannot be read ({inner.Message})")}. Nothing was changed. Put that file back to read the run; it is not gone on with or rolled back any more.", inner);

    /// <summary>What a stored row makes the reader throw when it is not what was written.</summary>
    public static bool IsUnreadable(Exception error) =>
        error is FormatException or InvalidCastException or InvalidOperationException or ArgumentException or OverflowException or JsonException or NotSupportedException;

    /// <summary>What an error met while reading or writing means; null if it is not the journal's.</summary>
    public static JournalException? From(Exception error, string path) => error switch
    {
        SqliteException sqlite => From(sqlite, path),
        _ when IsUnreadable(error) => Damaged(path, error.Message, error),
        _ => null,
    };

    private static JournalException From(SqliteException error, string path) => error.SqliteErrorCode switch
    {
        Busy or 6 => Unavailable(path, "another process holds it and did not let go", "End or wait for that process (fuser tells which it is), then try again", error),
        13 => Unavailable(path, "the disk, or the quota on it, is full", "Free some space there, then resume the run", error),
        3 or 8 or 14 or 23 => Unavailable(path, "it cannot be opened for writing", "The file and its directory must be there and be writable for the user that Refresh runs as", error),
        7 or 10 or 15 or 22 => Unavailable(path, "the disk or the system reported an error", "Look into the system's log for the disk's state; then read the run again before going on", error),
        _ => Damaged(path, $"SQLite says '{error.Message}'", error),
    };

    private static JournalException Unavailable(string path, string why, string next, SqliteException error) =>
        new(JournalFault.Unavailable, $"The journal {path} cannot be used: {why} ({error.Message}). Nothing was acknowledged. {next}.", error);
}
