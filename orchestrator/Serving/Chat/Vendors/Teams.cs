using System.Globalization;
using System.Net;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using System.Text.RegularExpressions;
using Refresh.Orchestrator.Documents;
using Refresh.Orchestrator.Serving.Api;
using Refresh.Orchestrator.Serving.Chat.Settings;

namespace Refresh.Orchestrator.Serving.Chat.Vendors;

/// <summary>A Microsoft Teams outgoing webhook. It has no address for late answers, and no buttons that come back.</summary>
internal sealed partial class Teams : IVendor
{
    private const string Scheme = "HMAC ";

    public TimeSpan AnswerWithin => TimeSpan.FromSeconds(3.5);

    public int BodyBytes => 64 * 1024;

    public bool Retries => false;

    public string? WrongKey(string key) => Key(key) is null ? "is not base64: Teams shows the key once, when the webhook is made" : null;

    public Incoming Read(HookRequest request, HookSettings settings)
    {
        var header = request.Header("Authorization");
        request.RequireSigned(key => IsSigned(key, request.Body, header));
        var message = request.Json();
        if (message.TextAt("timestamp") is { } at)
        {
            request.RequireInTime(DateTimeOffset.TryParse(at, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out var sent)
                ? sent
                : throw Problem.Of(ProblemCode.DeliveryLate, "The message says no time at which it was sent."));
        }

        // The id is signed with the body; a message without one is known by its signature.
        var key = message.TextAt("id") is { } id ? $"{message.TextAt("conversation", "id")} {id}" : header;
        var team = message.TextAt("channelData", "tenant", "id") ?? message.TextAt("conversation", "tenantId");
        return new IncomingCommand(key, team, message.TextAt("from", "aadObjectId") ?? message.TextAt("from", "id"), Plain(message.TextAt("text") ?? string.Empty));
    }

    /// <summary>Whether an <c>Authorization</c> header is made with a key, in constant time.</summary>
    public static bool IsSigned(string key, byte[] body, string header) =>
        Key(key) is { } bytes && CryptographicOperations.FixedTimeEquals(Encoding.ASCII.GetBytes(Scheme + Convert.ToBase64String(HMACSHA256.HashData(bytes, body))), Encoding.UTF8.GetBytes(header));

    public string Write(ChatReply reply) => JsonSerializer.Serialize(new { type = "message", text = MarkdownReply.Write(reply, "\n\n") }, DocumentJson.Options);

    public string WriteLate(ChatReply reply, bool replaces) => Write(reply);

    private static byte[]? Key(string text)
    {
        var bytes = new byte[text.Length];
        return Convert.TryFromBase64String(text, bytes, out var length) && length > 0 ? bytes[..length] : null;
    }

    // The mention of the webhook stands first; the rest is HTML.
    private static string Plain(string text) => WebUtility.HtmlDecode(Tag().Replace(Mention().Replace(text, " "), " "));

    [GeneratedRegex("<at[^<>]*>[^<>]*</at>")]
    private static partial Regex Mention();

    [GeneratedRegex("<[^<>]*>")]
    private static partial Regex Tag();
}
