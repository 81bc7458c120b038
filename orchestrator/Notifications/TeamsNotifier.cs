using System.Text.Json.Nodes;
using Refresh.Workflows.Ports;

namespace Refresh.Orchestrator.Notifications;

/// <summary>A Microsoft Teams channel through a workflow that posts what it is sent (reference: webhooks; Office connectors are retired).</summary>
/// <param name="address">The workflow's address; it is a secret.</param>
/// <param name="http">Sends.</param>
public sealed class TeamsNotifier(Uri address, NoticeHttp http) : INotifier
{
    /// <inheritdoc />
    public bool Edits => false;

    /// <inheritdoc />
    public string Escape(string value) => Markdown.Escape(value);

    /// <inheritdoc />
    public async Task<NoticeReceipt> SendAsync(Notice notice, string text, NoticePlace place, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(notice);
        return (await http.SendAsync(HttpMethod.Post, address, Card(notice, text), null, cancellation)).Receipt;
    }

    /// <inheritdoc />
    public void Dispose() => http.Dispose();

    private static JsonObject Card(Notice notice, string text) => new()
    {
        ["type"] = "message",
        ["attachments"] = new JsonArray(new JsonObject
        {
            ["contentType"] = "application/vnd.microsoft.card.adaptive",
            ["content"] = new JsonObject
            {
                ["$schema"] = "http://adaptivecards.io/schemas/adaptive-card.json",
                ["type"] = "AdaptiveCard",
                ["version"] = "1.4",
                ["body"] = new JsonArray(
                    new JsonObject { ["type"] = "TextBlock", ["wrap"] = true, ["text"] = text.Replace("\n", "\n\n", StringComparison.Ordinal), ["color"] = Color(notice.Level) },
                    new JsonObject { ["type"] = "FactSet", ["facts"] = new JsonArray([.. Facts(notice)]) }),
            },
        }),
    };

    private static IEnumerable<JsonNode> Facts(Notice notice)
    {
        foreach (var (title, value) in new[] { ("Fleet", notice.Fleet), ("Run", notice.Run), ("Image", notice.Image), ("State", notice.State), ("Pairs", notice.Pairs) })
        {
            if (value is { Length: > 0 })
                yield return new JsonObject { ["title"] = title, ["value"] = Markdown.Escape(value) };
        }
    }

    private static string Color(NoticeLevel level) => level switch
    {
        NoticeLevel.Error => "attention",
        NoticeLevel.Warn => "warning",
        _ => "default",
    };
}
