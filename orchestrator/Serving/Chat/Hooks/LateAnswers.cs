using System.Net.Http.Headers;
using System.Text;
using Microsoft.Extensions.Logging;
using Refresh.Orchestrator.Journals.Service;
using Refresh.Orchestrator.Serving.Chat.Settings;
using Refresh.Orchestrator.Serving.Chat.Vendors;

namespace Refresh.Orchestrator.Serving.Chat.Hooks;

/// <summary>Sends answers that came too late for their request: to the origins that the settings name and to no others, following no redirect.</summary>
internal sealed partial class LateAnswers(TimeProvider clock, ILogger<LateAnswers> logger) : IDisposable
{
    /// <summary>How long an address for answers holds (reference: webhooks).</summary>
    private static readonly TimeSpan s_holds = TimeSpan.FromMinutes(30);

    private static readonly TimeSpan s_patience = TimeSpan.FromSeconds(15);

    /// <summary>Such an address may be used five times; three are ours, two are left for what a person does there.</summary>
    private static readonly TimeSpan[] s_pauses = [TimeSpan.FromSeconds(1), TimeSpan.FromSeconds(10)];

    private readonly HttpClient _http = new(new SocketsHttpHandler { AllowAutoRedirect = false, UseCookies = false, MaxResponseHeadersLength = 16 }) { Timeout = Timeout.InfiniteTimeSpan };

    /// <summary>Sends a late answer, if there is somewhere to send it. It never throws: what was done was done.</summary>
    public async Task SendAsync(HookSettings hook, HookTask task, StoredDelivery delivery, ChatReply reply)
    {
        if (task.AnswerTo is not { } text)
            return;
        if (Allowed(hook, text) is not { } address)
        {
            LogForeign(hook.Name);
            return;
        }

        var json = VendorList.Of(hook.Vendor).WriteLate(reply, task.Button);
        foreach (var pause in s_pauses.Append(Timeout.InfiniteTimeSpan))
        {
            if (clock.GetUtcNow() - delivery.At > s_holds)
                break;
            if (await PostAsync(address, json) is not { } why)
                return;
            LogFailed(hook.Name, address.Host, why);
            if (pause != Timeout.InfiniteTimeSpan)
                await Task.Delay(pause, clock, CancellationToken.None);
        }
    }

    public void Dispose() => _http.Dispose();

    /// <summary>The address, when it is one of the webhook's own; null otherwise.</summary>
    internal static Uri? Allowed(HookSettings hook, string text) =>
        Uri.TryCreate(text, UriKind.Absolute, out var address) && address.UserInfo.Length == 0 && hook.AnswerTo.Any(origin => Uri.Compare(origin, address, UriComponents.SchemeAndServer, UriFormat.SafeUnescaped, StringComparison.OrdinalIgnoreCase) == 0)
            ? address
            : null;

    private async Task<string?> PostAsync(Uri address, string json)
    {
        using var bound = new CancellationTokenSource(s_patience, clock);
        try
        {
            using var content = new StringContent(json, Encoding.UTF8, new MediaTypeHeaderValue("application/json"));
            using var request = new HttpRequestMessage(HttpMethod.Post, address) { Content = content };
            using var response = await _http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, bound.Token);
            return response.IsSuccessStatusCode ? null : $"it answered {(int)response.StatusCode}";
        }
        catch (HttpRequestException failure)
        {
            return failure.Message;
        }
        catch (OperationCanceledException)
        {
            return $"it did not answer in {s_patience.TotalSeconds:0} seconds";
        }
    }

    [LoggerMessage(Level = LogLevel.Warning, Message = "A late answer of webhook {Hook} is not sent: its address is none of those in answerTo")]
    private partial void LogForeign(string hook);

    [LoggerMessage(Level = LogLevel.Warning, Message = "A late answer of webhook {Hook} could not be sent to {Host}: {Why}")]
    private partial void LogFailed(string hook, string host, string why);
}
