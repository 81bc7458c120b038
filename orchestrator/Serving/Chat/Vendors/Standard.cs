using System.Text.Json;
using Refresh.Orchestrator.Documents;
using Refresh.Orchestrator.Notifications;
using Refresh.Orchestrator.Serving.Api;
using Refresh.Orchestrator.Serving.Chat.Settings;

namespace Refresh.Orchestrator.Serving.Chat.Vendors;

/// <summary>Standard Webhooks 1.0.0, for machines: <c>refresh.command</c> and <c>image.published</c>.</summary>
internal sealed class Standard : IVendor
{
    public TimeSpan AnswerWithin => TimeSpan.FromSeconds(10);

    public int BodyBytes => 64 * 1024;

    public bool Retries => true;

    public string? WrongKey(string key) => StandardWebhook.Key(key) is null ? "is not whsec_ and base64 of 24 to 64 bytes" : null;

    public Incoming Read(HookRequest request, HookSettings settings)
    {
        var (id, timestamp) = (request.Header("webhook-id"), request.Header("webhook-timestamp"));
        request.RequireSigned(key => StandardWebhook.Verify(StandardWebhook.Key(key)!, id, timestamp, request.Body, request.Header("webhook-signature")));
        request.RequireInTime(timestamp);
        if (id.Length is 0 or > 200)
            throw Problem.Of(ProblemCode.InvalidRequest, "The request has no webhook-id, which tells it from its replay.");
        var body = request.Json();
        return body.TextAt("type") switch
        {
            "refresh.command" when body.TextAt("data", "command") is { } command => new IncomingCommand(id, null, null, command),
            "image.published" when settings.Published is not null && body.TextAt("data", "image") is { Length: > 0 and <= 300 } image => new IncomingImage(id, image, $"{settings.Name} says that it was published"),
            var type => throw Problem.Of(ProblemCode.InvalidRequest, $"There is no type {Problem.Shown(type ?? "at all")} here: refresh.command with data.command{(settings.Published is null ? string.Empty : ", image.published with data.image")}."),
        };
    }

    public string Write(ChatReply reply) =>
        JsonSerializer.Serialize(new { text = reply.Text, status = reply.Status, code = reply.ProblemCode, fleet = reply.Fleet, subject = reply.Subject }, DocumentJson.Options);

    public string WriteLate(ChatReply reply, bool replaces) => Write(reply);
}
