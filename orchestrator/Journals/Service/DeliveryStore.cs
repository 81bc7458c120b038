using Microsoft.Data.Sqlite;

namespace Refresh.Orchestrator.Journals.Service;

/// <summary>What came by webhook: the key that tells a delivery from its replay, and what it asks, in one row and so in one transaction.</summary>
internal sealed class DeliveryStore(JournalDatabase database)
{
    private const string Columns = "hook, key, subject, task, worker, at, answer";

    /// <summary>Takes a delivery; one that came before is told with what was answered.</summary>
    /// <returns>The delivery as it stands, and whether it is new.</returns>
    public Task<(StoredDelivery Delivery, bool New)> TakeAsync(StoredDelivery delivery, CancellationToken cancellation) =>
        database.WriteAsync(
            connection =>
            {
                var inserted = connection.Execute(
                    $"INSERT INTO deliveries ({Columns}) VALUES (@hook, @key, @subject, @task, @worker, @at, NULL) ON CONFLICT (hook, key) DO NOTHING",
                    ("@hook", delivery.Hook), ("@key", delivery.Key), ("@subject", delivery.Subject), ("@task", delivery.Task), ("@worker", delivery.Worker), ("@at", Instant.Write(delivery.At))) == 1;
                return inserted ? (delivery, true) : (connection.Query($"SELECT {Columns} FROM deliveries WHERE hook = @hook AND key = @key", Read, ("@hook", delivery.Hook), ("@key", delivery.Key)).Single(), false);
            },
            cancellation);

    /// <summary>Keeps what a delivery was answered, and its task as it is told now: nothing of it is left to be done.</summary>
    public Task AnswerAsync(StoredDelivery delivery, string answer, CancellationToken cancellation) =>
        database.WriteAsync(
            connection => { connection.Execute("UPDATE deliveries SET answer = @answer, task = @task WHERE hook = @hook AND key = @key", ("@answer", answer), ("@task", delivery.Task), ("@hook", delivery.Hook), ("@key", delivery.Key)); },
            cancellation);

    /// <summary>Leaves a delivery to be carried out again, with its task as it is now.</summary>
    public Task LeaveAsync(StoredDelivery delivery, CancellationToken cancellation) =>
        database.WriteAsync(connection => { connection.Execute("UPDATE deliveries SET task = @task WHERE hook = @hook AND key = @key", ("@task", delivery.Task), ("@hook", delivery.Hook), ("@key", delivery.Key)); }, cancellation);

    /// <summary>Lets a delivery go: what it asked was not done, and it may come again.</summary>
    public Task LetGoAsync(StoredDelivery delivery, CancellationToken cancellation) =>
        database.WriteAsync(connection => { connection.Execute("DELETE FROM deliveries WHERE hook = @hook AND key = @key", ("@hook", delivery.Hook), ("@key", delivery.Key)); }, cancellation);

    /// <summary>Takes over deliveries that another process took and did not answer, oldest first.</summary>
    public Task<IReadOnlyList<StoredDelivery>> TakeOverAsync(string worker, CancellationToken cancellation) =>
        database.WriteAsync<IReadOnlyList<StoredDelivery>>(
            connection =>
            {
                var left = connection.Query($"SELECT {Columns} FROM deliveries WHERE answer IS NULL AND worker <> @worker ORDER BY at", Read, ("@worker", worker));
                connection.Execute("UPDATE deliveries SET worker = @worker WHERE answer IS NULL", ("@worker", worker));
                return left;
            },
            cancellation);

    /// <summary>Forgets answered deliveries that are older.</summary>
    public Task ForgetAsync(DateTimeOffset before, CancellationToken cancellation) =>
        database.WriteAsync(connection => { connection.Execute("DELETE FROM deliveries WHERE at < @before AND answer IS NOT NULL", ("@before", Instant.Write(before))); }, cancellation);

    private static StoredDelivery Read(SqliteDataReader row) =>
        new(row.GetString(0), row.GetString(1), row.GetString(2), row.GetString(3), row.GetString(4), Instant.Read(row.GetString(5))) { Answer = row.TextAt(6) };
}

/// <summary>A delivery.</summary>
/// <param name="Hook">The webhook it came to.</param>
/// <param name="Key">What tells it from others: its id, or its signature.</param>
/// <param name="Subject">The id that was settled for what it makes, before it was made.</param>
/// <param name="Task">What it asks, as JSON.</param>
/// <param name="Worker">The process that carries it out.</param>
/// <param name="At">When it came.</param>
internal sealed record StoredDelivery(string Hook, string Key, string Subject, string Task, string Worker, DateTimeOffset At)
{
    /// <summary>What it was answered; null while it is being carried out.</summary>
    public string? Answer { get; init; }
}
