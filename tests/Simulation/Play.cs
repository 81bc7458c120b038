using Refresh.Orchestrator.Application;
using Refresh.Orchestrator.Engine;
using Refresh.Simulation.Bugs;
using Refresh.Simulation.Faults;
using Refresh.Simulation.Proof;
using Refresh.Simulation.Time;
using Refresh.Simulation.World;
using Refresh.Workflows.Fleets;
using Refresh.Workflows.Machines;
using Refresh.Workflows.Planning;

namespace Refresh.Simulation;

/// <summary>
/// One seed: the real core and the real engine in virtual time, over a world that goes its own way. Workers are killed,
/// stopped and started again over the same journal and the same world.
/// </summary>
internal sealed partial class Play
{
    private const long MostSteps = 300_000;
    private static readonly TimeSpan s_disturbed = TimeSpan.FromMinutes(15);
    private static readonly TimeSpan s_latestAnswer = TimeSpan.FromSeconds(20);
    private static readonly TimeSpan s_longest = TimeSpan.FromHours(5);

    private readonly Setting _setting;
    private readonly Scenario _scenario;
    private readonly Scheduler _scheduler;
    private readonly SimulatedWorld _world;
    private readonly Coverage _coverage = new();
    private readonly Network _network;
    private readonly SimulatedProvisioner _provisioner;
    private readonly PlannedRun _planned;
    private TimeSpan _undisturbed;

    public Play(Setting setting)
    {
        _setting = setting;
        _scenario = new Scenario(setting);
        _scheduler = new Scheduler(new Random(setting.Seed ^ 0x5eed));
        Timeline = new Timeline(_scheduler) { Silent = setting.CalmPairs > 100 };
        _scenario.Struck = Struck;
        _world = new SimulatedWorld(_scenario, _scheduler, Timeline);
        _network = new Network(_world);
        _provisioner = new SimulatedProvisioner(_world, _network, Clock) { Stops = worker => Stop(worker, _scenario.Between(5, 60)) };
        var seen = _world.Members.ToDictionary(member => member.Id, _world.Whole);
        var plan = Planner.Plan(_scenario.Fleet, Scenario.New.Ref, seen);
        _planned = new PlannedRun(_scenario.Fleet, Scenario.New, plan, seen, [], null, "shop.yaml");
    }

    public Timeline Timeline { get; }

    public SimulatedWorld World => _world;

    public Scheduler Scheduler => _scheduler;

    /// <summary>Plays until nothing goes on any more.</summary>
    public Played ToTheEnd()
    {
        string? broken = null;
        try
        {
            Disturb();
            _scheduler.After(s_disturbed, CalmDown);
            StartWorker();
            Watch();
            while (_world.Observer.Broken is null && !Over() && _scheduler.Step())
            {
                if (_scheduler.Steps > MostSteps && _setting.CalmPairs == 0)
                    _world.Observer.Holds(false, "promise 9", $"it goes on and on, for {_scheduler.Now}");
            }

            if (_world.Observer.Broken is { } swallowed)
                throw swallowed;
            _world.Observer.AtEnd();
            _coverage.Count($"run ended {_world.Journal.Run!.State}");
        }
        catch (BrokenPromiseException promise)
        {
            broken = promise.Message;
        }
        catch (Exception defect) when (defect is InvalidOperationException or ArgumentException or KeyNotFoundException or NullReferenceException or NotSupportedException)
        {
            broken = $"defect: {defect}";
        }
        finally
        {
            SynchronizationContext.SetSynchronizationContext(null);
        }

        _coverage.Count("answers that overtook another", _network.Overtaken);
        _coverage.Count("entries in the journal", _world.Journal.Entries.Count);
        return new Played(broken, Timeline, _coverage, _scheduler.Now, _scheduler.Steps, _firstSteps ?? _workers[0].Steps, _world.Journal.Run, _scenario.Drawn);
    }

