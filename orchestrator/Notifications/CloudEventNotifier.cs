using System.Globalization;
using System.Net.Http.Headers;
using System.Text;
using System.Text.Json.Nodes;
using Refresh.Workflows.Ports;

namespace Refresh.Orchestrator.Notifications;

/// <summary>Anything that takes CloudEvents 1.0 over HTTP, signed as Standard Webhooks does.</summary>
/// <param name="address">The receiver.</param>
/// <param name="source">Who sends, for <c>ce-source</c>.</param>
/// <param name="key">The key to sign with; null for none.</param>
/// <param name="structured">The whole event in the body, in place of headers.</param>
/// <param name="http">Sends.</param>
public sealed class CloudEventNotifier(Uri address, string source, byte[]? key, bool structured, NoticeHttp http) : INotifier
{
    /// <inheritdoc />
    public bool Edits => false;

    /// <inheritdoc />
    public string Escape(string value) => value;

    /// <summary>A value of an attribute as a header holds it (CloudEvents, HTTP binding 3.1.3.2).</summary>
    /// <param name="value">The value.</param>
    /// <returns>Printable ASCII.</returns>
    public static string Header(string value)
    {
        ArgumentNullException.ThrowIfNull(value);
        var header = new StringBuilder();
        foreach (var each in Encoding.UTF8.GetBytes(value))
        {
            if (each is > (byte)' ' and < 0x7F and not (byte)'"' and not (byte)'%')
                header.Append((char)each);
            else
                header.Append(CultureInfo.InvariantCulture, $"%{each:X2}");
        }

        return header.ToString();
    }

    /// <inheritdoc />
    public async Task<NoticeReceipt> SendAsync(Notice notice, string text, NoticePlace place, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(notice);
        return (await http.SendAsync(() => Request(notice, text), cancellation)).Receipt;
    }

    /// <inheritdoc />
    public void Dispose() => http.Dispose();

    private HttpRequestMessage Request(Notice notice, string text)
    {
        var attributes = Attributes(notice);
        var data = Data(notice, text);
        if (structured)
        {
            var whole = new JsonObject();
            foreach (var (name, value) in attributes)
                whole[name] = value;
            whole["datacontenttype"] = "application/json";
            whole["data"] = data;
            data = whole;
        }

        var body = Encoding.UTF8.GetBytes(data.ToJsonString(NoticeHttp.Json));
        var request = new HttpRequestMessage(HttpMethod.Post, address) { Content = new ByteArrayContent(body) };
        request.Content.Headers.ContentType = new MediaTypeHeaderValue(structured ? "application/cloudevents+json" : "application/json", "utf-8");
        foreach (var (name, value) in structured ? [] : attributes)
            request.Headers.TryAddWithoutValidation($"ce-{name}", Header(value));
        if (key is not null)
            Sign(request, notice.Id, body);
        return request;
    }

    private void Sign(HttpRequestMessage request, string id, byte[] body)
    {
        // The id is the same for every attempt, the time is that of this one.
        var now = http.Clock.GetUtcNow();
        request.Headers.TryAddWithoutValidation("webhook-id", id);
        request.Headers.TryAddWithoutValidation("webhook-timestamp", now.ToUnixTimeSeconds().ToString(CultureInfo.InvariantCulture));
        request.Headers.TryAddWithoutValidation("webhook-signature", StandardWebhook.Sign(key!, id, now, body));
    }

    private List<(string Name, string Value)> Attributes(Notice notice) =>
    [
        ("specversion", "1.0"),
        ("type", $"refresh.{notice.Kind}"),
        ("id", notice.Id),
        ("source", source),
        ("time", notice.At.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss.fff'Z'", CultureInfo.InvariantCulture)),
        .. notice.Run is { } run ? [("subject", run)] : Array.Empty<(string, string)>(),
    ];

    private static JsonObject Data(Notice notice, string text) => new()
    {
        ["fleet"] = notice.Fleet,
        ["run"] = notice.Run,
        ["image"] = notice.Image,
        ["state"] = notice.State,
        ["level"] = notice.Level.ToString().ToLowerInvariant(),
        ["text"] = text,
        ["why"] = notice.Why,
        ["by"] = notice.By,
        ["pair"] = notice.Pair,
        ["member"] = notice.Member,
        ["pairs"] = notice.Pairs,
    };
}
