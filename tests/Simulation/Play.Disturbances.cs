using System.Globalization;
using Refresh.Orchestrator.Application;
using Refresh.Simulation.Faults;
using Refresh.Simulation.World;
using Refresh.Workflows.Facts;
using Refresh.Workflows.Runs;

namespace Refresh.Simulation;

/// <summary>What comes from outside: members that go bad, sensors that lie, clocks that are set, people, and the end of workers.</summary>
internal sealed partial class Play
{
    private static readonly RequestKind[] s_kinds = Enum.GetValues<RequestKind>();

    private int _requests;

    private void Disturb()
    {
        if (_setting.CalmPairs > 0)
            return;
        foreach (var member in _world.Members.Where(member => !member.Serves(_world.Now) && _scenario.Chance(0.5)))
            _scheduler.After(_scenario.Between(0, 60), () => Repair(member, member.Vm));
        for (var chance = 0; chance < 6; chance++)
        {
            Perhaps(Fault.MemberSick, member => member.Vm is { Sick: false }, member => _world.Change(member, $"{member.Id} gets sick", () => member.Vm!.Sick = true), Repair);
            Perhaps(Fault.MemberDown, member => member.Vm is { Down: false }, member => _world.Change(member, $"{member.Id} goes down", () => member.Vm!.Down = true), Repair);
            Perhaps(Fault.BalancerLies, _ => true, LieBalancer, (member, _) => _world.Change(member, $"the balancer tells the truth of {member.Id}", () => member.BalancerSays = null));
            Perhaps(Fault.ProbeLies, _ => true, LieProbe, (member, _) => _world.Change(member, $"the probes tell the truth of {member.Id}", () => member.ProbeSays = null));
            Perhaps(Fault.DrainedByHand, member => member.Rotation == Rotation.In, DrainByHand, (member, _) => PutBackByHand(member));
            Perhaps(Fault.PutInByHand, member => member.Rotation != Rotation.In, _world.PutInByHand);
            Perhaps(Fault.ClaimedByOther, member => !_world.Claimed.ContainsKey(member.Id.Pair), member => _world.Claimed[member.Id.Pair] = _world.Now, (member, _) => _world.Claimed.Remove(member.Id.Pair));
            Perhaps(Fault.ImageRevoked, _ => _world.Revoked is null, _ => _world.Revoke(), within: 700);
            Perhaps(Fault.ClockForward, _ => true, _ => SetClock(_scenario.Between(1, _scenario.Chance(0.5) ? 30 : 4000)));
            Perhaps(Fault.ClockBack, _ => true, _ => SetClock(-_scenario.Between(1, _scenario.Chance(0.5) ? 30 : 4000)));
            Perhaps(Fault.WorkerKilled, _ => Alive() is not null, _ => Alive()!.Kill());
            Perhaps(Fault.WorkerStopped, _ => Alive() is not null, _ => Stop(Alive()!, _scenario.Between(1, 60)));
            Perhaps(Fault.SecondWorker, _ => Alive() is not null, _ => StartWorker());
            Perhaps(Fault.LeftSafely, _ => Leaving() is not null, _ => LeaveSafely());
            Perhaps(Fault.Asked, _ => _world.Journal.Head is not null, _ => Ask(s_kinds[_scenario.Random.Next(s_kinds.Length)], TimeSpan.Zero), within: 400);
        }

        if (_scenario.Fleet.Policy.ApprovalRequired && _scenario.Chance(0.9))
            Ask(RequestKind.Approve, _scenario.Between(1, 60));
        if (_scenario.Chance(0.15))
            Ask(RequestKind.Rollback, _scenario.Between(20, 840));
    }

    /// <summary>A fault that strikes at some moment, if it can then: one that would change nothing is not counted.</summary>
    private void Perhaps(Fault fault, Func<SimulatedMember, bool> can, Action<SimulatedMember> happens, Action<SimulatedMember, SimulatedVm?>? ends = null, double within = 350)
    {
        var after = _scenario.Between(0, within);
        var lasts = _scenario.Between(2, 150);
        var which = _scenario.Random.Next(1000);
        var stays = _scenario.Chance(0.2);
        _scheduler.After(after, () =>
        {
            var member = Somebody(which);
            if (!can(member) || !_scenario.Strikes(fault, fault is Fault.ImageRevoked or (>= Fault.ClockForward and < Fault.DrainedByHand) ? null : member.Id))
                return;
            var vm = member.Vm;
            happens(member);
            if (!stays && ends is not null)
                _scheduler.After(lasts, () => ends(member, vm));
        });
    }

