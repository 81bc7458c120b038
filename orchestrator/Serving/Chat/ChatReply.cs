using Refresh.Orchestrator.Serving.Chat.Grammar;

namespace Refresh.Orchestrator.Serving.Chat;

/// <summary>What a command is answered: plain text, which each vendor's writer makes safe.</summary>
/// <param name="Text">The text, in lines.</param>
internal sealed record ChatReply(string Text)
{
    /// <summary>Everybody in the channel sees it: something was done.</summary>
    public bool Public { get; init; }

    /// <summary>The code that confirms what the text announces; null when nothing waits for it.</summary>
    public string? Code { get; init; }

    /// <summary>What the button says.</summary>
    public string? Button { get; init; }

    /// <summary>It answers the press of a button.</summary>
    public bool Pressed { get; init; }

    /// <summary>Buttons whose press comes to an address of their own; none where the vendor knows where to send it.</summary>
    public IReadOnlyList<ChatButton> Buttons { get; init; } = [];

    /// <summary>What was done or refused, as an HTTP status, for the record of acts.</summary>
    public int Status { get; init; } = 200;

    /// <summary>The code of the problem, when it was refused.</summary>
    public string? ProblemCode { get; init; }

    public string? Fleet { get; init; }

    /// <summary>The run or order that was made, or that it is about.</summary>
    public string? Subject { get; init; }

    /// <summary>The fleets that something passing stood in the way of: it is tried again.</summary>
    public IReadOnlyList<string> Left { get; init; } = [];

    /// <summary>The text where there are no buttons: with the code in it.</summary>
    public string WithCode => Code is { } code ? $"{Text}\nTo do it: confirm {ChatCode.Shown(code)}" : Text;

    public static ChatReply Of(params IEnumerable<string> lines) => new(string.Join('\n', lines));
}

/// <summary>A button.</summary>
/// <param name="Id">Its id.</param>
/// <param name="Label">What it says.</param>
/// <param name="Url">Where its press is sent.</param>
/// <param name="Context">What is sent with it, and proves it.</param>
internal sealed record ChatButton(string Id, string Label, Uri Url, object Context);
