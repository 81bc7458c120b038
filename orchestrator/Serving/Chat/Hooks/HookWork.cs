using System.Collections.Concurrent;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Refresh.Orchestrator.Journals.Service;
using Refresh.Orchestrator.Serving.Chat.Settings;
using Refresh.Orchestrator.Serving.Chat.Vendors;
using Refresh.Orchestrator.Serving.Configuration;
using Refresh.Orchestrator.Serving.Hosting;
using Refresh.Orchestrator.Serving.Triggers;
using Refresh.Workflows.Ports;

namespace Refresh.Orchestrator.Serving.Chat.Hooks;

/// <summary>
/// Deliveries that are being carried out, in and after their requests. One that the service was lost over is carried out again
/// by the next: under the ids that were settled for it, so that what was made already is found and not made twice.
/// </summary>
internal sealed partial class HookWork(ServeSettings settings, HookDesk desk, ImageDesk images, LateAnswers late, DeliveryStore deliveries, ConfirmationStore confirmations, Instance instance, TimeProvider clock, ILogger<HookWork> logger) : BackgroundService
{
    /// <summary>How long a delivery is known again.</summary>
    private static readonly TimeSpan s_keep = TimeSpan.FromDays(7);

    /// <summary>How long an image is tried that something passing stands in the way of.</summary>
    private static readonly TimeSpan s_tryFor = TimeSpan.FromDays(1);

    private static readonly TimeSpan s_every = TimeSpan.FromHours(1);
    private static readonly TimeSpan s_leave = TimeSpan.FromSeconds(5);
    private readonly ConcurrentDictionary<Task, bool> _going = new();
    private readonly CancellationTokenSource _stopping = new();

    /// <summary>Time between two tries of an image that something passing stands in the way of.</summary>
    internal TimeSpan TryEvery { get; set; } = OpeningRule.TryEvery;

    /// <summary>Carries out a delivery to its end, whether or not somebody waits for it.</summary>
    /// <param name="hook">The webhook.</param>
    /// <param name="task">What it asks.</param>
    /// <param name="delivery">The delivery.</param>
    /// <param name="within">How long the answer is waited for.</param>
    /// <returns>The answer; null when it comes later.</returns>
    public async Task<ChatReply?> DoAsync(HookSettings hook, HookTask task, StoredDelivery delivery, TimeSpan within)
    {
        // Whoever takes this first tells the answer: the request, or what comes later.
        var told = 0;
        bool Tells() => Interlocked.Exchange(ref told, 1) == 0;
        var waits = within > TimeSpan.Zero;
        if (!waits)
            Tells();
        var ready = new TaskCompletionSource<ChatReply>(TaskCreationOptions.RunContinuationsAsynchronously);
        Keep(DoAsync());
        if (!waits)
            return null;
        using var over = new CancellationTokenSource();
        var first = await Task.WhenAny(ready.Task, Task.Delay(within, clock, over.Token));
        await over.CancelAsync();
        return first == ready.Task || !Tells() ? await ready.Task : null;

        async Task DoAsync()
        {
            var done = await desk.DoAsync(hook, task, delivery.Subject, CancellationToken.None);
            // What is kept and tried again by itself is taken, and need not be sent again.
            var reply = done.Left.Count > 0 ? done with { Status = 202, Text = $"{done.Text} It is tried again." } : done;
            var inTime = Tells();
            if (inTime)
                ready.SetResult(reply);
            await EndAsync(hook, task, delivery, reply, inTime);
        }
    }

    /// <inheritdoc />
    public override async Task StopAsync(CancellationToken cancellationToken)
    {
        await base.StopAsync(cancellationToken);
        await _stopping.CancelAsync();
        try
        {
            await Task.WhenAll(_going.Keys).WaitAsync(s_leave, clock, cancellationToken);
        }
        catch (Exception late) when (late is TimeoutException or OperationCanceledException)
        {
            // What is not done in time is carried out by the next process.
        }
    }

