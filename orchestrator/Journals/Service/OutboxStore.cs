using Microsoft.Data.Sqlite;

namespace Refresh.Orchestrator.Journals.Service;

/// <summary>
/// What people are to be told, until they have been. A notice of a run is put here in the transaction that notes how far the
/// run's entries were read, so that each entry is told once, however often the service is started.
/// </summary>
internal sealed class OutboxStore(JournalDatabase database)
{
    private const string Columns = "place, id, channel, run, form, notice, at, attempts, due_at";

    /// <summary>Runs with entries that were not read yet.</summary>
    /// <returns>Each run, and the sequence of the last entry that was read.</returns>
    public Task<IReadOnlyList<(string Run, long Told, long Last)>> UntoldAsync(CancellationToken cancellation) =>
        database.ReadAsync<IReadOnlyList<(string Run, long Told, long Last)>>(
            connection => connection.Query("SELECT runs.run, coalesce(told.sequence, 0), runs.sequence FROM runs LEFT JOIN told ON told.run = runs.run WHERE runs.sequence > coalesce(told.sequence, 0) ORDER BY runs.started_at", row => (row.GetString(0), row.GetInt64(1), row.GetInt64(2))),
            cancellation);

    /// <summary>Puts notices out and notes how far a run was read. A status that waits already is replaced: who reads it late reads the latest.</summary>
    /// <param name="notices">The notices; one with an id that the channel had already is left out.</param>
    /// <param name="run">The run that was read; null for none.</param>
    /// <param name="sequence">Its last entry that was read.</param>
    /// <param name="cancellation">Ends the call.</param>
    public Task PutAsync(IReadOnlyList<StoredNotice> notices, string? run, long sequence, CancellationToken cancellation) =>
        database.WriteAsync(
            connection =>
            {
                foreach (var notice in notices)
                    Put(connection, notice);
                if (run is not null)
                    connection.Execute("INSERT INTO told (run, sequence) VALUES (@run, @sequence) ON CONFLICT (run) DO UPDATE SET sequence = max(sequence, @sequence)", ("@run", run), ("@sequence", sequence));
            },
            cancellation);

    /// <summary>Notes every entry that there is as told: nobody is to be told.</summary>
    public Task SkipAsync(CancellationToken cancellation) =>
        database.WriteAsync(connection => { connection.Execute("INSERT INTO told (run, sequence) SELECT run, sequence FROM runs WHERE true ON CONFLICT (run) DO UPDATE SET sequence = excluded.sequence"); }, cancellation);

    /// <summary>The next notice of a channel that is due; null when none is. When the next one will be; null when none waits.</summary>
    public Task<(StoredNotice? Notice, DateTimeOffset? NextAt)> NextAsync(string channel, DateTimeOffset now, CancellationToken cancellation) =>
        database.ReadAsync(
            connection =>
            {
                var due = connection.Query($"SELECT {Columns} FROM outbox WHERE channel = @channel AND state = 'Waiting' AND due_at <= @now ORDER BY place LIMIT 1", Read, ("@channel", channel), ("@now", Instant.Write(now))).SingleOrDefault();
                var next = connection.Scalar<string>("SELECT min(due_at) FROM outbox WHERE channel = @channel AND state = 'Waiting'", ("@channel", channel));
                return (due, next is null ? (DateTimeOffset?)null : Instant.Read(next));
            },
            cancellation);

    /// <summary>Ends a notice. A status that was replaced while it was being sent waits on.</summary>
    public Task EndAsync(StoredNotice notice, string state, string? why, CancellationToken cancellation) =>
        database.WriteAsync(
            connection => { connection.Execute("UPDATE outbox SET state = @state, why = @why WHERE place = @place AND notice = @notice", ("@state", state), ("@why", why.OrNull()), ("@place", notice.Place), ("@notice", notice.Notice)); },
            cancellation);

    /// <summary>Puts a notice off after a failed attempt.</summary>
    public Task PutOffAsync(StoredNotice notice, DateTimeOffset due, string why, CancellationToken cancellation) =>
        database.WriteAsync(
            connection => { connection.Execute("UPDATE outbox SET attempts = @attempts, due_at = @due, why = @why WHERE place = @place", ("@attempts", notice.Attempts), ("@due", Instant.Write(due)), ("@why", why), ("@place", notice.Place)); },
            cancellation);

    /// <summary>Where a channel has the thread of a run; null when it has none yet.</summary>
    public Task<string?> ThreadAsync(string channel, string run, CancellationToken cancellation) =>
        database.ReadAsync(connection => connection.Scalar<string>("SELECT thread FROM threads WHERE channel = @channel AND run = @run", ("@channel", channel), ("@run", run)), cancellation);

