using System.Globalization;
using System.Text;
using System.Text.Json;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.WebUtilities;
using Refresh.Orchestrator.Serving.Api;

namespace Refresh.Orchestrator.Serving.Chat.Vendors;

/// <summary>A request as it came: nothing of it is read before its signature holds.</summary>
/// <param name="Headers">Its headers.</param>
/// <param name="Body">Its body, byte for byte.</param>
/// <param name="Keys">The webhook's keys: the current one first.</param>
/// <param name="Now">When it came.</param>
internal sealed record HookRequest(IHeaderDictionary Headers, byte[] Body, IReadOnlyList<string> Keys, DateTimeOffset Now)
{
    /// <summary>By how much the time of a signature may differ (reference: webhooks).</summary>
    private static readonly TimeSpan s_window = TimeSpan.FromSeconds(300);

    private static readonly UTF8Encoding s_strict = new(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true);

    /// <summary>The only value of a header; empty when there is none, or more than one.</summary>
    public string Header(string name) => Headers[name] is [{ } value] ? value : string.Empty;

    /// <summary>Refuses a request that no key has signed.</summary>
    /// <exception cref="Problem">None has.</exception>
    public void RequireSigned(Func<string, bool> by)
    {
        // Every key is tried, so that the time tells nothing.
        var signed = false;
        foreach (var key in Keys)
            signed |= by(key);
        if (!signed)
            throw Problem.Of(ProblemCode.SignatureInvalid, "The request is not signed with the key of this webhook; nothing was done.");
    }

    /// <summary>Refuses a request that was signed too long ago, or ahead of the time.</summary>
    /// <param name="timestamp">Seconds since 1970.</param>
    /// <exception cref="Problem">It was, or this is no time.</exception>
    public void RequireInTime(string timestamp)
    {
        if (!long.TryParse(timestamp, NumberStyles.None, CultureInfo.InvariantCulture, out var seconds) || seconds > 253_402_300_799)
            throw Problem.Of(ProblemCode.DeliveryLate, "The request says no time at which it was signed.");
        RequireInTime(DateTimeOffset.FromUnixTimeSeconds(seconds));
    }

    /// <inheritdoc cref="RequireInTime(string)" />
    public void RequireInTime(DateTimeOffset at)
    {
        if ((Now - at).Duration() > s_window)
            throw Problem.Of(ProblemCode.DeliveryLate, $"The request was signed at {at:u}, and it is {Now:u} here: more than {s_window.TotalSeconds:0} seconds apart. Nothing was done; look at both clocks.");
    }

    /// <summary>The body as text.</summary>
    /// <exception cref="Problem">It is not UTF-8.</exception>
    public string Text()
    {
        try
        {
            return s_strict.GetString(Body);
        }
        catch (DecoderFallbackException)
        {
            throw Problem.Of(ProblemCode.InvalidRequest, "The body is not UTF-8.");
        }
    }

    /// <summary>The body as a form.</summary>
    /// <exception cref="Problem">It is none.</exception>
    public IReadOnlyDictionary<string, string> Form()
    {
        var form = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (var pair in new QueryStringEnumerable(Text()))
        {
            var (name, value) = (pair.DecodeName().ToString(), pair.DecodeValue().ToString());
            if (!form.TryAdd(name, value))
                throw Problem.Of(ProblemCode.InvalidRequest, $"The form has the field {Problem.Shown(name)} twice.");
        }

        return form;
    }

    /// <summary>The body as JSON.</summary>
    /// <exception cref="Problem">It is none.</exception>
    public JsonElement Json() => Json(Text());

    /// <summary>A text as JSON.</summary>
    /// <exception cref="Problem">It is none.</exception>
    public static JsonElement Json(string text)
    {
        try
        {
            using var document = JsonDocument.Parse(text, new JsonDocumentOptions { MaxDepth = 64, AllowDuplicateProperties = false });
            return document.RootElement.ValueKind == JsonValueKind.Object ? document.RootElement.Clone() : throw new JsonException("It is no object.");
        }
        catch (JsonException wrong)
        {
            throw Problem.Of(ProblemCode.InvalidRequest, $"The body is not the JSON that is wanted: {Problem.Shown(wrong.Message)}");
        }
    }
}