    private bool Over()
    {
        if (!_scenario.Calm)
            return _setting.CalmPairs > 0 && _world.Journal.Run is { Finished: true } && _workers.TrueForAll(worker => !worker.Alive);
        _world.Observer.Holds(_scheduler.Now < s_longest, "promise 9", $"after {_scheduler.Now} the run is {_world.Journal.Run?.State.ToString() ?? "not begun"} still");
        return _world.Journal is { Run: { } run, Unanswered.Count: 0 }
            && (run.Finished || (run.State is RunState.Paused or RunState.AwaitingApproval && run.Quiet | run.Open.IsEmpty | run.Open.Values.All(intent => intent is Workflows.Runs.Bake)));
    }

    private void Watch() => _scheduler.After(TimeSpan.FromSeconds(2), () =>
    {
        // Only a worker that is at work can be expected to notice anything.
        if (!_workers.Exists(worker => worker is { Alive: true, Stopped: false } && _sessions.ContainsKey(worker)))
            _undisturbed = _scheduler.Now;
        if (_setting.CalmPairs == 0)
            _world.Observer.Passes(_undisturbed);
        Watch();
    });

    private VirtualClock Clock(Process process) => new(_scheduler, process, () => _world.Wall);

    private RunPorts Ports(Process process)
    {
        var guests = new SimulatedGuests(_world, _network);
        var bug = _setting.Bug ?? PlantedBug.None;
        return bug.Ports(new RunPorts(new SimulatedBalancer(_world, _network, Clock), _provisioner, guests, guests, guests, bug.Journal(new SimulatedJournal(_world, _world.Journal)), Clock(process)) { Calendar = new SimulatedCalendar(_scenario) });
    }

    private void Struck(Fault fault, int strike, MemberId? member)
    {
        _coverage.Strike(fault);
        Timeline.Fault(member is { } id ? $"{fault} {strike}: {id}" : $"{fault} {strike}");
        if (fault is Fault.PeerDiesAtDecision or Fault.AnswerSlow or Fault.JournalSlow or Fault.CallLost or Fault.AnswerLost or Fault.JournalUnavailable or Fault.JournalAckLost)
            Disturbed(fault == Fault.PeerDiesAtDecision ? s_latestAnswer : TimeSpan.Zero);
        if (_world?.Journal.Run is not { } run)
            return;
        if (member is { } struck)
        {
            _coverage.Strike(fault, run.Get(struck).State);
            return;
        }

        foreach (var pair in run.InFlight)
        {
            if (run.Pairs[pair].Active is { } active)
                _coverage.Strike(fault, active.State);
        }
    }

    /// <summary>Nobody can be expected to notice anything before the slowest answer has come.</summary>
    private void Disturbed(TimeSpan until)
    {
        if (_scheduler.Now + until > _undisturbed)
            _undisturbed = _scheduler.Now + until;
    }

    private void CalmDown()
    {
        _scenario.Calm = true;
        _undisturbed = _scheduler.Now;
        Timeline.World("nothing goes wrong any more");
        _world.Claimed.Clear();
        foreach (var member in _world.Members)
        {
            _world.Change(member, $"{member.Id} is well", () =>
            {
                (member.BalancerSays, member.ProbeSays) = (null, null);
                member.EmptyAt = Shorter(member.EmptyAt, _scheduler.Now);
                if (member.Vm is { } vm)
                    (vm.Sick, vm.Down) = (false, false);
                if (member is { OutByUs: false, Rotation: not Workflows.Facts.Rotation.In })
                    member.Rotation = Workflows.Facts.Rotation.In;
            });
        }

        if (_world.Journal.Run is { State: RunState.Paused or RunState.AwaitingApproval } waiting)
        {
            var kind = waiting.State == RunState.Paused ? Workflows.Runs.RequestKind.Resume : Workflows.Runs.RequestKind.Approve;
            if (_scenario.Chance(0.7))
                Ask(kind, TimeSpan.Zero);
        }
    }

    private static TimeSpan Shorter(TimeSpan one, TimeSpan other) => one < other ? one : other;
}
