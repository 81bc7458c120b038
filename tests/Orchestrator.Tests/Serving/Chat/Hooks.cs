using System.Globalization;
using System.Net.Http.Headers;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using Refresh.Orchestrator.Notifications;
using Xunit;

namespace Refresh.Orchestrator.Tests.Serving.Chat;

/// <summary>Sends what chat programs send, signed as they sign.</summary>
internal sealed class Hooks(Func<Uri> address) : IDisposable
{
    public const string SlackKey = "slack-signing-secret";
    public const string OldSlackKey = "slack-signing-secret-of-last-year";
    public const string TeamsKey = "vqF0En+Z0ucuRTM/01o2GuhMH3hKKk/N2bOmlM31zaA=";
    public const string MattermostKey = "mattermost-token-1234";
    public const string GitHubKey = "It's a Secret to Everybody";
    public const string StandardKey = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw";
    private readonly ApiClient _client = new(address, null);
    private int _sent;

    /// <summary>A webhook of each vendor, and people with accounts.</summary>
    public static (string, string)[] Settings(params (string, string)[] more) =>
    [
        ("webhooks:slack:vendor", "slack"), ("webhooks:slack:key", SlackKey), ("webhooks:slack:previousKey", OldSlackKey), ("webhooks:slack:answerTo", "http://127.0.0.1:9"),
        ("webhooks:teams:vendor", "teams"), ("webhooks:teams:key", TeamsKey),
        ("webhooks:town:vendor", "mattermost"), ("webhooks:town:key", MattermostKey),
        ("webhooks:images:vendor", "github"), ("webhooks:images:key", GitHubKey), ("webhooks:images:image", "web"), ("webhooks:images:fleets:lab", "start"),
        ("webhooks:bus:vendor", "standard"), ("webhooks:bus:key", StandardKey), ("webhooks:bus:roles", "operator"), ("webhooks:bus:fleets:lab", "propose"),
        ("people:ada:accounts:0", "slack:T1/UADA"), ("people:ada:accounts:1", "teams:tenant/ada-id"), ("people:ada:accounts:2", "town:team/ada-id"), ("people:ada:roles:0", "operator"), ("people:ada:roles:1", "approver"),
        ("people:grace:accounts:0", "slack:T1/UGRACE"), ("people:grace:roles:0", "approver"),
        ("people:vic:accounts:0", "slack:T1/UVIC"), ("people:vic:roles:0", "viewer"),
        .. more,
    ];

    public Task<Reply> SlackAsync(string text, string user = "UADA", string? answerTo = null) => SlackFormAsync(Form(("team_id", "T1"), ("user_id", user), ("command", "/refresh"), ("text", text), ("response_url", answerTo), ("trigger_id", Unique())));

    public Task<Reply> PressAsync(string action, string value, string answerTo, string user = "UADA") => SlackFormAsync(Form(("payload", JsonSerializer.Serialize(new
    {
        type = "block_actions",
        team = new { id = "T1" },
        user = new { id = user },
        response_url = answerTo,
        actions = new[] { new { action_id = action, value } },
    }))));

    public Task<Reply> SlackFormAsync(byte[] body, string key = SlackKey, DateTimeOffset? at = null)
    {
        var timestamp = (at ?? DateTimeOffset.UtcNow).ToUnixTimeSeconds().ToString(CultureInfo.InvariantCulture);
        return PostAsync("slack", body, ("X-Slack-Request-Timestamp", timestamp), ("X-Slack-Signature", SlackSignature(key, timestamp, body)));
    }

    public static string SlackSignature(string key, string timestamp, byte[] body) =>
        $"v0={Convert.ToHexStringLower(HMACSHA256.HashData(Encoding.UTF8.GetBytes(key), (byte[])[.. Encoding.UTF8.GetBytes($"v0:{timestamp}:"), .. body]))}";

