using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using Refresh.Orchestrator.Serving.Api;
using Refresh.Orchestrator.Serving.Chat.Grammar;

namespace Refresh.Orchestrator.Serving.Chat.Vendors;

/// <summary>
/// A button of an answer in Mattermost. Nothing signs its press, so the button carries the proof: its context, which Mattermost
/// keeps from those who see the button, has the one-use code and a MAC of it with the webhook's key, over the webhook, the
/// button, the account, the channel and the code. A press that another account or channel is said to have made does not fit.
/// </summary>
/// <param name="Hook">The webhook.</param>
/// <param name="Action">Which button: <see cref="Confirm"/> or <see cref="Leave"/>.</param>
/// <param name="Team">The id of the team that was asked from.</param>
/// <param name="User">The id of the user who asked, and who presses.</param>
/// <param name="Channel">The id of the channel.</param>
/// <param name="Code">The code that confirms.</param>
internal sealed record MattermostButton(string Hook, string Action, string Team, string User, string Channel, string Code)
{
    /// <summary>Does what was announced.</summary>
    public const string Confirm = "confirm";

    /// <summary>Does not.</summary>
    public const string Leave = "leave";

    /// <summary>What the button carries.</summary>
    /// <param name="key">The webhook's key.</param>
    public object Context(string key) => new { action = Action, team = Team, code = Code, mac = Mac(key) };

    /// <summary>Reads a press, which is believed only when its proof holds.</summary>
    /// <exception cref="Problem">It is no press of a button of this service.</exception>
    public static IncomingCommand Read(HookRequest request, string hook)
    {
        var press = request.Json();
        var button = new MattermostButton(
            hook,
            Text(press, "context", "action"),
            Text(press, "context", "team"),
            Text(press, "user_id"),
            Text(press, "channel_id"),
            Text(press, "context", "code"));
        var mac = Text(press, "context", "mac");
        request.RequireSigned(key => CryptographicOperations.FixedTimeEquals(Encoding.ASCII.GetBytes(button.Mac(key)), Encoding.UTF8.GetBytes(mac)));
        // The delivery is kept by its key, and nothing that a code could be read from.
        return new IncomingCommand($"{button.Action} {ChatCode.Hash(button.Code)} {press.TextAt("trigger_id")}", button.Team, button.User, button.Action == Confirm ? $"confirm {button.Code}" : string.Empty) { Button = true, Channel = button.Channel };
    }

    private string Mac(string key) => Convert.ToHexStringLower(HMACSHA256.HashData(Encoding.UTF8.GetBytes(key), JsonSerializer.SerializeToUtf8Bytes(new[] { "refresh-button/1", Hook, Action, Team, User, Channel, Code })));

    private static string Text(JsonElement press, params ReadOnlySpan<string> names) =>
        press.TextAt(names) ?? throw Problem.Of(ProblemCode.SignatureInvalid, $"The request has no {string.Join('.', names)}: it is no press of a button of this webhook, and nothing was done.");
}
