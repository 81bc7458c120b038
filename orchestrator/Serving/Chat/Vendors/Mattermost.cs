using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using Refresh.Orchestrator.Documents;
using Refresh.Orchestrator.Serving.Api;
using Refresh.Orchestrator.Serving.Chat.Settings;

namespace Refresh.Orchestrator.Serving.Chat.Vendors;

/// <summary>Mattermost: slash commands with a token and no signature, so TLS is all that keeps the token; and the buttons of their answers, which carry their own proof.</summary>
internal sealed class Mattermost : IVendor
{
    private const string Scheme = "Token ";

    public TimeSpan AnswerWithin => TimeSpan.FromSeconds(2);

    public int BodyBytes => 64 * 1024;

    public bool Retries => false;

    public string? WrongKey(string key) => null;

    public Incoming Read(HookRequest request, HookSettings settings)
    {
        if (request.Header("Content-Type").StartsWith("application/json", StringComparison.OrdinalIgnoreCase))
            return MattermostButton.Read(request, settings.Name);
        var header = request.Header("Authorization");
        if (header.Length > 0)
            request.RequireSigned(key => Same(Scheme + key, header));
        var form = request.Form();
        var token = form.GetValueOrDefault("token", string.Empty);
        if (header.Length == 0 || token.Length > 0)
            request.RequireSigned(key => Same(key, token));
        if (form.GetValueOrDefault("trigger_id") is not { Length: > 0 } trigger)
            throw Problem.Of(ProblemCode.InvalidRequest, "The request has no trigger_id, which tells it from its replay.");
        var user = form.GetValueOrDefault("user_id") ?? throw Problem.Of(ProblemCode.InvalidRequest, "The request has no user_id.");
        return new IncomingCommand(trigger, form.GetValueOrDefault("team_id"), user, form.GetValueOrDefault("text", string.Empty)) { AnswerTo = form.GetValueOrDefault("response_url"), Channel = form.GetValueOrDefault("channel_id") };
    }

    public string Write(ChatReply reply) => reply.Pressed
        ? JsonSerializer.Serialize(new { ephemeral_text = MarkdownReply.Write(reply, "\n") }, DocumentJson.Options)
        : JsonSerializer.Serialize(new { response_type = reply.Public ? "in_channel" : "ephemeral", text = MarkdownReply.Write(reply, "\n"), attachments = Attachments(reply) }, s_json);

    public string WriteLate(ChatReply reply, bool replaces) => Write(reply);

    // The text stands above, with the code: that a client shows no buttons, or that they cannot be reached, loses nothing.
    private static object[]? Attachments(ChatReply reply) => reply.Buttons.Count == 0 ? null
        : [new { fallback = string.Empty, actions = reply.Buttons.Select(button => new { id = button.Id, type = "button", name = button.Label, style = button.Id == MattermostButton.Confirm ? "danger" : "default", integration = new { url = button.Url, context = button.Context } }) }];

    private static readonly JsonSerializerOptions s_json = new(DocumentJson.Options) { DefaultIgnoreCondition = System.Text.Json.Serialization.JsonIgnoreCondition.WhenWritingNull };

    private static bool Same(string wanted, string told) => CryptographicOperations.FixedTimeEquals(SHA256.HashData(Encoding.UTF8.GetBytes(wanted)), SHA256.HashData(Encoding.UTF8.GetBytes(told)));
}
