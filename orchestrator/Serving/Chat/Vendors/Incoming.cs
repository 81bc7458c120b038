namespace Refresh.Orchestrator.Serving.Chat.Vendors;

/// <summary>What a webhook brought, after its signature was found good.</summary>
/// <param name="Key">What tells the delivery from others.</param>
internal abstract record Incoming(string Key);

/// <summary>Somebody wrote, or pressed a button.</summary>
/// <param name="Key">What tells the delivery from others.</param>
/// <param name="Team">The id of their team; null when a machine wrote.</param>
/// <param name="User">Their id; null when a machine wrote.</param>
/// <param name="Text">What they wrote.</param>
internal sealed record IncomingCommand(string Key, string? Team, string? User, string Text) : Incoming(Key)
{
    /// <summary>Where a late answer goes; null for nowhere.</summary>
    public string? AnswerTo { get; init; }

    /// <summary>The id of the channel; null where the vendor does not say, or nobody asks.</summary>
    public string? Channel { get; init; }

    /// <summary>A button: the answer takes the place of the message that had it.</summary>
    public bool Button { get; init; }
}

/// <summary>An image was published.</summary>
/// <param name="Key">What tells the delivery from others.</param>
/// <param name="Image">The image, <c>name@version</c>.</param>
/// <param name="Why">What published it.</param>
internal sealed record IncomingImage(string Key, string Image, string Why) : Incoming(Key);

/// <summary>Nothing that anything is done for.</summary>
/// <param name="Key">What tells the delivery from others.</param>
/// <param name="Why">Why not.</param>
internal sealed record IncomingNothing(string Key, string Why) : Incoming(Key);
