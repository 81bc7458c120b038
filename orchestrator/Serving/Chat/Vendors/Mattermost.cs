using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using Refresh.Orchestrator.Documents;
using Refresh.Orchestrator.Serving.Api;
using Refresh.Orchestrator.Serving.Chat.Settings;

namespace Refresh.Orchestrator.Serving.Chat.Vendors;

/// <summary>Mattermost slash commands: a token and no signature, so TLS is all that keeps the token.</summary>
internal sealed class Mattermost : IVendor
{
    private const string Scheme = "Token ";

    public TimeSpan AnswerWithin => TimeSpan.FromSeconds(2);

    public int BodyBytes => 64 * 1024;

    public bool Retries => false;

    public string? WrongKey(string key) => null;

    public Incoming Read(HookRequest request, HookSettings settings)
    {
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
        return new IncomingCommand(trigger, form.GetValueOrDefault("team_id"), user, form.GetValueOrDefault("text", string.Empty)) { AnswerTo = form.GetValueOrDefault("response_url") };
    }

    public string Write(ChatReply reply) =>
        JsonSerializer.Serialize(new { response_type = reply.Public ? "in_channel" : "ephemeral", text = MarkdownReply.Write(reply, "\n") }, DocumentJson.Options);

    public string WriteLate(ChatReply reply, bool replaces) => Write(reply);

    private static bool Same(string wanted, string told) => CryptographicOperations.FixedTimeEquals(SHA256.HashData(Encoding.UTF8.GetBytes(wanted)), SHA256.HashData(Encoding.UTF8.GetBytes(told)));
}
