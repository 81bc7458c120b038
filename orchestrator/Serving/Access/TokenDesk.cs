using System.Collections.Concurrent;
using Microsoft.Extensions.Logging;
using Refresh.Orchestrator.Journals.Service;
using Refresh.Workflows.Ports;

namespace Refresh.Orchestrator.Serving.Access;

/// <summary>Makes tokens, shows each once, and knows them again.</summary>
internal sealed partial class TokenDesk(TokenStore tokens, TimeProvider clock, Func<string> newId, ILogger<TokenDesk> logger)
{
    private static readonly TimeSpan s_noteEvery = TimeSpan.FromMinutes(5);
    private readonly ConcurrentDictionary<string, DateTimeOffset> _noted = new(StringComparer.Ordinal);

    /// <summary>Makes a token.</summary>
    /// <returns>The token, which is not kept anywhere, and what is kept of it.</returns>
    public async Task<(string Token, StoredToken Stored)> CreateAsync(string person, Grants grants, string note, TimeSpan? lasts, string by, CancellationToken cancellation)
    {
        var token = TokenText.New();
        var now = clock.GetUtcNow();
        var stored = new StoredToken(newId(), person, note, TokenText.Hash(token), grants.ToString(), now, by) { ExpiresAt = now + lasts };
        await tokens.AddAsync(stored, cancellation);
        return (token, stored);
    }

    /// <summary>The token as it is kept, when it holds; null when it is unknown, revoked or has ended.</summary>
    public async Task<StoredToken?> RecognizeAsync(string token, CancellationToken cancellation)
    {
        if (!TokenText.IsPossible(token) || await tokens.FindAsync(TokenText.Hash(token), cancellation) is not { } stored)
            return null;
        var now = clock.GetUtcNow();
        if (stored.RevokedAt is not null || stored.ExpiresAt <= now)
            return null;
        await NoteAsync(stored, now, cancellation);
        return stored;
    }

    private async Task NoteAsync(StoredToken stored, DateTimeOffset now, CancellationToken cancellation)
    {
        var last = _noted.GetOrAdd(stored.Id, stored.UsedAt ?? DateTimeOffset.MinValue);
        if (now - last < s_noteEvery || !_noted.TryUpdate(stored.Id, now, last))
            return;
        try
        {
            await tokens.UsedAsync(stored.Id, now, cancellation);
        }
        catch (JournalException fault)
        {
            // A token holds even when its use cannot be noted; a journal that cannot be written is told by /readyz.
            LogNotNoted(stored.Id, fault.Message);
        }
    }

    [LoggerMessage(Level = LogLevel.Warning, Message = "The use of token {Token} could not be noted: {Why}")]
    private partial void LogNotNoted(string token, string why);
}
