using System.Text.Json.Nodes;
using Refresh.Workflows.Ports;

namespace Refresh.Orchestrator.Notifications;

/// <summary>An incoming webhook of Slack or Mattermost: it takes a text, and gives nothing back that could be edited.</summary>
/// <param name="address">The webhook; it is a secret.</param>
/// <param name="escape">Makes a value show as it is.</param>
/// <param name="http">Sends.</param>
public sealed class TextWebhookNotifier(Uri address, Func<string, string> escape, NoticeHttp http) : INotifier
{
    /// <inheritdoc />
    public bool Edits => false;

    /// <inheritdoc />
    public string Escape(string value) => escape(value);

    /// <inheritdoc />
    public async Task<NoticeReceipt> SendAsync(Notice notice, string text, NoticePlace place, CancellationToken cancellation) =>
        (await http.SendAsync(HttpMethod.Post, address, new JsonObject { ["text"] = text }, null, cancellation)).Receipt;

    /// <inheritdoc />
    public void Dispose() => http.Dispose();
}
