using System.Text.Json;
using System.Text.Json.Nodes;
using Refresh.Workflows.Ports;

namespace Refresh.Orchestrator.Notifications;

/// <summary>A Mattermost channel through a bot: posts, answers to them, and patches of the run's status.</summary>
/// <param name="server">The server.</param>
/// <param name="token">The bot's access token.</param>
/// <param name="channel">The channel's id.</param>
/// <param name="http">Sends.</param>
public sealed class MattermostNotifier(Uri server, string token, string channel, NoticeHttp http) : INotifier
{
    /// <inheritdoc />
    public bool Edits => true;

    /// <inheritdoc />
    public string Escape(string value) => Markdown.Escape(value);

    /// <inheritdoc />
    public async Task<NoticeReceipt> SendAsync(Notice notice, string text, NoticePlace place, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(place);
        var edits = place is { Edit: true, Thread: not null };
        var body = edits ? new JsonObject { ["message"] = text } : new JsonObject { ["channel_id"] = channel, ["message"] = text, ["root_id"] = place.Thread ?? string.Empty };
        var (receipt, answer) = edits
            ? await http.SendAsync(HttpMethod.Put, new Uri(server, $"api/v4/posts/{Uri.EscapeDataString(place.Thread!)}/patch"), body, token, cancellation)
            : await http.SendAsync(HttpMethod.Post, new Uri(server, "api/v4/posts"), body, token, cancellation);
        return receipt.Fate switch
        {
            NoticeFate.Sent => receipt with { Thread = place.Thread ?? Id(answer) },
            NoticeFate.Failed when edits && receipt.Detail.EndsWith("404", StringComparison.Ordinal) => receipt with { Fate = NoticeFate.ThreadGone },
            _ => receipt,
        };
    }

    /// <inheritdoc />
    public void Dispose() => http.Dispose();

    private static string? Id(string answer)
    {
        try
        {
            return JsonNode.Parse(answer)?["id"]?.GetValue<string>();
        }
        catch (Exception wrong) when (wrong is JsonException or InvalidOperationException)
        {
            return null;
        }
    }
}
