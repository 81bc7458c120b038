using Microsoft.Data.Sqlite;
using Refresh.Workflows.Ports;

namespace Refresh.Orchestrator.Journals;

/// <summary>The settings that make a committed transaction outlive a crash and a power cut (reference: durability, "Leases and fencing"), and what was overwritten not outlive its row.</summary>
internal static class Durability
{
    /// <summary>Sets them on a connection and reads them back.</summary>
    /// <param name="connection">The connection.</param>
    /// <param name="path">Where the database is, for messages.</param>
    /// <exception cref="JournalException">With <see cref="JournalFault.Unavailable"/> when SQLite says that one does not hold.</exception>
    public static void Require(SqliteConnection connection, string path)
    {
        connection.Execute("PRAGMA busy_timeout = 250; PRAGMA synchronous = FULL; PRAGMA cell_size_check = ON; PRAGMA trusted_schema = OFF; PRAGMA secure_delete = FAST");
        Expect("journal_mode", connection.Scalar<string>("PRAGMA journal_mode = WAL"), "wal");
        Expect("synchronous", connection.Scalar<long>("PRAGMA synchronous"), 2L);
        Expect("foreign_keys", connection.Scalar<long>("PRAGMA foreign_keys"), 1L);

        void Expect<T>(string setting, T? read, T asked)
        {
            if (!Equals(read, asked))
                throw new JournalException(JournalFault.Unavailable, $"The journal {path} would not be durable: {setting} is '{read}' and must be '{asked}'. Nothing was written. Put the journal on a local disk.");
        }
    }
}
