using Refresh.Orchestrator.Application;
using Refresh.Orchestrator.Engine;
using Refresh.Orchestrator.Serving.Api;
using Refresh.Orchestrator.Settings;
using Refresh.Workflows.Machines;
using Refresh.Workflows.Ports;
using Refresh.Workflows.Reasons;
using Refresh.Workflows.Runs;

namespace Refresh.Orchestrator.Serving.Hosting;

/// <summary>One fleet in the hands of this service: its adapters, and its run while there is one.</summary>
internal sealed partial class FleetDesk(string name, AdapterShare adapters, DeskTools tools) : IAsyncDisposable
{
    /// <summary>Who the service is in a journal. No token can be of this name: a person's has no space.</summary>
    public const string Service = "refresh serve";

    private static readonly TimeSpan s_pause = TimeSpan.FromSeconds(5);

    /// <summary>How long a start waits for the run's first step, so that what is asked of the run next is not too early.</summary>
    private static readonly TimeSpan s_firstStep = TimeSpan.FromSeconds(5);

    private readonly SemaphoreSlim _starting = new(1, 1);
    private readonly CancellationTokenSource _now = new();
    private volatile Work? _work;
    private volatile FleetSource? _source;
    private DateTimeOffset _notBefore;

    public string Name => name;

    /// <summary>The fleet file as it was good last.</summary>
    public FleetSource Source
    {
        get => _source!;
        set => _source = value;
    }

    public FleetDefinition Definition => Source.Definition!;

    /// <summary>The run that this process works on; null when there is none.</summary>
    public Run? Run => _work?.Latest;

    /// <summary>Why the fleet's unfinished run is not worked on; null when it is, or when there is none.</summary>
    public Reason? Blocked { get; private set; }

    /// <summary>Whether a run may be taken up now: after a failure that is not tried again at once.</summary>
    public bool MayTakeUp => _work is null && tools.Clock.GetUtcNow() >= _notBefore;

    /// <summary>Looks or plans through the fleet's adapters.</summary>
    public async Task<T> UseAsync<T>(Func<FleetDefinition, RunPorts, Task<T>> use, CancellationToken cancellation)
    {
        using var share = await adapters.TakeAsync(Definition, asItIs: _work is not null, cancellation);
        return await use(share.Definition, share.Ports);
    }

    /// <summary>Plans a run and begins it.</summary>
    /// <param name="terms">On which terms.</param>
    /// <param name="asker">Who asks.</param>
    /// <param name="id">The run's id.</param>
    /// <param name="cancellation">Ends the call before the run has begun.</param>
    /// <returns>The run, or null when there is nothing to do. A run of this id that has begun already is the one.</returns>
    /// <exception cref="Problem">Something stands in the way.</exception>
    public async Task<Run?> BeginAsync(StartTerms terms, Asker asker, string id, CancellationToken cancellation)
    {
        using var ends = CancellationTokenSource.CreateLinkedTokenSource(cancellation, _now.Token);
        try
        {
            return await BeginOnceAsync(terms, asker, id, ends.Token);
        }
        catch (OperationCanceledException) when (!cancellation.IsCancellationRequested)
        {
            throw Problem.Of(ProblemCode.Stopping, $"Fleet {name} is being given up by this service: its file has gone, or the service stops. Nothing was begun.");
        }
    }

    private async Task<Run?> BeginOnceAsync(StartTerms terms, Asker asker, string id, CancellationToken cancellation)
    {
        await _starting.WaitAsync(cancellation);
        AdapterShare.Share? share = null;
        try
        {
            if (await tools.Journal.FindAsync(id, cancellation) is not null)
                return (await RunHistory.ReadAsync(tools.Journal, id, cancellation)).Run;
            await RequireFreeAsync(cancellation);
            share = await adapters.TakeAsync(Definition, asItIs: false, cancellation);
            var planned = (await FleetSurvey.PlanAsync(share.Definition, terms.Choice, share.Ports, cancellation, terms.Overrides)) with { OutsideWindows = terms.OutsideWindows };
            if (planned.Obstacles.Count > 0)
                throw Problem.Of(ProblemCode.PlanObstacles, $"Fleet {name} cannot be refreshed as it is, and nothing was touched: {string.Join("; ", planned.Obstacles.Select(obstacle => obstacle.Text))}.", null, planned.Obstacles);
            if (planned.Plan.Rebuilds() == 0)
                return null;
            if (terms.Propose)
                planned = planned with { Fleet = planned.Fleet with { Policy = planned.Fleet.Policy with { ApprovalRequired = true } } };
            var work = new Work(tools.Watcher(), Source);
            var session = await tools.Runs.BeginAsync(planned, share.Ports, asker, work, cancellation, id);
            Start(work, session, share);
            share = null;
            using var over = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
            await Task.WhenAny(work.Begun, work.Done, Task.Delay(s_firstStep, tools.Clock, over.Token));
            await over.CancelAsync();
            return work.Latest ?? session.Run;
        }
        finally
        {
            share?.Dispose();
            _starting.Release();
        }
    }

