using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Refresh.Orchestrator.Journals.Service;
using Refresh.Orchestrator.Serving.Configuration;
using Refresh.Orchestrator.Serving.Hosting;
using Refresh.Workflows.Ports;

namespace Refresh.Orchestrator.Serving.Triggers;

/// <summary>Looks at patch windows and catalogues, and orders the runs that they start. What it orders, the <see cref="RunsWorker"/> begins.</summary>
internal sealed partial class TriggersWorker(
    ServeSettings settings,
    RunsWorker worker,
    WindowTrigger windows,
    ImageTrigger images,
    TriggerStore store,
    IRunJournal journal,
    TimeProvider clock,
    ILogger<TriggersWorker> logger) : BackgroundService
{
    private readonly Dictionary<string, string> _told = new(StringComparer.Ordinal);
    private long? _lookedAtImages;

    /// <inheritdoc />
    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(settings.LookEvery, clock);
        do
        {
            await GuardAsync("service", LookAsync, stoppingToken);
        }
        while (await timer.WaitForNextTickAsync(stoppingToken));
    }

    private async Task LookAsync(CancellationToken stopping)
    {
        var imagesToo = _lookedAtImages is not { } looked || clock.GetElapsedTime(looked) >= settings.ImagesEvery;
        var desks = worker.Desks.Where(desk => WindowTrigger.Concerns(desk.Definition) || (imagesToo && ImageTrigger.Concerns(desk.Definition))).ToList();
        if (imagesToo)
            _lookedAtImages = clock.GetTimestamp();
        if (desks.Count == 0)
            return;
        var handled = (await store.ListAsync(stopping)).ToDictionary(each => (each.Fleet, each.Kind));
        var held = (await journal.UnsettledAsync(stopping)).Where(head => !head.Finished).ToDictionary(head => head.Fleet, head => head.Run, StringComparer.Ordinal);
        foreach (var desk in desks)
        {
            var source = desk.Source;
            if (WindowTrigger.Concerns(source.Definition!))
                await GuardAsync($"{desk.Name} windows", stop => NudgeAsync(windows.LookAsync(source, handled.GetValueOrDefault((desk.Name, TriggerKind.Window)), held.GetValueOrDefault(desk.Name), stop)), stopping);
            if (imagesToo && ImageTrigger.Concerns(source.Definition!))
                await GuardAsync($"{desk.Name} images", stop => NudgeAsync(images.LookAsync(source.Definition!, handled.GetValueOrDefault((desk.Name, TriggerKind.Image)), held.GetValueOrDefault(desk.Name), stop)), stopping);
        }
    }

    private async Task NudgeAsync(Task<bool> look)
    {
        if (await look)
            worker.Nudge();
    }

    /// <summary>What fails is tried again at the next look; it is told when it begins, and when it is another failure.</summary>
    private async Task GuardAsync(string what, Func<CancellationToken, Task> look, CancellationToken stopping)
    {
        try
        {
            await look(stopping);
            _told.Remove(what);
        }
        catch (Exception failure) when (failure is not OperationCanceledException)
        {
            if (_told.GetValueOrDefault(what) != failure.Message)
                LogFailed(what, failure.Message);
            _told[what] = failure.Message;
        }
    }

    [LoggerMessage(Level = LogLevel.Warning, Message = "The triggers of {What} could not be looked at: {Why}")]
    private partial void LogFailed(string what, string why);
}
