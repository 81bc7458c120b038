using Microsoft.Data.Sqlite;

namespace Refresh.Orchestrator.Journals.Service;

/// <summary>Runs that were ordered and wait until their fleet is free, in order.</summary>
internal sealed class OrderStore(JournalDatabase database)
{
    private const string Columns = "id, fleet, terms, person, origin, why, at, state, run, reason";

    /// <summary>Adds an order; one with an id that is there already changes nothing.</summary>
    public Task AddAsync(StoredOrder order, CancellationToken cancellation) =>
        database.WriteAsync(connection => Add(connection, order), cancellation);

    /// <summary>Adds an order in a transaction of somebody else.</summary>
    public static void Add(SqliteConnection connection, StoredOrder order) => connection.Execute(
        $"INSERT INTO orders ({Columns}) VALUES (@id, @fleet, @terms, @person, @origin, @why, @at, @state, @run, @reason) ON CONFLICT (id) DO NOTHING",
        ("@id", order.Id), ("@fleet", order.Fleet), ("@terms", order.Terms), ("@person", order.Person), ("@origin", order.Origin.OrNull()), ("@why", order.Why),
        ("@at", Instant.Write(order.At)), ("@state", order.State.ToString()), ("@run", order.Run.OrNull()), ("@reason", order.Reason.OrNull()));

    public Task<StoredOrder?> FindAsync(string id, CancellationToken cancellation) =>
        database.ReadAsync(connection => connection.Query($"SELECT {Columns} FROM orders WHERE id = @id", Read, ("@id", id)).SingleOrDefault(), cancellation);

    /// <summary>Orders that wait, oldest first.</summary>
    public Task<IReadOnlyList<StoredOrder>> WaitingAsync(CancellationToken cancellation) =>
        database.ReadAsync<IReadOnlyList<StoredOrder>>(connection => connection.Query($"SELECT {Columns} FROM orders WHERE state = 'Waiting' ORDER BY place", Read), cancellation);

    /// <summary>Ends an order that waits; false when it waits no more.</summary>
    public Task<bool> EndAsync(string id, OrderState state, string? run, string? reason, CancellationToken cancellation) =>
        database.WriteAsync(
            connection => connection.Execute(
                "UPDATE orders SET state = @state, run = @run, reason = @reason WHERE id = @id AND state = 'Waiting'",
                ("@state", state.ToString()), ("@run", run.OrNull()), ("@reason", reason.OrNull()), ("@id", id)) == 1,
            cancellation);

    private static StoredOrder Read(SqliteDataReader row) => new(
        row.GetString(0), row.GetString(1), row.GetString(2), row.GetString(3), row.TextAt(4), row.GetString(5), Instant.Read(row.GetString(6)), Enum.Parse<OrderState>(row.GetString(7)), row.TextAt(8), row.TextAt(9));
}

/// <summary>How an order stands. The names are part of the journal's format.</summary>
internal enum OrderState
{
    /// <summary>Its fleet has another run.</summary>
    Waiting,

    /// <summary>Its run has begun.</summary>
    Begun,

    /// <summary>There was nothing to do.</summary>
    Needless,

    /// <summary>Its run could not begin.</summary>
    Refused,

    /// <summary>Somebody took it back.</summary>
    Withdrawn,
}

/// <summary>An order.</summary>
/// <param name="Id">Its id; its run gets the same.</param>
/// <param name="Fleet">The fleet.</param>
/// <param name="Terms">On which terms, as JSON: the image, and what it need not wait for.</param>
/// <param name="Person">Who ordered it.</param>
/// <param name="Origin">Where it came from.</param>
/// <param name="Why">The reason given; may be empty.</param>
/// <param name="At">When it was ordered.</param>
/// <param name="State">How it stands.</param>
/// <param name="Run">The run that came of it.</param>
/// <param name="Reason">Why nothing came of it.</param>
internal sealed record StoredOrder(string Id, string Fleet, string Terms, string Person, string? Origin, string Why, DateTimeOffset At, OrderState State, string? Run, string? Reason);
