using System.Globalization;
using Microsoft.Extensions.Logging.Abstractions;
using Refresh.Orchestrator.Application;
using Refresh.Orchestrator.Engine;
using Refresh.Simulation.Bugs;
using Refresh.Simulation.Faults;
using Refresh.Simulation.Time;
using Refresh.Workflows.Fleets;
using Refresh.Workflows.Machines;
using Refresh.Workflows.Ports;
using Refresh.Workflows.Runs;

namespace Refresh.Simulation;

/// <summary>The workers: whoever is missing is started again, by a service or a person.</summary>
internal sealed partial class Play
{
    private const string RunId = "run-1";

    private readonly List<Process> _workers = [];
    private readonly Dictionary<Process, RunSession> _sessions = [];
    private long? _firstSteps;
    private bool _starting;

    private void StartWorker()
    {
        var number = _workers.Count + 1;
        var worker = new Process(string.Create(CultureInfo.InvariantCulture, $"worker-{number}"), _scheduler)
        {
            KillAt = number == 1 ? _setting.KillAt : 0,
            Killed = Killed,
        };
        _workers.Add(worker);
        if (_setting.CalmPairs == 0 && worker.KillAt == 0 && _scenario.StrikesLater(Fault.WorkerKilled) is { } killed)
            (worker.KillAt, worker.AtKill) = (1 + _scenario.Random.Next(600), killed);
        worker.Post(_ => Work(worker), null);
    }

    // The simulated process is all that waits for it: what it throws ends the simulation.
    private async void Work(Process worker)
    {
        try
        {
            var ports = Ports(worker);
            var options = new WorkerOptions
            {
                Worker = worker.Name,
                RequestInterval = TimeSpan.FromSeconds(_setting.CalmPairs > 0 ? 30 : 3),
                RevocationInterval = TimeSpan.FromSeconds(_setting.CalmPairs > 0 ? 300 : 5),
                Workings = _setting.Bug ?? PlantedBug.None,
            };
            var ids = 0;
            var service = new RunService(ports.Journal, options, ports.Clock, () => ++ids == 1 ? RunId : $"id-{worker.Name}-{ids}", NullLoggerFactory.Instance);
            var session = _world.Journal.Head is null
                ? await service.BeginAsync(_planned, ports, new Asker("ann", "november"), new Nobody(), CancellationToken.None)
                : await service.TakeUpAsync(RunId, _ => Task.FromResult(ports), new Nobody(), _ => { }, CancellationToken.None);
            _sessions[worker] = session;
            _undisturbed = _scheduler.Now;
            var end = await session.WorkAsync(CancellationToken.None);
            Ended(worker, end.State.ToString());
        }
        catch (JournalException fault)
        {
            Ended(worker, fault.Fault.ToString());
        }
    }

    private void Ended(Process worker, string how)
    {
        Timeline.World($"{worker.Name} has ended: {how}");
        if (_world.Journal.Run is { State: RunState.Failed } && _setting.CalmPairs == 0 && !_scenario.Calm && _scenario.Chance(0.25))
            Ask(RequestKind.Rollback, _scenario.Between(1, 120));
        worker.Exit();
        Gone(worker);
    }

    private void Killed(Process worker)
    {
        Timeline.World($"{worker.Name} is killed before its step {worker.Steps}");
        _provisioner.Lost(worker);
        Gone(worker);
    }

    private void Gone(Process worker)
    {
        if (worker == _workers[0])
            _firstSteps ??= worker.Steps;
        _undisturbed = _scheduler.Now;
        _sessions.Remove(worker);
        SeeToIt();
    }

    /// <summary>A run without a worker is taken up again after a while.</summary>
    private void SeeToIt()
    {
        if (_starting || !Needed())
            return;
        _starting = true;
        _scheduler.After(_scenario.Between(0.5, _scenario.Calm ? 5 : 40), () =>
        {
            _starting = false;
            if (Needed())
                StartWorker();
        });
    }

    private bool Needed() =>
        _workers.TrueForAll(worker => !worker.Alive)
        && (_world.Journal.Run is not { Finished: true } || _world.Journal.Unanswered.Count > 0);

    private sealed class Nobody : IRunWatcher
    {
        public void Advanced(Run run, IReadOnlyList<JournalEntry> entries)
        {
        }

        public void Progressed(MemberId member, string text)
        {
        }
    }
}
