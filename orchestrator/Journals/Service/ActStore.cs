using System.Text.Json;
using Microsoft.Data.Sqlite;

namespace Refresh.Orchestrator.Journals.Service;

/// <summary>Every act that was asked of the service: by whom, from where, why, and what it was answered. Never updated, never deleted.</summary>
internal sealed class ActStore(JournalDatabase database)
{
    public Task AddAsync(StoredAct act, CancellationToken cancellation) =>
        database.WriteAsync(
            connection =>
            {
                connection.Execute(
                    "INSERT INTO acts (at, person, token, origin, act, fleet, subject, why, status, code) VALUES (@at, @person, @token, @origin, @act, @fleet, @subject, @why, @status, @code)",
                    ("@at", Instant.Write(act.At)), ("@person", act.Person.OrNull()), ("@token", act.Token.OrNull()), ("@origin", act.Origin), ("@act", act.Act),
                    ("@fleet", act.Fleet.OrNull()), ("@subject", act.Subject.OrNull()), ("@why", act.Why), ("@status", act.Status), ("@code", act.Code.OrNull()));
            },
            cancellation);

    /// <summary>The latest acts, latest first.</summary>
    /// <param name="before">Only those before this place; null for all.</param>
    /// <param name="fleets">Only those on one of these fleets; null for all.</param>
    /// <param name="limit">At most so many.</param>
    /// <param name="cancellation">Ends the call.</param>
    public Task<IReadOnlyList<StoredAct>> ListAsync(long? before, IEnumerable<string>? fleets, int limit, CancellationToken cancellation) =>
        database.ReadAsync<IReadOnlyList<StoredAct>>(
            connection => connection.Query(
                "SELECT place, at, person, token, origin, act, fleet, subject, why, status, code FROM acts WHERE place < @before AND (@fleets IS NULL OR fleet IN (SELECT value FROM json_each(@fleets))) ORDER BY place DESC LIMIT @limit",
                Read,
                ("@before", before ?? long.MaxValue), ("@fleets", fleets is null ? DBNull.Value : JsonSerializer.Serialize(fleets)), ("@limit", limit)),
            cancellation);

    private static StoredAct Read(SqliteDataReader row) =>
        new(Instant.Read(row.GetString(1)), row.TextAt(2), row.TextAt(3), row.GetString(4), row.GetString(5), row.TextAt(6), row.TextAt(7), row.GetString(8), row.GetInt32(9), row.TextAt(10)) { Place = row.GetInt64(0) };
}

/// <summary>An act.</summary>
/// <param name="At">When it was asked.</param>
/// <param name="Person">Who asked; null if that is not known.</param>
/// <param name="Token">The id of the token that was used.</param>
/// <param name="Origin">Where it came from, for example an address.</param>
/// <param name="Act">What was asked: method and path, or a command.</param>
/// <param name="Fleet">The fleet that it is about.</param>
/// <param name="Subject">The run, order or token that it made or is about.</param>
/// <param name="Why">The reason given; may be empty.</param>
/// <param name="Status">What it was answered, as an HTTP status.</param>
/// <param name="Code">The code of the problem, when it was refused.</param>
internal sealed record StoredAct(DateTimeOffset At, string? Person, string? Token, string Origin, string Act, string? Fleet, string? Subject, string Why, int Status, string? Code)
{
    /// <summary>Its place in the table.</summary>
    public long Place { get; init; }
}
