using Microsoft.Data.Sqlite;
using Refresh.Workflows.Ports;

namespace Refresh.Orchestrator.Journals;

/// <summary>The leases of fleets. A row stays when its lease is given back, so that the epoch only ever rises.</summary>
internal static class LeaseTable
{
    public static Lease Acquire(SqliteConnection connection, string fleet, string worker, DateTimeOffset now, TimeSpan duration, Lease? silent = null)
    {
        var row = Find(connection, fleet);
        if (row?.ExpiresAt > now && (row.Epoch, row.ExpiresAt) != (silent?.Epoch, silent?.ExpiresAt))
            throw new JournalException(JournalFault.LeaseHeld, $"Fleet {fleet} is worked on by {row.Worker}, whose lease holds until {row.ExpiresAt:u} unless renewed. Nothing was changed. Wait for it, or ask that worker to stop.");
        var lease = new Lease(fleet, worker, (row?.Epoch ?? 0) + 1, now + duration);
        connection.Execute(
            "INSERT INTO leases VALUES (@fleet, @worker, @epoch, @expires) ON CONFLICT (fleet) DO UPDATE SET worker = @worker, epoch = @epoch, expires_at = @expires",
            ("@fleet", fleet), ("@worker", worker), ("@epoch", lease.Epoch), ("@expires", Instant.Write(lease.ExpiresAt)));
        return lease;
    }

    public static Lease Renew(SqliteConnection connection, Lease lease, DateTimeOffset now, TimeSpan duration)
    {
        Require(connection, lease);
        var renewed = lease with { ExpiresAt = now + duration };
        connection.Execute("UPDATE leases SET expires_at = @expires WHERE fleet = @fleet", ("@expires", Instant.Write(renewed.ExpiresAt)), ("@fleet", lease.Fleet));
        return renewed;
    }

    public static void Release(SqliteConnection connection, Lease lease) =>
        connection.Execute("UPDATE leases SET expires_at = NULL WHERE fleet = @fleet AND epoch = @epoch", ("@fleet", lease.Fleet), ("@epoch", lease.Epoch));

    /// <summary>Refuses a lease that another worker has taken since, or that was given back. The clock is not asked: the epoch decides.</summary>
    public static void Require(SqliteConnection connection, Lease lease)
    {
        var row = Find(connection, lease.Fleet);
        if (row is null || row.Epoch != lease.Epoch || row.ExpiresAt is null)
            throw new JournalException(JournalFault.LeaseLost, $"{lease.Worker} no longer holds the lease of fleet {lease.Fleet} (epoch {lease.Epoch}; now {row?.Epoch ?? 0}, {(row?.ExpiresAt is null ? "given back" : "held by " + row.Worker)}). Nothing was written. It must stop working on this fleet.");
    }

    public static Lease? Holder(SqliteConnection connection, string fleet, DateTimeOffset now) =>
        Find(connection, fleet) is { ExpiresAt: { } end } row && end > now ? new Lease(fleet, row.Worker, row.Epoch, end) : null;

    private static Row? Find(SqliteConnection connection, string fleet) =>
        connection.Query(
            "SELECT worker, epoch, expires_at FROM leases WHERE fleet = @fleet",
            row => new Row(row.GetString(0), row.GetInt64(1), row.IsDBNull(2) ? null : Instant.Read(row.GetString(2))),
            ("@fleet", fleet)).SingleOrDefault();

    private sealed record Row(string Worker, long Epoch, DateTimeOffset? ExpiresAt);
}
