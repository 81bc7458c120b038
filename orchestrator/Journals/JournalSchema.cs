using Microsoft.Data.Sqlite;
using Refresh.Workflows.Journal;
using Refresh.Workflows.Ports;

namespace Refresh.Orchestrator.Journals;

/// <summary>The tables of the journal and their version; docs/journal.md explains them.</summary>
internal static class JournalSchema
{
    /// <summary>Marks a SQLite database as a journal of Refresh: the letters RFSH.</summary>
    public const long ApplicationId = 0x52465348;

    /// <summary>The version of the tables.</summary>
    public static int Version => Upgrades.Count;

    /// <summary>The script at place <c>n</c> takes the tables from version <c>n</c> to <c>n + 1</c>; a script that was released is never changed.</summary>
    internal static IReadOnlyList<string> Upgrades { get; } =
    [
        """
        CREATE TABLE versions (
            version    INTEGER NOT NULL,
            format     INTEGER NOT NULL,
            applied_at TEXT NOT NULL,
            PRIMARY KEY (version, format)
        ) STRICT;

        CREATE TABLE leases (
            fleet      TEXT PRIMARY KEY,
            worker     TEXT NOT NULL,
            epoch      INTEGER NOT NULL,
            expires_at TEXT
        ) STRICT;

        CREATE TABLE runs (
            run        TEXT PRIMARY KEY,
            fleet      TEXT NOT NULL,
            image      TEXT NOT NULL,
            state      TEXT NOT NULL,
            finished   INTEGER NOT NULL CHECK (finished IN (0, 1)),
            sequence   INTEGER NOT NULL,
            started_at TEXT NOT NULL,
            updated_at TEXT NOT NULL,
            hash       TEXT NOT NULL,
            seal       TEXT NOT NULL
        ) STRICT;
        CREATE UNIQUE INDEX one_unfinished_run_a_fleet ON runs (fleet) WHERE finished = 0;

        CREATE TABLE entries (
            run        TEXT NOT NULL REFERENCES runs (run),
            sequence   INTEGER NOT NULL,
            at         TEXT NOT NULL,
            epoch      INTEGER NOT NULL,
            event      TEXT NOT NULL,
            hash       TEXT NOT NULL,
            PRIMARY KEY (run, sequence)
        ) STRICT, WITHOUT ROWID;

        CREATE TABLE claims (
            claim      TEXT NOT NULL,
            run        TEXT NOT NULL REFERENCES runs (run),
            PRIMARY KEY (claim, run)
        ) STRICT, WITHOUT ROWID;

        CREATE TABLE requests (
            place      INTEGER PRIMARY KEY,
            id         TEXT NOT NULL UNIQUE,
            run        TEXT NOT NULL REFERENCES runs (run),
            kind       TEXT NOT NULL,
            asked_by   TEXT NOT NULL,
            why        TEXT NOT NULL,
            at         TEXT NOT NULL,
            answered   INTEGER
        ) STRICT;
        CREATE INDEX unanswered_requests ON requests (run) WHERE answered IS NULL;
        """,
        """
        ALTER TABLE requests ADD COLUMN asked_from TEXT;
        CREATE INDEX runs_by_begin ON runs (started_at);
        CREATE INDEX runs_of_fleet_by_begin ON runs (fleet, started_at);

        CREATE TABLE tokens (
            id         TEXT PRIMARY KEY,
            person     TEXT NOT NULL,
            note       TEXT NOT NULL,
            hash       TEXT NOT NULL UNIQUE,
            grants     TEXT NOT NULL,
            created_at TEXT NOT NULL,
            created_by TEXT NOT NULL,
            expires_at TEXT,
            used_at    TEXT,
            revoked_at TEXT,
            revoked_by TEXT
        ) STRICT;

        CREATE TABLE answers (
            asker      TEXT NOT NULL,
            key        TEXT NOT NULL,
            request    TEXT NOT NULL,
            subject    TEXT NOT NULL,
            worker     TEXT NOT NULL,
            at         TEXT NOT NULL,
            status     INTEGER,
            location   TEXT,
            body       TEXT,
            PRIMARY KEY (asker, key)
        ) STRICT, WITHOUT ROWID;
        CREATE INDEX answers_by_age ON answers (at);

        CREATE TABLE acts (
            place      INTEGER PRIMARY KEY,
            at         TEXT NOT NULL,
            person     TEXT,
            token      TEXT,
            origin     TEXT NOT NULL,
            act        TEXT NOT NULL,
            fleet      TEXT,
            subject    TEXT,
            why        TEXT NOT NULL,
            status     INTEGER NOT NULL,
            code       TEXT
        ) STRICT;

        CREATE TABLE orders (
            place      INTEGER PRIMARY KEY,
            id         TEXT NOT NULL UNIQUE,
            fleet      TEXT NOT NULL,
            terms      TEXT NOT NULL,
            person     TEXT NOT NULL,
            origin     TEXT,
            why        TEXT NOT NULL,
            at         TEXT NOT NULL,
            state      TEXT NOT NULL,
            run        TEXT,
            reason     TEXT
        ) STRICT;
        CREATE INDEX waiting_orders ON orders (fleet) WHERE state = 'Waiting';
        """,
        """
        CREATE TABLE archives (
            run        TEXT PRIMARY KEY REFERENCES runs (run),
            file       TEXT NOT NULL,
            at         TEXT NOT NULL,
            seal       TEXT NOT NULL
        ) STRICT;
        """,
        """
        CREATE TABLE triggers (
            fleet      TEXT NOT NULL,
            kind       TEXT NOT NULL,
            subject    TEXT NOT NULL,
            begins     TEXT NOT NULL,
            ends       TEXT NOT NULL,
            at         TEXT NOT NULL,
            placed     TEXT,
            reason     TEXT,
            PRIMARY KEY (fleet, kind)
        ) STRICT, WITHOUT ROWID;
        """,
        """
        CREATE TABLE deliveries (
            hook       TEXT NOT NULL,
            key        TEXT NOT NULL,
            subject    TEXT NOT NULL,
            task       TEXT NOT NULL,
            worker     TEXT NOT NULL,
            at         TEXT NOT NULL,
            answer     TEXT,
            PRIMARY KEY (hook, key)
        ) STRICT, WITHOUT ROWID;
        CREATE INDEX unanswered_deliveries ON deliveries (at) WHERE answer IS NULL;
        CREATE INDEX deliveries_by_age ON deliveries (at);

        CREATE TABLE confirmations (
            hash       TEXT PRIMARY KEY,
            account    TEXT NOT NULL,
            command    TEXT NOT NULL,
            expires_at TEXT NOT NULL,
            used_by    TEXT
        ) STRICT, WITHOUT ROWID;

        CREATE TABLE told (
            run        TEXT PRIMARY KEY REFERENCES runs (run),
            sequence   INTEGER NOT NULL
        ) STRICT, WITHOUT ROWID;
        INSERT INTO told SELECT run, sequence FROM runs;

        CREATE TABLE outbox (
            place      INTEGER PRIMARY KEY,
            id         TEXT NOT NULL,
            channel    TEXT NOT NULL,
            run        TEXT,
            form       TEXT NOT NULL,
            notice     TEXT NOT NULL,
            at         TEXT NOT NULL,
            attempts   INTEGER NOT NULL,
            due_at     TEXT NOT NULL,
            state      TEXT NOT NULL,
            why        TEXT,
            UNIQUE (channel, id)
        ) STRICT;
        CREATE INDEX waiting_notices ON outbox (channel, due_at) WHERE state = 'Waiting';
        CREATE INDEX notices_by_age ON outbox (at);

        CREATE TABLE threads (
            channel    TEXT NOT NULL,
            run        TEXT NOT NULL,
            thread     TEXT NOT NULL,
            PRIMARY KEY (channel, run)
        ) STRICT, WITHOUT ROWID;

        CREATE TABLE disabled_channels (
            channel    TEXT PRIMARY KEY,
            settings   TEXT NOT NULL,
            why        TEXT NOT NULL,
            at         TEXT NOT NULL
        ) STRICT, WITHOUT ROWID;
        """,
    ];

