using System.Globalization;
using Refresh.Workflows.Facts;
using Refresh.Workflows.Runs;

namespace Refresh.Workflows.Tests.Simulation;

/// <summary>What comes from outside: members that go bad, people that drain by hand, requests, lost workers.</summary>
internal sealed partial class Simulation
{
    private static readonly RequestKind[] s_kinds = Enum.GetValues<RequestKind>();

    private void Disturb()
    {
        foreach (var member in World.Members.Where(member => !member.Serves && _scenario.Chance(0.5)))
            After(_scenario.Between(0, 60), () => Repair(member, member.Identity));
        for (var chance = 0; chance < 10; chance++)
        {
            if (_scenario.Strikes(Fault.MemberGoesBad))
                After(_scenario.Between(0, 300), GoBad);
            if (_scenario.Strikes(Fault.DrainedByHand))
                After(_scenario.Between(0, 300), DrainByHand);
            if (_scenario.Strikes(Fault.WorkerLostAnytime))
                After(_scenario.Between(0, 400), () => { if (_workerIsUp) LoseWorker("at some time"); });
        }

        for (var number = _scenario.Random.Next(6); number > 0; number--)
            Ask(number, s_kinds[_scenario.Random.Next(s_kinds.Length)], _scenario.Between(0, 300));
        if (_scenario.Fleet.Policy.ApprovalRequired && _scenario.Chance(0.9))
            Ask(100, RequestKind.Approve, _scenario.Between(1, 60));
        if (_scenario.Chance(0.7))
            Ask(101, RequestKind.Resume, TimeSpan.FromMinutes(20));
        if (_scenario.Chance(0.2))
            Ask(102, RequestKind.Rollback, TimeSpan.FromHours(2));
        if (_scenario.Chance(0.2))
            Ask(104, RequestKind.Pause, TimeSpan.FromHours(2) + _scenario.Between(1, 300));
        if (_scenario.Chance(0.8))
            Ask(105, RequestKind.Resume, TimeSpan.FromMinutes(150));
        if (_scenario.Chance(0.1))
            Ask(103, RequestKind.Rollback, TimeSpan.FromHours(3));
    }

    private void Ask(int number, RequestKind kind, TimeSpan delay)
    {
        var id = number.ToString(CultureInfo.InvariantCulture);
        After(delay, () => Step(new Asked(new RunRequest(id, "run-1", kind, number % 2 == 0 ? "ann" : "grace", string.Empty, World.Now))));
    }

    private SimulatedMember Somebody() => World.Members.ElementAt(_scenario.Random.Next(World.Members.Count()));

    private void GoBad()
    {
        var member = Somebody();
        var vm = member.Identity;
        var which = _scenario.Random.Next(3);
        member.Healthy &= which == 0;
        member.Up &= which == 1;
        Log.Note(World.Now, $"{member.Id} goes bad");
        if (_scenario.Chance(0.8))
            After(_scenario.Between(3, 200), () => Repair(member, vm));
    }

    private void Repair(SimulatedMember member, VmIdentity? vm)
    {
        if (member.Identity != vm)
            return;
        member.Healthy = member.Up = true;
        member.Rotation = member.Held ? member.Rotation : Rotation.In;
        Log.Note(World.Now, $"{member.Id} is well again");
    }

    private void DrainByHand()
    {
        var member = Somebody();
        if (member.Rotation != Rotation.In)
            return;
        member.Rotation = Rotation.Out;
        Log.Note(World.Now, $"somebody drains {member.Id} by hand");
        if (_scenario.Chance(0.8))
            After(_scenario.Between(3, 200), () => member.Rotation = member.Held ? member.Rotation : Rotation.In);
    }
}
