using System.Text.Json;
using System.Text.Json.Nodes;
using Refresh.Workflows.Ports;

namespace Refresh.Orchestrator.Notifications;

/// <summary>A Slack channel through a bot: <c>chat.postMessage</c>, and <c>chat.update</c> for the run's status.</summary>
/// <param name="api">Slack's API, <c>https://slack.com/api/</c>.</param>
/// <param name="token">The bot's token.</param>
/// <param name="channel">The channel's id.</param>
/// <param name="http">Sends.</param>
public sealed class SlackNotifier(Uri api, string token, string channel, NoticeHttp http) : INotifier
{
    private const int MostText = 3900;
    private const int LongestEntity = 5;

    /// <inheritdoc />
    public bool Edits => true;

    /// <summary>A value as Slack shows it: these three signs are all that could call somebody or link somewhere.</summary>
    /// <param name="value">The value.</param>
    /// <returns>Slack's text.</returns>
    public static string Escaped(string value)
    {
        ArgumentNullException.ThrowIfNull(value);
        return value.Replace("&", "&amp;", StringComparison.Ordinal).Replace("<", "&lt;", StringComparison.Ordinal).Replace(">", "&gt;", StringComparison.Ordinal);
    }

    /// <summary>A text that is escaped already, cut where it is too long, and not within an entity or a character.</summary>
    /// <param name="escaped">The text.</param>
    /// <param name="most">At most so many characters, beside the sign that it was cut.</param>
    /// <returns>Slack's text.</returns>
    public static string Cut(string escaped, int most)
    {
        ArgumentNullException.ThrowIfNull(escaped);
        if (escaped.Length <= most)
            return escaped;
        var entity = escaped.LastIndexOf('&', most - 1);
        var end = entity >= 0 && escaped.IndexOf(';', entity) is var closed && closed >= most && closed - entity < LongestEntity ? entity : most;
        return escaped[..(end > 0 && char.IsHighSurrogate(escaped[end - 1]) ? end - 1 : end)] + "…";
    }

    /// <inheritdoc />
    public string Escape(string value) => Escaped(value);

    /// <inheritdoc />
    public async Task<NoticeReceipt> SendAsync(Notice notice, string text, NoticePlace place, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(notice);
        ArgumentNullException.ThrowIfNull(text);
        ArgumentNullException.ThrowIfNull(place);
        // Slack's own id of the channel comes with the first message, and is wanted for edits.
        var (inChannel, ts) = place.Thread?.Split(' ') is [var known, var at] ? (known, at) : (channel, null);
        var body = new JsonObject { ["channel"] = inChannel, ["text"] = Cut(text, MostText) };
        var edits = place.Edit && ts is not null;
        if (edits)
            body["ts"] = ts;
        else
        {
            body["unfurl_links"] = false;
            if (ts is not null)
            {
                body["thread_ts"] = ts;
                body["reply_broadcast"] = notice.Level == NoticeLevel.Error;
            }
        }

        var (receipt, answer) = await http.SendAsync(HttpMethod.Post, new Uri(api, edits ? "chat.update" : "chat.postMessage"), body, token, cancellation);
        return receipt.Fate == NoticeFate.Sent ? Read(answer, ts) : receipt;
    }

    /// <inheritdoc />
    public void Dispose() => http.Dispose();

    // Slack answers 200 also when it refuses.
    private static NoticeReceipt Read(string answer, string? thread)
    {
        try
        {
            using var document = JsonDocument.Parse(answer);
            var root = document.RootElement;
            if (root.GetProperty("ok").GetBoolean())
                return new NoticeReceipt(NoticeFate.Sent, "Slack has it") { Thread = $"{root.GetProperty("channel").GetString()} {thread ?? root.GetProperty("ts").GetString()}" };
            var error = root.TryGetProperty("error", out var told) ? told.ToString() : "no reason";
            return new NoticeReceipt(error is "message_not_found" or "cant_update_message" or "edit_window_closed" or "thread_not_found" ? NoticeFate.ThreadGone : NoticeFate.Failed, $"Slack refused: {error}");
        }
        catch (Exception wrong) when (wrong is JsonException or KeyNotFoundException or InvalidOperationException)
        {
            return new NoticeReceipt(NoticeFate.Failed, "Slack answered something that is not its API's");
        }
    }
}