    /// <inheritdoc />
    public override void Dispose()
    {
        _stopping.Dispose();
        base.Dispose();
    }

    /// <inheritdoc />
    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        await Task.Yield();
        using var timer = new PeriodicTimer(s_every, clock);
        var first = true;
        do
        {
            try
            {
                if (first)
                    await TakeOverAsync(stoppingToken);
                first = false;
                await deliveries.ForgetAsync(clock.GetUtcNow() - s_keep, stoppingToken);
                await confirmations.ForgetAsync(clock.GetUtcNow() - s_keep, stoppingToken);
            }
            catch (JournalException fault)
            {
                LogNotNow(fault.Message);
            }
        }
        while (await timer.WaitForNextTickAsync(stoppingToken));
    }

    private async Task TakeOverAsync(CancellationToken cancellation)
    {
        foreach (var delivery in await deliveries.TakeOverAsync(instance.Id, cancellation))
        {
            LogAgain(delivery.Hook, delivery.Subject);
            if (settings.Chat.Hooks.GetValueOrDefault(delivery.Hook) is { } hook)
                await DoAsync(hook, HookTask.Read(delivery.Task), delivery, TimeSpan.Zero);
            else
                await deliveries.AnswerAsync(delivery, "The webhook is no longer there.", cancellation);
        }
    }

    private async Task EndAsync(HookSettings hook, HookTask task, StoredDelivery delivery, ChatReply reply, bool inTime)
    {
        try
        {
            if (!inTime)
                await late.SendAsync(hook, task, delivery, reply);
            if (reply.Left.Count > 0)
                await LeaveAsync(hook, task with { Left = reply.Left }, delivery, reply);
            else if (reply.Status >= 500 && VendorList.Of(hook.Vendor).Retries)
                await deliveries.LetGoAsync(delivery, CancellationToken.None);
            else
                await deliveries.AnswerAsync(delivery with { Task = (task with { AnswerTo = null }).Write() }, reply.Text, CancellationToken.None);
        }
        catch (JournalException fault)
        {
            LogNotNow(fault.Message);
        }
    }

    /// <summary>Leaves a delivery unanswered, so that it is carried out again: after a pause, or by the next process.</summary>
    private async Task LeaveAsync(HookSettings hook, HookTask task, StoredDelivery delivery, ChatReply reply)
    {
        var left = delivery with { Task = task.Write() };
        if (clock.GetUtcNow() - delivery.At >= s_tryFor)
        {
            await images.GiveUpAsync(task, delivery.Subject, reply.Text, CancellationToken.None);
            await deliveries.AnswerAsync(left, reply.Text, CancellationToken.None);
            return;
        }

        try
        {
            await deliveries.LeaveAsync(left, CancellationToken.None);
        }
        finally
        {
            _ = AgainAsync(hook, task, left);
        }
    }

    private async Task AgainAsync(HookSettings hook, HookTask task, StoredDelivery delivery)
    {
        try
        {
            await Task.Delay(TryEvery, clock, _stopping.Token);
            await DoAsync(hook, task, delivery, TimeSpan.Zero);
        }
        catch (OperationCanceledException)
        {
            // The next process carries it out.
        }
    }

    private void Keep(Task going)
    {
        _going[going] = true;
        _ = going.ContinueWith(done => _going.TryRemove(done, out _), CancellationToken.None, TaskContinuationOptions.ExecuteSynchronously, TaskScheduler.Default);
    }

    [LoggerMessage(Level = LogLevel.Warning, Message = "What came by webhook {Hook} ({Subject}) was not answered before the service ended; it is carried out now")]
    private partial void LogAgain(string hook, string subject);

    [LoggerMessage(Level = LogLevel.Error, Message = "The journal did not take what became of a webhook's delivery: {Why}")]
    private partial void LogNotNow(string why);
}
