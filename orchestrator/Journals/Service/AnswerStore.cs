using Microsoft.Data.Sqlite;

namespace Refresh.Orchestrator.Journals.Service;

/// <summary>What POSTs were answered, by who asked and their <c>Idempotency-Key</c>: the same key gets the same answer, also after a restart.</summary>
internal sealed class AnswerStore(JournalDatabase database)
{
    /// <summary>
    /// Takes a key, or tells how it stands. A key that was taken before and not answered, and that nobody is about to answer, is
    /// taken over with the subject that it had: what was begun under that subject is then found, and not done again.
    /// </summary>
    /// <param name="asked">The key as it would be taken.</param>
    /// <param name="free">Nobody here is about to answer it.</param>
    /// <param name="cancellation">Ends the call.</param>
    /// <returns>The key as it stands, and whether it is ours to answer.</returns>
    public Task<(StoredAnswer Answer, bool Ours)> TakeAsync(StoredAnswer asked, bool free, CancellationToken cancellation) =>
        database.WriteAsync(
            connection =>
            {
                var there = Find(connection, asked.Asker, asked.Key);
                if (!free || there is { Status: not null } || (there is not null && there.Request != asked.Request))
                    return (there ?? asked, false);
                if (there is null)
                {
                    connection.Execute(
                        "INSERT INTO answers (asker, key, request, subject, worker, at) VALUES (@asker, @key, @request, @subject, @worker, @at)",
                        ("@asker", asked.Asker), ("@key", asked.Key), ("@request", asked.Request), ("@subject", asked.Subject), ("@worker", asked.Worker), ("@at", Instant.Write(asked.At)));
                    return (asked, true);
                }

                connection.Execute("UPDATE answers SET worker = @worker WHERE asker = @asker AND key = @key", ("@worker", asked.Worker), ("@asker", asked.Asker), ("@key", asked.Key));
                return (there with { Worker = asked.Worker }, true);
            },
            cancellation);

    /// <summary>Keeps the answer to a key.</summary>
    public Task KeepAsync(StoredAnswer answer, CancellationToken cancellation) =>
        database.WriteAsync(
            connection =>
            {
                connection.Execute(
                    "UPDATE answers SET status = @status, location = @location, body = @body WHERE asker = @asker AND key = @key",
                    ("@status", (object?)answer.Status ?? DBNull.Value), ("@location", answer.Location.OrNull()), ("@body", answer.Body.OrNull()), ("@asker", answer.Asker), ("@key", answer.Key));
            },
            cancellation);

    /// <summary>Forgets keys that are older.</summary>
    public Task ForgetAsync(DateTimeOffset before, CancellationToken cancellation) =>
        database.WriteAsync(connection => { connection.Execute("DELETE FROM answers WHERE at < @before", ("@before", Instant.Write(before))); }, cancellation);

    private static StoredAnswer? Find(SqliteConnection connection, string asker, string key) =>
        connection.Query(
            "SELECT request, subject, worker, at, status, location, body FROM answers WHERE asker = @asker AND key = @key",
            row => new StoredAnswer(asker, key, row.GetString(0), row.GetString(1), row.GetString(2), Instant.Read(row.GetString(3)))
            {
                Status = row.IsDBNull(4) ? null : row.GetInt32(4),
                Location = row.TextAt(5),
                Body = row.TextAt(6),
            },
            ("@asker", asker), ("@key", key)).SingleOrDefault();
}

/// <summary>The answer to a key.</summary>
/// <param name="Asker">The token that asked; its keys are its own.</param>
/// <param name="Key">The key.</param>
/// <param name="Request">The SHA-256 of what was asked: method, path and body.</param>
/// <param name="Subject">The id that was settled for what it makes, before it was made.</param>
/// <param name="Worker">The process that answers it.</param>
/// <param name="At">When it was asked first.</param>
internal sealed record StoredAnswer(string Asker, string Key, string Request, string Subject, string Worker, DateTimeOffset At)
{
    /// <summary>The HTTP status; null while it is not answered.</summary>
    public int? Status { get; init; }

    /// <summary>The <c>Location</c> header.</summary>
    public string? Location { get; init; }

    /// <summary>The body.</summary>
    public string? Body { get; init; }
}
