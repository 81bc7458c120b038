using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using Refresh.Orchestrator.Documents;
using Refresh.Orchestrator.Notifications;
using Refresh.Orchestrator.Serving.Api;
using Refresh.Orchestrator.Serving.Chat.Settings;

namespace Refresh.Orchestrator.Serving.Chat.Vendors;

/// <summary>Slack: slash commands and the buttons of their answers.</summary>
internal sealed class Slack : IVendor
{
    /// <summary>The button that does what was announced.</summary>
    public const string ConfirmAction = "refresh_confirm";

    /// <summary>The button that does not.</summary>
    public const string DismissAction = "refresh_dismiss";

    /// <summary>What a press of <see cref="DismissAction"/> says.</summary>
    public const string Dismissed = "";

    private const int MostText = 2900;

    public TimeSpan AnswerWithin => TimeSpan.FromSeconds(2);

    public int BodyBytes => 64 * 1024;

    public bool Retries => false;

    public string? WrongKey(string key) => null;

    public Incoming Read(HookRequest request, HookSettings settings)
    {
        var (signature, timestamp) = (request.Header("X-Slack-Signature"), request.Header("X-Slack-Request-Timestamp"));
        request.RequireSigned(key => IsSigned(key, timestamp, request.Body, signature));
        request.RequireInTime(timestamp);
        var form = request.Form();
        if (form.TryGetValue("payload", out var payload))
            return Press(HookRequest.Json(payload), signature);
        if (form.ContainsKey("ssl_check"))
            return new IncomingNothing(signature, "a check of the certificate");
        return new IncomingCommand(signature, form.GetValueOrDefault("team_id"), Required(form.GetValueOrDefault("user_id"), "user_id"), Unescape(form.GetValueOrDefault("text", string.Empty))) { AnswerTo = form.GetValueOrDefault("response_url") };
    }

    /// <summary>Whether a signature is made with a key, in constant time.</summary>
    public static bool IsSigned(string key, string timestamp, byte[] body, string signature)
    {
        using var mac = IncrementalHash.CreateHMAC(HashAlgorithmName.SHA256, Encoding.UTF8.GetBytes(key));
        mac.AppendData(Encoding.UTF8.GetBytes($"v0:{timestamp}:"));
        mac.AppendData(body);
        return CryptographicOperations.FixedTimeEquals(Encoding.ASCII.GetBytes($"v0={Convert.ToHexStringLower(mac.GetHashAndReset())}"), Encoding.UTF8.GetBytes(signature));
    }

    public string Write(ChatReply reply) => Write(reply, replaces: null);

    public string WriteLate(ChatReply reply, bool replaces) => Write(reply, replaces);

    private static string Write(ChatReply reply, bool? replaces) => JsonSerializer.Serialize(
        new
        {
            response_type = reply.Public ? "in_channel" : "ephemeral",
            replace_original = replaces == true ? (bool?)true : null,
            text = Escape(reply.Text),
            blocks = reply.Code is { } code ? Blocks(reply, code) : null,
        },
        s_json);

    private static object[] Blocks(ChatReply reply, string code) =>
    [
        new { type = "section", text = new { type = "mrkdwn", text = Escape(reply.Text) } },
        new
        {
            type = "actions",
            elements = new object[]
            {
                new { type = "button", action_id = ConfirmAction, value = code, style = "danger", text = new { type = "plain_text", text = reply.Button } },
                new { type = "button", action_id = DismissAction, value = "no", text = new { type = "plain_text", text = "Leave it" } },
            },
        },
    ];

    private static IncomingCommand Press(JsonElement payload, string signature)
    {
        if (payload.TextAt("type") != "block_actions" || payload.At("actions") is not { ValueKind: JsonValueKind.Array } actions || actions.GetArrayLength() != 1)
            throw Problem.Of(ProblemCode.InvalidRequest, "Of Slack's interactions only one button at a time is understood.");
        var text = actions[0].TextAt("action_id") switch
        {
            ConfirmAction => $"confirm {actions[0].TextAt("value")}",
            DismissAction => Dismissed,
            _ => throw Problem.Of(ProblemCode.InvalidRequest, "This button is none of Refresh."),
        };
        return new IncomingCommand(signature, payload.TextAt("team", "id") ?? payload.TextAt("user", "team_id"), Required(payload.TextAt("user", "id"), "user.id"), text) { AnswerTo = payload.TextAt("response_url"), Button = true };
    }

    private static string Required(string? value, string name) => value ?? throw Problem.Of(ProblemCode.InvalidRequest, $"The request has no {name}.");

    // Slack escapes these three, and wants them escaped; nothing else has a meaning that could harm.
    private static string Unescape(string text) => text.Replace("&lt;", "<", StringComparison.Ordinal).Replace("&gt;", ">", StringComparison.Ordinal).Replace("&amp;", "&", StringComparison.Ordinal);

    // A section takes 3,000 characters, as they are sent.
    private static string Escape(string text) => SlackNotifier.Cut(SlackNotifier.Escaped(text), MostText);

    private static readonly JsonSerializerOptions s_json = new(DocumentJson.Options) { DefaultIgnoreCondition = System.Text.Json.Serialization.JsonIgnoreCondition.WhenWritingNull };
}