    public Task KeepThreadAsync(string channel, string run, string thread, CancellationToken cancellation) =>
        database.WriteAsync(
            connection => { connection.Execute("INSERT INTO threads (channel, run, thread) VALUES (@channel, @run, @thread) ON CONFLICT (channel, run) DO UPDATE SET thread = @thread", ("@channel", channel), ("@run", run), ("@thread", thread)); },
            cancellation);

    /// <summary>Forgets the thread of a run: its first message is gone.</summary>
    public Task ForgetThreadAsync(string channel, string run, CancellationToken cancellation) =>
        database.WriteAsync(connection => { connection.Execute("DELETE FROM threads WHERE channel = @channel AND run = @run", ("@channel", channel), ("@run", run)); }, cancellation);

    /// <summary>Why a channel is not used any more, with these settings; null when it is.</summary>
    public Task<string?> DisabledAsync(string channel, string settings, CancellationToken cancellation) =>
        database.ReadAsync(connection => connection.Scalar<string>("SELECT why FROM disabled_channels WHERE channel = @channel AND settings = @settings", ("@channel", channel), ("@settings", settings)), cancellation);

    public Task DisableAsync(string channel, string settings, string why, DateTimeOffset at, CancellationToken cancellation) =>
        database.WriteAsync(
            connection => { connection.Execute("INSERT OR REPLACE INTO disabled_channels (channel, settings, why, at) VALUES (@channel, @settings, @why, @at)", ("@channel", channel), ("@settings", settings), ("@why", why), ("@at", Instant.Write(at))); },
            cancellation);

    /// <summary>Notices by channel and state.</summary>
    public Task<IReadOnlyList<(string Channel, string State, long Count)>> CountAsync(CancellationToken cancellation) =>
        database.ReadAsync<IReadOnlyList<(string Channel, string State, long Count)>>(connection => connection.Query("SELECT channel, state, count(*) FROM outbox GROUP BY channel, state", row => (row.GetString(0), row.GetString(1), row.GetInt64(2))), cancellation);

    /// <summary>Forgets notices that are older, whatever became of them.</summary>
    public Task ForgetAsync(DateTimeOffset before, CancellationToken cancellation) =>
        database.WriteAsync(connection => { connection.Execute("DELETE FROM outbox WHERE at < @before", ("@before", Instant.Write(before))); }, cancellation);

    private static void Put(SqliteConnection connection, StoredNotice notice)
    {
        var replaced = notice.Form == StoredNotice.Status && connection.Execute(
            "UPDATE outbox SET id = @id, notice = @notice, at = @at WHERE channel = @channel AND run = @run AND form = 'Status' AND state = 'Waiting'",
            ("@id", notice.Id), ("@notice", notice.Notice), ("@at", Instant.Write(notice.At)), ("@channel", notice.Channel), ("@run", notice.Run.OrNull())) > 0;
        if (!replaced)
        {
            connection.Execute(
                "INSERT INTO outbox (id, channel, run, form, notice, at, attempts, due_at, state) VALUES (@id, @channel, @run, @form, @notice, @at, 0, @at, 'Waiting') ON CONFLICT (channel, id) DO NOTHING",
                ("@id", notice.Id), ("@channel", notice.Channel), ("@run", notice.Run.OrNull()), ("@form", notice.Form), ("@notice", notice.Notice), ("@at", Instant.Write(notice.At)));
        }
    }

    private static StoredNotice Read(SqliteDataReader row) =>
        new(row.GetString(1), row.GetString(2), row.TextAt(3), row.GetString(4), row.GetString(5), Instant.Read(row.GetString(6))) { Place = row.GetInt64(0), Attempts = row.GetInt32(7) };
}

/// <summary>A notice for one channel.</summary>
/// <param name="Id">Its id: the same for every attempt.</param>
/// <param name="Channel">The channel.</param>
/// <param name="Run">The run that it is about, whose thread it goes to.</param>
/// <param name="Form"><see cref="Status"/> or <see cref="Message"/>.</param>
/// <param name="Notice">What it says, as JSON.</param>
/// <param name="At">When what it tells of happened.</param>
internal sealed record StoredNotice(string Id, string Channel, string? Run, string Form, string Notice, DateTimeOffset At)
{
    /// <summary>How a run stands: replaced by what is newer, and edited where it was sent.</summary>
    public const string Status = "Status";

    /// <summary>Something that happened: sent once.</summary>
    public const string Message = "Message";

    /// <summary>Its place in the outbox.</summary>
    public long Place { get; init; }

    /// <summary>Attempts that failed.</summary>
    public int Attempts { get; init; }
}
