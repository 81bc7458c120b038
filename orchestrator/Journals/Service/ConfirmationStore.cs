namespace Refresh.Orchestrator.Journals.Service;

/// <summary>Commands that were announced and wait for a person's confirmation. Of a code its hash alone is kept.</summary>
internal sealed class ConfirmationStore(JournalDatabase database)
{
    public Task AddAsync(StoredConfirmation confirmation, CancellationToken cancellation) =>
        database.WriteAsync(
            connection =>
            {
                connection.Execute(
                    "INSERT INTO confirmations (hash, account, command, expires_at, used_by) VALUES (@hash, @account, @command, @expires, NULL)",
                    ("@hash", confirmation.Hash), ("@account", confirmation.Account), ("@command", confirmation.Command), ("@expires", Instant.Write(confirmation.ExpiresAt)));
            },
            cancellation);

    /// <summary>Uses a code, once: by the account that it was given to, before it ends. The same delivery may use it again after a crash.</summary>
    /// <param name="hash">The code's hash.</param>
    /// <param name="account">Who confirms.</param>
    /// <param name="subject">The id that was settled for the delivery.</param>
    /// <param name="now">The time.</param>
    /// <param name="cancellation">Ends the call.</param>
    /// <returns>The command; null when the code is none, another's, used or too old.</returns>
    public Task<string?> UseAsync(string hash, string account, string subject, DateTimeOffset now, CancellationToken cancellation) =>
        database.WriteAsync(
            connection =>
            {
                var used = connection.Execute(
                    "UPDATE confirmations SET used_by = @subject WHERE hash = @hash AND account = @account AND (used_by = @subject OR (used_by IS NULL AND expires_at > @now))",
                    ("@subject", subject), ("@hash", hash), ("@account", account), ("@now", Instant.Write(now)));
                return used == 1 ? connection.Scalar<string>("SELECT command FROM confirmations WHERE hash = @hash", ("@hash", hash)) : null;
            },
            cancellation);

    /// <summary>Forgets codes that ended before.</summary>
    public Task ForgetAsync(DateTimeOffset before, CancellationToken cancellation) =>
        database.WriteAsync(connection => { connection.Execute("DELETE FROM confirmations WHERE expires_at < @before", ("@before", Instant.Write(before))); }, cancellation);
}

/// <summary>A command that waits for its confirmation.</summary>
/// <param name="Hash">The SHA-256 of the code.</param>
/// <param name="Account">Who alone may confirm.</param>
/// <param name="Command">The command, whole: what is confirmed is what was announced.</param>
/// <param name="ExpiresAt">When the code ends.</param>
internal sealed record StoredConfirmation(string Hash, string Account, string Command, DateTimeOffset ExpiresAt);
