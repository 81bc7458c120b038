namespace Refresh.Workflows.Ports;

/// <summary>Tells people, or programs, what happens: one channel of chat, mail or events.</summary>
public interface INotifier : IDisposable
{
    /// <summary>What was sent can be edited: a run's status is one message that changes, and its notices are answers to it.</summary>
    bool Edits { get; }

    /// <summary>A value in the form in which it shows as it is, calls nobody and links nowhere.</summary>
    /// <param name="value">The value.</param>
    /// <returns>The value as text of this channel.</returns>
    string Escape(string value);

    /// <summary>Sends a notice, once. It does not throw when that fails.</summary>
    /// <param name="notice">The notice; its id is the same for every attempt.</param>
    /// <param name="text">What it says, as text of this channel.</param>
    /// <param name="place">Where it goes.</param>
    /// <param name="cancellation">Ends the attempt.</param>
    /// <returns>What came of it.</returns>
    Task<NoticeReceipt> SendAsync(Notice notice, string text, NoticePlace place, CancellationToken cancellation);
}

/// <summary>Where a notice goes.</summary>
/// <param name="Thread">The thread of its run, as an earlier receipt named it; null where there is none yet.</param>
/// <param name="Edit">It takes the place of the message that began the thread.</param>
public sealed record NoticePlace(string? Thread, bool Edit);

/// <summary>What came of an attempt to send a notice.</summary>
/// <param name="Fate">What.</param>
/// <param name="Detail">What was observed, without any secret.</param>
public sealed record NoticeReceipt(NoticeFate Fate, string Detail)
{
    /// <summary>The thread that the message began, or is in; null where there are none.</summary>
    public string? Thread { get; init; }

    /// <summary>Not to be asked again before; null when the receiver does not say.</summary>
    public TimeSpan? RetryAfter { get; init; }
}

/// <summary>What became of a notice.</summary>
public enum NoticeFate
{
    /// <summary>The receiver has it.</summary>
    Sent,

    /// <summary>It failed, and may succeed later.</summary>
    Failed,

    /// <summary>The message to be edited is gone: a new one may be sent.</summary>
    ThreadGone,

    /// <summary>The receiver wants nothing more, ever.</summary>
    Unwanted,
}
