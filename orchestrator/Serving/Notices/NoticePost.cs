using System.Text.Json;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Refresh.Orchestrator.Documents;
using Refresh.Orchestrator.Journals.Service;
using Refresh.Orchestrator.Serving.Secrets;
using Refresh.Workflows.Ports;

namespace Refresh.Orchestrator.Serving.Notices;

/// <summary>Sends what is in the outbox, each channel by itself: one that fails holds up no other, and no run.</summary>
internal sealed partial class NoticePost(ChannelList channels, OutboxStore outbox, Redaction redaction, TimeProvider clock, ILogger<NoticePost> logger) : BackgroundService
{
    /// <summary>How long after each failed attempt the next is made (reference: webhooks); after the last, the notice is given up.</summary>
    public static readonly IReadOnlyList<TimeSpan> Schedule =
        [TimeSpan.FromSeconds(5), TimeSpan.FromMinutes(5), TimeSpan.FromMinutes(30), TimeSpan.FromHours(2), TimeSpan.FromHours(5), TimeSpan.FromHours(10)];

    private static readonly TimeSpan s_look = TimeSpan.FromSeconds(5);

    /// <summary>Slack takes about one message a second in a channel.</summary>
    private static readonly TimeSpan s_pace = TimeSpan.FromSeconds(1);

    /// <inheritdoc />
    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        await Task.Yield();
        await Task.WhenAll(channels.All.Select(channel => WorkAsync(channel, stoppingToken)));
    }

    private async Task WorkAsync(Channel channel, CancellationToken stopping)
    {
        while (true)
        {
            var pause = s_look;
            try
            {
                if (await outbox.DisabledAsync(channel.Settings.Name, channel.Fingerprint, stopping) is null)
                    pause = await SendNextAsync(channel, stopping);
            }
            catch (JournalException fault)
            {
                LogNotNow(channel.Settings.Name, fault.Message);
            }

            if (pause > TimeSpan.Zero)
            {
                using var wait = CancellationTokenSource.CreateLinkedTokenSource(stopping);
                await Task.WhenAny(channel.Signal.WaitAsync(wait.Token), Task.Delay(pause, clock, wait.Token));
                await wait.CancelAsync();
            }

            stopping.ThrowIfCancellationRequested();
        }
    }

    /// <summary>Sends the next notice that is due.</summary>
    /// <returns>How long there is nothing to do after it, at most.</returns>
    private async Task<TimeSpan> SendNextAsync(Channel channel, CancellationToken stopping)
    {
        var (stored, next) = await outbox.NextAsync(channel.Settings.Name, clock.GetUtcNow(), stopping);
        if (stored is null)
            return next is { } at && at - clock.GetUtcNow() is var until && until < s_look ? (until > TimeSpan.FromMilliseconds(10) ? until : TimeSpan.FromMilliseconds(10)) : s_look;
        var receipt = await SendAsync(channel, stored, stopping);
        await SettleAsync(channel, stored, receipt, stopping);
        if (channel.Settings.Kind is ChannelKind.Slack or ChannelKind.SlackWebhook)
            await Task.Delay(s_pace, clock, stopping);
        return TimeSpan.Zero;
    }

    private async Task<NoticeReceipt> SendAsync(Channel channel, StoredNotice stored, CancellationToken stopping)
    {
        var notice = JsonSerializer.Deserialize<Notice>(stored.Notice, DocumentJson.Options)!;
        var thread = stored.Run is { } run ? await outbox.ThreadAsync(channel.Settings.Name, run, stopping) : null;
        var text = channel.Settings.TemplateFor(notice.Kind).Write(notice, channel.Notifier.Escape);
        try
        {
            return await channel.Notifier.SendAsync(notice, text, new NoticePlace(thread, stored.Form == StoredNotice.Status), stopping);
        }
        catch (Exception defect) when (defect is not OperationCanceledException || !stopping.IsCancellationRequested)
        {
            LogDefect(defect, channel.Settings.Name);
            return new NoticeReceipt(NoticeFate.Failed, "a defect of Refresh; its log has it");
        }
    }

    private async Task SettleAsync(Channel channel, StoredNotice stored, NoticeReceipt receipt, CancellationToken stopping)
    {
        var (name, detail) = (channel.Settings.Name, redaction.Clean(receipt.Detail));
        switch (receipt.Fate)
        {
            case NoticeFate.Sent:
                if (receipt.Thread is { } thread && stored.Run is { } run)
                    await outbox.KeepThreadAsync(name, run, thread, stopping);
                await outbox.EndAsync(stored, "Sent", null, stopping);
                break;
            case NoticeFate.ThreadGone when stored.Run is { } lost && await outbox.ThreadAsync(name, lost, stopping) is not null:
                await outbox.ForgetThreadAsync(name, lost, stopping);
                break;
            case NoticeFate.Unwanted:
                LogUnwanted(name, detail);
                await outbox.DisableAsync(name, channel.Fingerprint, detail, clock.GetUtcNow(), stopping);
                break;
            default:
                await FailedAsync(name, stored, receipt, detail, stopping);
                break;
        }
    }

    private async Task FailedAsync(string channel, StoredNotice stored, NoticeReceipt receipt, string detail, CancellationToken stopping)
    {
        if (stored.Attempts >= Schedule.Count)
        {
            LogGivenUp(channel, stored.Id, detail);
            await outbox.EndAsync(stored, "GivenUp", detail, stopping);
            return;
        }

        var pause = Schedule[stored.Attempts];
        if (receipt.RetryAfter is { } told && told > pause)
            pause = told;
        LogFailed(channel, stored.Id, detail, clock.GetUtcNow() + pause);
        await outbox.PutOffAsync(stored with { Attempts = stored.Attempts + 1 }, clock.GetUtcNow() + pause, detail, stopping);
    }

    [LoggerMessage(Level = LogLevel.Warning, Message = "Notice {Notice} could not be sent to {Channel}: {Why}; the next attempt is at {At}")]
    private partial void LogFailed(string channel, string notice, string why, DateTimeOffset at);

    [LoggerMessage(Level = LogLevel.Error, Message = "Notice {Notice} is given up: it could not be sent to {Channel} ({Why})")]
    private partial void LogGivenUp(string channel, string notice, string why);

    [LoggerMessage(Level = LogLevel.Error, Message = "Channel {Channel} wants nothing more ({Why}) and is not used until its settings change")]
    private partial void LogUnwanted(string channel, string why);

    [LoggerMessage(Level = LogLevel.Warning, Message = "The outbox of channel {Channel} cannot be read or written, and is tried again: {Why}")]
    private partial void LogNotNow(string channel, string why);

    [LoggerMessage(Level = LogLevel.Critical, Message = "A defect ended an attempt to send to {Channel}")]
    private partial void LogDefect(Exception defect, string channel);
}
