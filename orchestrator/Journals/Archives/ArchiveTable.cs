using Microsoft.Data.Sqlite;

namespace Refresh.Orchestrator.Journals.Archives;

/// <summary>Which runs' entries were moved to files. Their heads stay in the journal, and with them the hash that the file must end with.</summary>
internal static class ArchiveTable
{
    public static Archived? Find(SqliteConnection connection, string run)
    {
        if (connection.Query("SELECT file, at, seal FROM archives WHERE run = @run", row => new Row(row.GetString(0), row.GetString(1), row.GetString(2)), ("@run", run)).SingleOrDefault() is not { } row)
            return null;
        var head = RunTable.Find(connection, run) ?? throw new FormatException($"run {run} is archived and has no head");
        return HashChain.SealArchive(head.Hash, run, row.File, row.At) == row.Seal
            ? new Archived(head, row.File, Instant.Read(row.At))
            : throw new FormatException($"the note that run {run} is archived does not match its seal");
    }

    /// <summary>Takes a run's entries and claims out of the journal, and notes which file has them. Call it in a transaction.</summary>
    /// <param name="connection">The connection.</param>
    /// <param name="head">The run's head.</param>
    /// <param name="file">The file that has them.</param>
    /// <param name="at">When.</param>
    public static void Move(SqliteConnection connection, StoredHead head, string file, DateTimeOffset at)
    {
        var (run, when) = (head.Head.Run, Instant.Write(at));
        connection.Execute("DELETE FROM entries WHERE run = @run", ("@run", run));
        connection.Execute("DELETE FROM claims WHERE run = @run", ("@run", run));
        connection.Execute("INSERT INTO archives VALUES (@run, @file, @at, @seal)", ("@run", run), ("@file", file), ("@at", when), ("@seal", HashChain.SealArchive(head.Hash, run, file, when)));
    }

    private sealed record Row(string File, string At, string Seal);
}

/// <summary>A run whose entries are in a file.</summary>
/// <param name="Head">Its head, which stays.</param>
/// <param name="File">The file.</param>
/// <param name="At">Since when.</param>
internal sealed record Archived(StoredHead Head, string File, DateTimeOffset At);
