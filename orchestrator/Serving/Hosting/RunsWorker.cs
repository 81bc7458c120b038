using System.Collections.Concurrent;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Refresh.Orchestrator.Application;
using Refresh.Orchestrator.Composition;
using Refresh.Orchestrator.Serving.Api;
using Refresh.Orchestrator.Serving.Configuration;
using Refresh.Workflows.Ports;

namespace Refresh.Orchestrator.Serving.Hosting;

/// <summary>
/// The worker of the service: reads the fleet files, takes up runs that nobody works on, begins what was ordered, and at the
/// end finishes or hands back within the deadline.
/// </summary>
internal sealed partial class RunsWorker(
    ServeSettings settings,
    FleetDirectory fleets,
    RunService runs,
    IRunJournal journal,
    Watchers watchers,
    OrderQueue orders,
    RecordsFolder records,
    TimeProvider clock,
    ILoggerFactory loggers) : BackgroundService
{
    private readonly ConcurrentDictionary<string, FleetDesk> _desks = new(StringComparer.Ordinal);
    private readonly SemaphoreSlim _nudge = new(0, 1);
    private readonly Beginnings _begun = new(loggers.CreateLogger<Beginnings>());
    private readonly ILogger _logger = loggers.CreateLogger<RunsWorker>();

    /// <summary>When the worker looked last; the watchdog goes by it.</summary>
    public DateTimeOffset LookedAt { get; private set; } = clock.GetUtcNow();

    /// <summary>The service is stopping, and begins nothing more.</summary>
    public bool Stopping { get; private set; }

    public IEnumerable<FleetDesk> Desks => _desks.Values;

    /// <summary>The desk of a fleet.</summary>
    /// <exception cref="Problem">There is no such fleet.</exception>
    public FleetDesk Desk(string fleet) => _desks.GetValueOrDefault(fleet) ?? throw Problem.NoSuchFleet(fleet);

    /// <summary>The desk of a fleet; null when there is none.</summary>
    public FleetDesk? FindDesk(string fleet) => _desks.GetValueOrDefault(fleet);

    /// <summary>Has the worker look at once.</summary>
    public void Nudge()
    {
        try
        {
            _nudge.Release();
        }
        catch (SemaphoreFullException)
        {
            // It looks anyway.
        }
    }

    /// <summary>Reads every fleet file anew, now.</summary>
    public void ReadAnew()
    {
        fleets.ReadAnew();
        Nudge();
    }

    /// <summary>Refuses when nothing may be begun any more.</summary>
    /// <exception cref="Problem">The service is stopping.</exception>
    public void RequireGoing()
    {
        if (Stopping)
            throw Problem.Of(ProblemCode.Stopping, "The service is stopping and begins nothing more; what is under way is finished or handed back.");
    }

    /// <inheritdoc />
    public override async Task StartAsync(CancellationToken cancellationToken)
    {
        await fleets.LookAsync(cancellationToken);
        Seat();
        await base.StartAsync(cancellationToken);
    }

    /// <inheritdoc />
    public override async Task StopAsync(CancellationToken cancellationToken)
    {
        Stopping = true;
        await base.StopAsync(cancellationToken);
        using var deadline = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        deadline.CancelAfter(settings.StopWithin);
        await _begun.EndAsync(deadline.Token);
        await Task.WhenAll(Desks.Select(desk => desk.LeaveAsync(deadline.Token)));
        await Task.WhenAll(Desks.Select(desk => desk.DisposeAsync().AsTask())).WaitAsync(cancellationToken);
        _desks.Clear();
    }

    /// <inheritdoc />
    public override void Dispose()
    {
        _begun.Dispose();
        base.Dispose();
    }

    /// <inheritdoc />
    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        while (true)
        {
            try
            {
                await LookAsync(stoppingToken);
            }
            catch (Exception failure) when (failure is not OperationCanceledException)
            {
                // The next look may fare better; /readyz tells of the journal.
                LogFailed(failure.Message);
            }

            LookedAt = clock.GetUtcNow();
            using var pause = CancellationTokenSource.CreateLinkedTokenSource(stoppingToken);
            await Task.WhenAny(_nudge.WaitAsync(pause.Token), Task.Delay(settings.LookEvery, clock, pause.Token));
            await pause.CancelAsync();
            stoppingToken.ThrowIfCancellationRequested();
        }
    }

    private async Task LookAsync(CancellationToken stopping)
    {
        await fleets.LookAsync(stopping);
        Seat();
        Unseat(stopping);
        foreach (var desk in Desks)
            desk.FollowFile();
        var unsettled = await journal.UnsettledAsync(stopping);
        foreach (var head in unsettled)
        {
            if (Free(head.Fleet) is { MayTakeUp: true } desk && await journal.HolderAsync(head.Fleet, stopping) is null)
                _begun.Begin(head.Fleet, stop => desk.TakeUpAsync(head, stop), stopping);
        }

        var busy = unsettled.Where(head => !head.Finished).Select(head => head.Fleet).ToHashSet(StringComparer.Ordinal);
        foreach (var order in await orders.NextAsync(stopping))
        {
            if (!busy.Contains(order.Fleet) && Free(order.Fleet) is { Run: null } desk)
                _begun.Begin(order.Fleet, stop => orders.BeginAsync(order, desk, stop), stopping);
        }
    }

    /// <summary>The desk of a fleet with which nothing has been begun; null for any other.</summary>
    private FleetDesk? Free(string fleet) => _begun.IsBusy(fleet) ? null : _desks.GetValueOrDefault(fleet);

    /// <summary>Gives every fleet a desk, with its file as it is now. One that is back gets it when what it had before is given up.</summary>
    private void Seat()
    {
        foreach (var (name, source) in fleets.Fleets)
        {
            if (_desks.ContainsKey(name) || !_begun.IsBusy(name))
                _desks.GetOrAdd(name, NewDesk).Source = source;
        }
    }

    /// <summary>Gives up the desks of fleets whose files have gone, and what they listen on. A fleet keeps its desk while a run is worked on.</summary>
    private void Unseat(CancellationToken stopping)
    {
        foreach (var (name, desk) in _desks.Where(pair => !fleets.Fleets.ContainsKey(pair.Key) && pair.Value.Run is null && !_begun.IsBusy(pair.Key)).ToList())
        {
            if (!_desks.TryRemove(name, out _))
                continue;
            LogGone(name, desk.Source.File);
            _begun.Begin(name, async _ => await desk.DisposeAsync(), stopping);
        }
    }

    private FleetDesk NewDesk(string name) => new(
        name,
        new AdapterShare((definition, cancellation) => FleetAdapters.OpenAsync(definition, journal, records.Path, clock, loggers, cancellation), clock),
        new DeskTools(runs, journal, clock, _logger, watchers.ForRun, Nudge));

    [LoggerMessage(Level = LogLevel.Warning, Message = "The worker could not look: {Why}")]
    private partial void LogFailed(string why);

    [LoggerMessage(Level = LogLevel.Information, Message = "Fleet {Fleet} is served no more: {File} is gone")]
    private partial void LogGone(string fleet, string file);
}