    public Task<Reply> TeamsAsync(string text, string user = "ada-id", DateTimeOffset? at = null, string? id = null, string hook = "teams")
    {
        var body = JsonSerializer.SerializeToUtf8Bytes(new
        {
            type = "message",
            id = id ?? Unique(),
            timestamp = at ?? DateTimeOffset.UtcNow,
            text = $"<at>refresh</at>&nbsp;{text}",
            from = new { aadObjectId = user },
            conversation = new { id = "19:x" },
            channelData = new { tenant = new { id = "tenant" } },
        });
        return PostAsync(hook, body, ("Authorization", $"HMAC {Convert.ToBase64String(HMACSHA256.HashData(Convert.FromBase64String(TeamsKey), body))}"));
    }

    public Task<Reply> MattermostAsync(string text, string token = MattermostKey, string? trigger = null, string? channel = null, string hook = "town") =>
        PostAsync(hook, Form(("token", token), ("team_id", "team"), ("channel_id", channel), ("user_id", "ada-id"), ("text", text), ("trigger_id", trigger ?? Unique())), ("Authorization", $"Token {token}"));

    public Task<Reply> PressTownAsync(JsonNode context, string user = "ada-id", string channel = "c1", string? trigger = null, string hook = "town") =>
        PostAsync(hook, JsonSerializer.SerializeToUtf8Bytes(new { user_id = user, user_name = "ada", channel_id = channel, team_id = "team", post_id = "p1", trigger_id = trigger ?? Unique(), type = "button", context }));

    public Task<Reply> GitHubAsync(string kind, object payload, string? delivery = null, string key = GitHubKey)
    {
        var body = JsonSerializer.SerializeToUtf8Bytes(payload);
        return PostAsync("images", body, ("X-GitHub-Event", kind), ("X-GitHub-Delivery", delivery ?? Unique()), ("X-Hub-Signature-256", $"sha256={Convert.ToHexStringLower(HMACSHA256.HashData(Encoding.UTF8.GetBytes(key), body))}"));
    }

    public Task<Reply> StandardAsync(object payload, string? id = null, DateTimeOffset? at = null)
    {
        var (body, now, unique) = (JsonSerializer.SerializeToUtf8Bytes(payload), at ?? DateTimeOffset.UtcNow, id ?? Unique());
        return PostAsync("bus", body, ("webhook-id", unique), ("webhook-timestamp", now.ToUnixTimeSeconds().ToString(CultureInfo.InvariantCulture)), ("webhook-signature", StandardWebhook.Sign(StandardWebhook.Key(StandardKey)!, unique, now, body)));
    }

    public async Task<Reply> PostAsync(string hook, byte[] body, params (string, string)[] headers)
    {
        using var content = new ByteArrayContent(body);
        content.Headers.ContentType = new MediaTypeHeaderValue(body is [(byte)'{', ..] || hook is not ("slack" or "town" or "bare") ? "application/json" : "application/x-www-form-urlencoded");
        return await _client.SendAsync(HttpMethod.Post, $"/hooks/{hook}", content, headers);
    }

    public static byte[] Form(params (string Name, string? Value)[] fields) =>
        Encoding.UTF8.GetBytes(string.Join('&', fields.Where(field => field.Value is not null).Select(field => $"{field.Name}={Uri.EscapeDataString(field.Value!)}")));

    public void Dispose() => _client.Dispose();

    private string Unique() => $"delivery-{Interlocked.Increment(ref _sent)}";
}

/// <summary>What is read of a reply.</summary>
internal static class HookReplies
{
    public static string Text(this Reply reply) => reply.Is(200).Json.GetProperty("text").GetString()!;

    /// <summary>The code that a Slack button carries.</summary>
    public static string Code(this Reply reply) => reply.Is(200).Json.GetProperty("blocks")[1].GetProperty("elements")[0].GetProperty("value").GetString()!;

    public static Reply Says(this Reply reply, string part)
    {
        Assert.Contains(part, reply.Text(), StringComparison.Ordinal);
        return reply;
    }
}
