using Refresh.Workflows.Decisions;
using Refresh.Workflows.Machines;
using Refresh.Workflows.Runs;
using Refresh.Workflows.Windows;

namespace Refresh.Workflows.Tests.Simulation;

/// <summary>
/// One run in virtual time: a queue of instants, a worker that may be lost at any of them, a journal that survives it, and
/// a world that goes its own way.
/// </summary>
internal sealed partial class Simulation
{
    private const int MaxSteps = 5_000;

    private readonly PriorityQueue<Action, (DateTimeOffset At, long Order)> _queue = new();
    private readonly List<RunRequest> _unread = [];
    private readonly Scenario _scenario;
    private readonly Tally _tally;
    private readonly Carrier _carrier;
    private Run _run;
    private bool _workerIsUp = true;
    private long _order;

    public Simulation(int seed, Tally tally)
    {
        _tally = tally;
        _scenario = new Scenario(seed, tally);
        World = new SimulatedWorld(_scenario);
        _carrier = new Carrier(_scenario, World);
        var planned = new RunPlanned("run-1", _scenario.Fleet, Scenario.New, World.Plan, "ann", "november", "shop.yaml");
        Log.Add(World.Now, planned);
        _run = RunFold.Begin(planned, World.Now);
    }

    public SimulatedWorld World { get; }

    public Timeline Log { get; } = new();

    public Run Play()
    {
        After(TimeSpan.Zero, () => Step(new BeginRun()));
        foreach (var edge in _scenario.Windows.SelectMany(window => new[] { window.Start, window.End }).Append(World.Now).Where(edge => edge < DateTimeOffset.MaxValue))
            After(edge - World.Now, ReadCalendar);
        Disturb();
        while (_queue.TryDequeue(out var next, out var when))
        {
            World.Now = when.At;
            next();
            Observer.Holds(Log.Events.Count < MaxSteps, $"the run goes on and on: {Log.Events.Count} events");
        }

        Promises.AtEnd(_run, World);
        Promises.Replay(_run, Log);
        _tally.Count($"run ended {_run.State}");
        return _run;
    }

    private void ReadCalendar() =>
        Step(new CalendarRead(new WindowOutlook([.. _scenario.Windows.Where(window => window.End > World.Now)], DateTimeOffset.MaxValue)));

    private void After(TimeSpan delay, Action what) => _queue.Enqueue(what, (World.Now + delay, _order++));

    private void Step(Stimulus stimulus)
    {
        if (!_workerIsUp)
        {
            Miss(stimulus);
            return;
        }

        var before = _run;
        var decision = RunDecisions.Decide(_run, stimulus, World.Now);
        if (_scenario.Strikes(Fault.WorkerLostBeforeCommit))
        {
            Miss(stimulus);
            LoseWorker("before it committed");
            return;
        }

        Commit(stimulus, decision);
        Promises.AfterStep(before, stimulus, _run, World);
        Promises.KeepsToWindows(decision, _scenario, World.Now);
        if (_scenario.Strikes(Fault.WorkerLostAfterCommit))
        {
            LoseWorker("after it committed");
            return;
        }

        foreach (var withdrawn in decision.Withdrawn())
            Withdraw(withdrawn);
        foreach (var intent in decision.Intents())
            Start(intent);
    }

    private void Commit(Stimulus stimulus, Decision decision)
    {
        foreach (var happened in decision.Events)
        {
            Log.Add(World.Now, happened);
            Count(happened);
        }

        _run = decision.Run;
        World.Observer.Recorded.Clear();
        World.Observer.Recorded.UnionWith(_run.Open.Keys);
        World.Observer.RollsBack |= stimulus is Asked { Request.Kind: RequestKind.Rollback } && _run.State == RunState.RollingBack;
    }

    private void Count(RunEvent happened)
    {
        var what = happened switch
        {
            RunMoved moved => $"run {moved.From} {moved.Trigger}",
            PairMoved moved => $"pair {moved.From} {moved.Trigger}",
            MemberMoved moved => $"member {moved.From} {moved.Trigger}",
            RequestAnswered answered => $"request {answered.Request.Kind} {(answered.Refusal is null ? "taken up" : "turned down")}",
            TakenOver => $"taken over while {_run.State}",
            _ => $"event {happened.GetType().Name}",
        };
        _tally.Count(what);
    }
}
