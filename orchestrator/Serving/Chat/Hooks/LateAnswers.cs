using System.Net.Http.Headers;
using System.Text;
using Microsoft.Extensions.Logging;
using Refresh.Orchestrator.Journals.Service;
using Refresh.Orchestrator.Serving.Chat.Desk;
using Refresh.Orchestrator.Serving.Chat.Settings;
using Refresh.Orchestrator.Serving.Chat.Vendors;
using Refresh.Orchestrator.Serving.Notices;
using Refresh.Workflows.Ports;

namespace Refresh.Orchestrator.Serving.Chat.Hooks;

/// <summary>Sends answers that came too late for their request: to the origins that the settings name and to no others, following no redirect.</summary>
internal sealed partial class LateAnswers(Buttons buttons, ChannelList channels, LateReplies replies, TimeProvider clock, ILogger<LateAnswers> logger) : IDisposable
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
        {
            await ElsewhereAsync(hook, task, delivery, reply);
            return;
        }

        if (Allowed(hook, text) is not { } address)
        {
            LogForeign(hook.Name);
            return;
        }

        var json = VendorList.Of(hook.Vendor).WriteLate(buttons.On(hook, task, reply), task.Button);
        await TryAsync(hook, delivery, address.Host, () => PostAsync(address, json));
    }

    public void Dispose() => _http.Dispose();

    /// <summary>The address, when it is one of the webhook's own; null otherwise.</summary>
    internal static Uri? Allowed(HookSettings hook, string text) =>
        Uri.TryCreate(text, UriKind.Absolute, out var address) && address.UserInfo.Length == 0 && hook.AnswerTo.Any(origin => Uri.Compare(origin, address, UriComponents.SchemeAndServer, UriFormat.SafeUnescaped, StringComparison.OrdinalIgnoreCase) == 0)
            ? address
            : null;

    // An account without an address for answers may ask for it; a channel that the settings name gets it by itself.
    private async Task ElsewhereAsync(HookSettings hook, HookTask task, StoredDelivery delivery, ChatReply reply)
    {
        if (task.Account is { } account && !VendorList.Of(hook.Vendor).Retries)
            replies.Keep(account.ToString(), reply);
        if (hook.AnswerIn is not { } name)
            return;
        var channel = channels[name];
        var said = reply.WithCode;
        var notice = new Notice(delivery.Subject, NoticeKind.Answer, NoticeLevel.Info, reply.Fleet ?? string.Empty, said, string.Empty) { At = clock.GetUtcNow() };
        await TryAsync(hook, delivery, name, async () =>
            await channel.Notifier.SendAsync(notice, channel.Notifier.Escape(said), new NoticePlace(null, false), CancellationToken.None) is { Fate: not NoticeFate.Sent } receipt ? receipt.Detail : null);
    }

    private async Task TryAsync(HookSettings hook, StoredDelivery delivery, string where, Func<Task<string?>> send)
    {
        foreach (var pause in s_pauses.Append(Timeout.InfiniteTimeSpan))
        {
            if (clock.GetUtcNow() - delivery.At > s_holds)
                break;
            if (await send() is not { } why)
                return;
            LogFailed(hook.Name, where, why);
            if (pause != Timeout.InfiniteTimeSpan)
                await Task.Delay(pause, clock, CancellationToken.None);
        }
    }

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

    [LoggerMessage(Level = LogLevel.Warning, Message = "A late answer of webhook {Hook} could not be sent to {Where}: {Why}")]
    private partial void LogFailed(string hook, string where, string why);
}