    /// <summary>Refuses a database that is no journal, or one that a newer Refresh has written.</summary>
    /// <param name="connection">A connection to it.</param>
    /// <param name="path">Where it is, for messages.</param>
    /// <exception cref="JournalException">With <see cref="JournalFault.Unavailable"/>.</exception>
    public static void Check(SqliteConnection connection, string path)
    {
        if (connection.Scalar<long>("PRAGMA application_id") != ApplicationId)
            throw new JournalException(JournalFault.Unavailable, $"{path} is a database, and not a journal of Refresh. It was left as it is. Name another file for the journal.");
        var (version, format) = Versions(connection);
        if (version > Version || format > JournalFormat.Version)
            throw new JournalException(JournalFault.Unavailable, $"The journal {path} was written by a newer Refresh (tables {version}, events {format}; this one knows {Version} and {JournalFormat.Version}). It was left as it is. Use the newer Refresh, or another journal.");
    }

    /// <summary>Brings the tables and the note of the event format up to this version. Call it in a transaction.</summary>
    /// <param name="connection">A connection to the database, which may be empty.</param>
    /// <param name="now">The time to note.</param>
    public static void Upgrade(SqliteConnection connection, DateTimeOffset now)
    {
        var (version, format) = Versions(connection);
        if (version == Version && format == JournalFormat.Version)
            return;
        foreach (var script in Upgrades.Skip((int)version))
            connection.Execute(script);
        connection.Execute("INSERT INTO versions VALUES (@version, @format, @at)", ("@version", Version), ("@format", JournalFormat.Version), ("@at", Instant.Write(now)));
        connection.Execute($"PRAGMA application_id = {ApplicationId}");
        connection.Execute($"PRAGMA user_version = {Version}");
    }

    /// <summary>Whether <see cref="Upgrade"/> has something to do.</summary>
    /// <param name="connection">A connection to a journal.</param>
    public static bool IsOld(SqliteConnection connection) => Versions(connection) is var (version, format) && (version < Version || format < JournalFormat.Version);

    private static (long Version, long Format) Versions(SqliteConnection connection)
    {
        var version = connection.Scalar<long>("PRAGMA user_version");
        return (version, version == 0 ? 0 : connection.Scalar<long>("SELECT max(format) FROM versions"));
    }
}
