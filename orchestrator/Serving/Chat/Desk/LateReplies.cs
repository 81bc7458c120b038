using System.Collections.Concurrent;

namespace Refresh.Orchestrator.Serving.Chat.Desk;

/// <summary>Answers that came too late for a chat that has no address for them, until their account asks for them. They are in memory alone: a code may be in them.</summary>
internal sealed class LateReplies(TimeProvider clock)
{
    private static readonly TimeSpan s_holds = TimeSpan.FromMinutes(30);
    private readonly ConcurrentDictionary<string, (DateTimeOffset At, ChatReply Reply)> _replies = new(StringComparer.Ordinal);

    /// <summary>Keeps the latest answer to an account.</summary>
    public void Keep(string account, ChatReply reply) => _replies[account] = (clock.GetUtcNow(), reply);

    /// <summary>The latest answer to an account, once; null when there is none.</summary>
    public ChatReply? Take(string account) => _replies.TryRemove(account, out var kept) && clock.GetUtcNow() - kept.At < s_holds ? kept.Reply : null;
}
