using System.Globalization;
using System.Net.Http.Headers;
using System.Text.Json;
using Refresh.Orchestrator.Notifications;

namespace Refresh.Benchmarks.Serving;

/// <summary>Sends commands to a webhook, signed as Standard Webhooks says, each as a delivery of its own.</summary>
internal sealed class HookCallers(HttpClient http)
{
    public const string Key = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw";
    private readonly byte[] _key = StandardWebhook.Key(Key)!;
    private int _sent;

    public async Task AskAsync(Func<int, string> command)
    {
        var number = Interlocked.Increment(ref _sent);
        var body = JsonSerializer.SerializeToUtf8Bytes(new { type = "refresh.command", data = new { command = command(number) } });
        var (id, now) = (string.Create(CultureInfo.InvariantCulture, $"delivery-{number}"), TimeProvider.System.GetUtcNow());
        using var request = new HttpRequestMessage(HttpMethod.Post, "/hooks/bus") { Content = new ByteArrayContent(body) };
        request.Content.Headers.ContentType = new MediaTypeHeaderValue("application/json");
        request.Headers.Add("webhook-id", id);
        request.Headers.Add("webhook-timestamp", now.ToUnixTimeSeconds().ToString(CultureInfo.InvariantCulture));
        request.Headers.Add("webhook-signature", StandardWebhook.Sign(_key, id, now, body));
        using var response = await http.SendAsync(request);
        response.EnsureSuccessStatusCode();
    }
}