    /// <summary>Mostly one of a pair that is being worked on: there it hurts.</summary>
    private SimulatedMember Somebody(int which)
    {
        var busy = _world.Journal.Run is { InFlight.Count: > 0 } run ? run.InFlight[which % run.InFlight.Count] : null;
        return busy is not null && which % 4 != 0 && _world.Journal.Run!.Pairs[busy].Active is { } active
            ? _scenario.Chance(0.5) ? _world[active.Id] : _world[active.Id].Peer
            : _world.Members.ElementAt(which % _world.Members.Count);
    }

    private void Repair(SimulatedMember member, SimulatedVm? vm)
    {
        if (vm is null || member.Vm != vm)
            return;
        _world.Change(member, $"{member.Id} is well again", () => (vm.Sick, vm.Down) = (false, false));
        PutBackByHand(member);
    }

    private void LieBalancer(SimulatedMember member) =>
        _world.Change(member, $"the balancer lies about {member.Id}", () => member.BalancerSays = !member.Up(_world.Now));

    private void LieProbe(SimulatedMember member) =>
        _world.Change(member, $"the probes lie about {member.Id}", () => member.ProbeSays = !member.Healthy(_world.Now));

    private void DrainByHand(SimulatedMember member) =>
        _world.Change(member, $"somebody drains {member.Id} by hand", () => (member.Rotation, member.EmptyAt) = (_scenario.Chance(0.5) ? Rotation.Out : Rotation.Draining, _world.Now));

    private void PutBackByHand(SimulatedMember member)
    {
        if (member is { OutByUs: false, Rotation: not Rotation.In })
            _world.Change(member, $"somebody puts {member.Id} back", () => member.Rotation = Rotation.In);
    }

    private void SetClock(TimeSpan by)
    {
        _world.ClockOffset += by;
        _world.ClockSetAt = _undisturbed = _world.Now;
        Timeline.World(string.Create(CultureInfo.InvariantCulture, $"the clock is set by {by.TotalSeconds:0.0} s"));
    }

    private Time.Process? Alive() => _workers.LastOrDefault(worker => worker is { Alive: true, Stopped: false });

    private void Stop(Time.Process worker, TimeSpan time)
    {
        Timeline.World(string.Create(CultureInfo.InvariantCulture, $"{worker.Name} is stopped for {time.TotalSeconds:0.0} s"));
        worker.Stop(time);
        _undisturbed = _world.Now + time;
        if (_scenario.Chance(0.7))
            _scheduler.After(time * 0.3, StartWorker);
    }

    /// <summary>What the worker that would be told to leave works on; null when there is none.</summary>
    private RunSession? Leaving() => Alive() is { } worker ? _sessions.GetValueOrDefault(worker) : null;

    private void LeaveSafely()
    {
        var session = Leaving()!;
        Alive()!.Post(_ => session.LeaveSafely(Request(RequestKind.Pause)), null);
    }

    private RunRequest Request(RequestKind kind) =>
        new(string.Create(CultureInfo.InvariantCulture, $"request-{++_requests}"), RunId, kind, "ann", string.Empty, _world.Wall);

    private void Ask(RequestKind kind, TimeSpan delay) => _scheduler.After(delay, () =>
    {
        if (_world.Journal.Head is null)
            return;
        var request = Request(kind);
        Timeline.World($"{request.By} asks to {kind}, {request.Id}");
        _coverage.Count($"asked to {kind} while {_world.Journal.Run!.State}");
        _world.Journal.Submit(request);
        if (_scenario.Strikes(Fault.AskedTwice))
            _scheduler.After(_scenario.Between(0.1, 30), () => _world.Journal.Submit(request));
        SeeToIt();
    });
}
