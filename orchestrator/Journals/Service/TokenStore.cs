using Microsoft.Data.Sqlite;

namespace Refresh.Orchestrator.Journals.Service;

/// <summary>API tokens: their SHA-256 alone is kept. A row stays when its token is revoked.</summary>
internal sealed class TokenStore(JournalDatabase database)
{
    private const string Columns = "id, person, note, hash, grants, created_at, created_by, expires_at, used_at, revoked_at, revoked_by";

    public Task AddAsync(StoredToken token, CancellationToken cancellation) =>
        database.WriteAsync(connection => Add(connection, token), cancellation);

    /// <summary>The token with this hash, revoked or not.</summary>
    public Task<StoredToken?> FindAsync(string hash, CancellationToken cancellation) =>
        database.ReadAsync(connection => connection.Query($"SELECT {Columns} FROM tokens WHERE hash = @hash", Read, ("@hash", hash)).SingleOrDefault(), cancellation);

    public Task<IReadOnlyList<StoredToken>> ListAsync(CancellationToken cancellation) =>
        database.ReadAsync<IReadOnlyList<StoredToken>>(connection => connection.Query($"SELECT {Columns} FROM tokens ORDER BY created_at, id", Read), cancellation);

    /// <summary>Revokes a token; false when there is none of that id that still holds.</summary>
    public Task<bool> RevokeAsync(string id, string by, DateTimeOffset at, CancellationToken cancellation) =>
        database.WriteAsync(
            connection => connection.Execute("UPDATE tokens SET revoked_at = @at, revoked_by = @by WHERE id = @id AND revoked_at IS NULL", ("@at", Instant.Write(at)), ("@by", by), ("@id", id)) == 1,
            cancellation);

    /// <summary>Notes when a token was used last.</summary>
    public Task UsedAsync(string id, DateTimeOffset at, CancellationToken cancellation) =>
        database.WriteAsync(connection => { connection.Execute("UPDATE tokens SET used_at = @at WHERE id = @id", ("@at", Instant.Write(at)), ("@id", id)); }, cancellation);

    private static void Add(SqliteConnection connection, StoredToken token) =>
        connection.Execute(
            $"INSERT INTO tokens ({Columns}) VALUES (@id, @person, @note, @hash, @grants, @created, @by, @expires, NULL, NULL, NULL)",
            ("@id", token.Id), ("@person", token.Person), ("@note", token.Note), ("@hash", token.Hash), ("@grants", token.Grants),
            ("@created", Instant.Write(token.CreatedAt)), ("@by", token.CreatedBy), ("@expires", token.ExpiresAt is { } end ? Instant.Write(end) : DBNull.Value));

    private static StoredToken Read(SqliteDataReader row) => new(
        row.GetString(0), row.GetString(1), row.GetString(2), row.GetString(3), row.GetString(4), Instant.Read(row.GetString(5)), row.GetString(6))
    {
        ExpiresAt = row.InstantAt(7),
        UsedAt = row.InstantAt(8),
        RevokedAt = row.InstantAt(9),
        RevokedBy = row.TextAt(10),
    };
}

/// <summary>A token as it is stored.</summary>
/// <param name="Id">Its id, for people: it opens nothing.</param>
/// <param name="Person">Whose acts are journaled under it.</param>
/// <param name="Note">What it is for; may be empty.</param>
/// <param name="Hash">The SHA-256 of the token, lowercase hex.</param>
/// <param name="Grants">What it may do, as written: <c>operator@shop viewer</c>.</param>
/// <param name="CreatedAt">When it was made.</param>
/// <param name="CreatedBy">By whom.</param>
internal sealed record StoredToken(string Id, string Person, string Note, string Hash, string Grants, DateTimeOffset CreatedAt, string CreatedBy)
{
    /// <summary>When it ends by itself; null for never.</summary>
    public DateTimeOffset? ExpiresAt { get; init; }

    /// <summary>When it was used last, to within some minutes.</summary>
    public DateTimeOffset? UsedAt { get; init; }

    public DateTimeOffset? RevokedAt { get; init; }

    public string? RevokedBy { get; init; }
}