    /// <summary>Takes up a run of the fleet that nobody works on, and answers what was asked of it meanwhile.</summary>
    public async Task TakeUpAsync(RunHead head, CancellationToken cancellation)
    {
        await _starting.WaitAsync(cancellation);
        AdapterShare.Share? share = null;
        try
        {
            if (_work is not null)
                return;
            var history = await RunHistory.ReadAsync(tools.Journal, head.Run, cancellation);
            Blocked = Differing(history.Run, Definition);
            if (Blocked is { } blocked)
            {
                LogBlocked(head.Run, name, blocked.Text);
                _notBefore = tools.Clock.GetUtcNow() + s_pause;
                return;
            }

            var work = new Work(tools.Watcher(), Source);
            var session = await tools.Runs.TakeUpAsync(head.Run, async token => (share = await adapters.TakeAsync(Definition, asItIs: false, token)).Ports, work, _ => { }, cancellation);
            if (Restarts.PausedByService(session.Run))
                session.GoOn(tools.Runs.NewRequest(head.Run, RequestKind.Resume, new Asker(Service, "the service is back")));
            // A run that has ended must hear before it begins that it is asked something; any other hears it soon.
            foreach (var request in head.Finished ? await tools.Journal.RequestsAsync(head.Run, cancellation) : [])
                session.Ask(request);
            Start(work, session, share!);
            share = null;
        }
        catch (Exception failure) when (failure is AdapterException or JournalException)
        {
            Blocked = failure is AdapterException adapter ? adapter.Reason : new Reason("not-taken-up", failure.Message, "it is tried again by itself");
            LogNotTakenUp(head.Run, name, failure.Message);
            _notBefore = tools.Clock.GetUtcNow() + s_pause;
        }
        finally
        {
            share?.Dispose();
            _starting.Release();
        }
    }

    /// <summary>Has a run that only waits go on with the fleet file as it is now: it is left, and taken up at the next look. One that is under way keeps the file that it has.</summary>
    public void FollowFile()
    {
        if (_work is { Session: { } session, Latest.State: RunState.Waiting or RunState.AwaitingApproval } work && work.File.Stamp != Source.Stamp && !ReferenceEquals(work.File.Definition, Definition))
            session.Leave();
    }

    /// <summary>Leaves the fleet: what is under way is ended if the time suffices, else where it stands; either way the run is taken up again.</summary>
    /// <param name="deadline">Fires when the time is over.</param>
    public async Task LeaveAsync(CancellationToken deadline)
    {
        if (_work is not { } work)
            return;
        if (work.Latest?.State == RunState.Running)
            work.Session!.LeaveSafely(tools.Runs.NewRequest(work.Session.Run.Id, RequestKind.Pause, new Asker(Service, "the service stops")));
        else
            work.Session!.Leave();
        await using var late = deadline.Register(_now.Cancel);
        await work.Done;
    }

    public async ValueTask DisposeAsync()
    {
        await _now.CancelAsync();
        await _starting.WaitAsync();
        _starting.Release();
        if (_work is { } work)
            await work.Done;
        await adapters.DisposeAsync();
    }

    private static Reason? Differing(Run run, FleetDefinition definition) => RunService.Differences(run, definition) is { Count: > 0 } differences
        ? new Reason("fleet-changed", $"run {run.Id} began with another fleet file than {definition.Path} is now: {string.Join("; ", differences)}", "the fleet file is what it was when the run began")
        : null;

    private async Task RequireFreeAsync(CancellationToken cancellation)
    {
        var other = Run?.Id ?? (await tools.Journal.RunsAsync(name, 1, cancellation)).FirstOrDefault(head => !head.Finished)?.Run;
        if (other is not null)
            throw Problem.Of(ProblemCode.FleetHasRun, $"Fleet {name} has an unfinished run, {other}. Wait until it has ended, cancel it, or send \"ifBusy\": \"queue\".", other);
    }

    private void Start(Work work, RunSession session, AdapterShare.Share share)
    {
        Blocked = null;
        work.Session = session;
        _work = work;
        work.Done = WorkAsync(work, session, share);
    }

    private async Task WorkAsync(Work work, RunSession session, AdapterShare.Share share)
    {
        await Task.Yield();
        using var scope = tools.Logger.BeginScope(new Dictionary<string, object> { ["Run"] = session.Run.Id, ["Fleet"] = name });
        try
        {
            var run = await session.WorkAsync(_now.Token);
            LogLeft(run.Id, name, run.State);
        }
        catch (JournalException fault)
        {
            LogLost(session.Run.Id, name, fault.Message);
            _notBefore = tools.Clock.GetUtcNow() + s_pause;
        }
        catch (Exception defect)
        {
            LogDefect(defect, session.Run.Id, name);
            Blocked = new Reason("defect", $"a defect ended the work on run {session.Run.Id}: {defect.Message}", "it is taken up again in a minute; please report it");
            _notBefore = tools.Clock.GetUtcNow() + TimeSpan.FromMinutes(1);
        }
        finally
        {
            share.Dispose();
            _work = null;
            tools.Nudge();
        }
    }

    private sealed class Work(IRunWatcher watcher, FleetSource file) : IRunWatcher
    {
        private readonly TaskCompletionSource _begun = new(TaskCreationOptions.RunContinuationsAsynchronously);

        /// <summary>The fleet file as it was when the work began.</summary>
        public FleetSource File => file;

        public RunSession? Session { get; set; }

        /// <summary>The run has made its first step.</summary>
        public Task Begun => _begun.Task;

        public Run? Latest { get; private set; }

        public Task Done { get; set; } = Task.CompletedTask;

        public void Advanced(Run run, IReadOnlyList<JournalEntry> entries)
        {
            Latest = run;
            if (run.State != RunState.Planned)
                _begun.TrySetResult();
            watcher.Advanced(run, entries);
        }

        public void TakenUp(Run run, IReadOnlyList<JournalEntry> entries)
        {
            Latest = run;
            watcher.TakenUp(run, entries);
        }

        public void Progressed(Workflows.Fleets.MemberId member, string text) => watcher.Progressed(member, text);
    }
}
