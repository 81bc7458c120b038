using Microsoft.Data.Sqlite;

namespace Refresh.Orchestrator.Journals.Service;

/// <summary>Of each fleet, the patch window and the image that the service has handled last, so that each is handled once, also over restarts.</summary>
internal sealed class TriggerStore(JournalDatabase database)
{
    private const string Ask =
        """
        SELECT t.fleet, t.kind, t.subject, t.begins, t.ends, t.at, t.placed, o.state, o.run, coalesce(t.reason, o.reason)
        FROM triggers t LEFT JOIN orders o ON o.id = t.placed
        """;

    /// <summary>All that was handled last.</summary>
    public Task<IReadOnlyList<HandledTrigger>> ListAsync(CancellationToken cancellation) =>
        database.ReadAsync<IReadOnlyList<HandledTrigger>>(connection => connection.Query(Ask, Read), cancellation);

    /// <summary>What was handled last of one fleet; null when nothing was.</summary>
    public Task<HandledTrigger?> FindAsync(string fleet, TriggerKind kind, CancellationToken cancellation) =>
        database.ReadAsync(connection => connection.Query($"{Ask} WHERE t.fleet = @fleet AND t.kind = @kind", Read, ("@fleet", fleet), ("@kind", kind.ToString())).SingleOrDefault(), cancellation);

    /// <summary>Notes what was handled and places its order in one transaction; an order that the same trigger placed before and that waits still is taken back.</summary>
    /// <param name="handled">What.</param>
    /// <param name="order">The order that came of it; null for none.</param>
    /// <param name="cancellation">Ends the call.</param>
    public Task HandleAsync(HandledTrigger handled, StoredOrder? order, CancellationToken cancellation) =>
        database.WriteAsync(
            connection =>
            {
                if (order is not null)
                {
                    connection.Execute(
                        "UPDATE orders SET state = 'Withdrawn', reason = @reason WHERE fleet = @fleet AND person = @person AND state = 'Waiting' AND id <> @id",
                        ("@reason", $"{handled.Subject} takes its place, as order {order.Id}"), ("@fleet", order.Fleet), ("@person", order.Person), ("@id", order.Id));
                    OrderStore.Add(connection, order);
                }

                connection.Execute(
                    "INSERT INTO triggers (fleet, kind, subject, begins, ends, at, placed, reason) VALUES (@fleet, @kind, @subject, @begins, @ends, @at, @placed, @reason) ON CONFLICT (fleet, kind) DO UPDATE SET subject = @subject, begins = @begins, ends = @ends, at = @at, placed = @placed, reason = @reason",
                    ("@fleet", handled.Fleet), ("@kind", handled.Kind.ToString()), ("@subject", handled.Subject), ("@begins", Instant.Write(handled.Begins)), ("@ends", Instant.Write(handled.Ends)),
                    ("@at", Instant.Write(handled.At)), ("@placed", (order?.Id).OrNull()), ("@reason", handled.Reason.OrNull()));
            },
            cancellation);

    /// <summary>Lets the order of a trigger that was refused wait anew.</summary>
    /// <param name="handled">The trigger.</param>
    /// <param name="now">When.</param>
    /// <param name="cancellation">Ends the call.</param>
    public Task AgainAsync(HandledTrigger handled, DateTimeOffset now, CancellationToken cancellation) =>
        database.WriteAsync(
            connection =>
            {
                connection.Execute("UPDATE orders SET state = 'Waiting', reason = NULL WHERE id = @id AND state = 'Refused'", ("@id", handled.Order.OrNull()));
                connection.Execute("UPDATE triggers SET at = @at WHERE fleet = @fleet AND kind = @kind", ("@at", Instant.Write(now)), ("@fleet", handled.Fleet), ("@kind", handled.Kind.ToString()));
            },
            cancellation);

    private static HandledTrigger Read(SqliteDataReader row) => new(row.GetString(0), Enum.Parse<TriggerKind>(row.GetString(1)), row.GetString(2), Instant.Read(row.GetString(3)), Instant.Read(row.GetString(4)), Instant.Read(row.GetString(5)), row.TextAt(9))
    {
        Order = row.TextAt(6),
        State = row.TextAt(7) is { } state ? Enum.Parse<OrderState>(state) : null,
        Run = row.TextAt(8),
    };
}

/// <summary>What can start a run by itself. The names are part of the journal's format.</summary>
internal enum TriggerKind
{
    /// <summary>A patch window opens.</summary>
    Window,

    /// <summary>An image is new in the catalogue.</summary>
    Image,
}

/// <summary>A trigger that was handled.</summary>
/// <param name="Fleet">The fleet.</param>
/// <param name="Kind">What it was.</param>
/// <param name="Subject">Which window, or which image.</param>
/// <param name="Begins">The begin of the window; when the image was built.</param>
/// <param name="Ends">The end of the window; when the image was built.</param>
/// <param name="At">When it was handled last.</param>
/// <param name="Reason">Why nothing was begun.</param>
internal sealed record HandledTrigger(string Fleet, TriggerKind Kind, string Subject, DateTimeOffset Begins, DateTimeOffset Ends, DateTimeOffset At, string? Reason)
{
    /// <summary>The order that came of it; null when none was placed.</summary>
    public string? Order { get; init; }

    /// <summary>How that order stands.</summary>
    public OrderState? State { get; init; }

    /// <summary>The run that came of it.</summary>
    public string? Run { get; init; }
}
