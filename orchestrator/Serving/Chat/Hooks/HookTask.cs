using System.Text.Json;
using Refresh.Orchestrator.Documents;
using Refresh.Orchestrator.Serving.Chat.Grammar;
using Refresh.Orchestrator.Serving.Chat.Settings;
using Refresh.Orchestrator.Serving.Chat.Vendors;
using Refresh.Orchestrator.Serving.Secrets;

namespace Refresh.Orchestrator.Serving.Chat.Hooks;

/// <summary>What a delivery asks, as it is kept until it is answered. Of a code its hash alone is kept.</summary>
/// <param name="Account">Who asks; null for a machine.</param>
/// <param name="Text">The command.</param>
internal sealed record HookTask(Account? Account, string Text)
{
    /// <summary>The hash of the code that confirms; null when nothing is confirmed.</summary>
    public string? Code { get; init; }

    /// <summary>Where a late answer goes; it is a secret, and is forgotten once the delivery is answered.</summary>
    public string? AnswerTo { get; init; }

    /// <summary>The id of the channel that it came from; null where that is not known.</summary>
    public string? Channel { get; init; }

    /// <summary>A button: the answer takes the place of the message that had it.</summary>
    public bool Button { get; init; }

    /// <summary>The image that was published; null for a command.</summary>
    public string? Image { get; init; }

    /// <summary>What published it.</summary>
    public string? Why { get; init; }

    /// <summary>The fleets that are still to be tried, after something passing stood in their way; null at first.</summary>
    public IReadOnlyList<string>? Left { get; init; }

    /// <summary>What a delivery asks, without any secret that somebody wrote into it.</summary>
    public static HookTask Of(string hook, Incoming incoming, Redaction redaction) => incoming switch
    {
        IncomingImage image => new HookTask(null, redaction.Clean($"published {image.Image}")) { Image = redaction.Clean(image.Image), Why = redaction.Clean(image.Why) },
        IncomingCommand command => Of(hook, command, ChatGrammar.Parse(command.Text), redaction),
        _ => throw new ArgumentException("Nothing is asked.", nameof(incoming)),
    };

    public string Write() => JsonSerializer.Serialize(this, DocumentJson.Options);

    public static HookTask Read(string text) => JsonSerializer.Deserialize<HookTask>(text, DocumentJson.Options)!;

    private static HookTask Of(string hook, IncomingCommand came, ChatCommand command, Redaction redaction) =>
        new(came.User is { } user ? new Account(hook, redaction.Clean(came.Team ?? string.Empty), redaction.Clean(user)) : null, command is ConfirmCommand ? "confirm" : Cut(redaction.Clean(came.Text)))
        {
            Code = command is ConfirmCommand confirm ? ChatCode.Hash(confirm.Code) : null,
            AnswerTo = came.AnswerTo,
            Channel = came.Channel is { } channel ? redaction.Clean(channel) : null,
            Button = came.Button,
        };

    private static string Cut(string text) => text.Length > ChatGrammar.Longest ? text[..(ChatGrammar.Longest + 1)] : text;
}
