using Microsoft.Data.Sqlite;

namespace Refresh.Orchestrator.Journals;

/// <summary>SQLite's own checks of the file.</summary>
internal static class Integrity
{
    /// <summary>Refuses a database that SQLite finds fault with.</summary>
    /// <exception cref="FormatException">It found one; the message is SQLite's.</exception>
    public static bool Require(SqliteConnection connection)
    {
        var says = connection.Scalar<string>("PRAGMA integrity_check(1)");
        if (says != "ok")
            throw new FormatException($"SQLite's integrity check says '{says}'");
        if (connection.Scalar<string>("PRAGMA foreign_key_check") is { } table)
            throw new FormatException($"table {table} speaks of a run that is not there");
        return true;
    }
}
