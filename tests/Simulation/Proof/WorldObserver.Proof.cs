using Refresh.Simulation.Time;
using Refresh.Simulation.World;
using Refresh.Workflows.Fleets;

namespace Refresh.Simulation.Proof;

/// <summary>A rebuilt VM is put in rotation by who has proved it (promise 2).</summary>
internal sealed partial class WorldObserver
{
    /// <summary>The machine id that a member had before its rebuild, where it could be read.</summary>
    private readonly Dictionary<MemberId, string> _machineBefore = [];

    /// <summary>A worker puts in only what it has heard itself: who takes over proves again. One that is called back may have been proved by another.</summary>
    private void HasProved(Process sender, SimulatedMember member)
    {
        if (member.Vm is not { Number: > 0 } vm || vm == member.LeftWith || _states.GetValueOrDefault(member.Id) != Workflows.Machines.MemberState.Rejoining)
            return;
        IsProved(member, vm, [vm.By(sender.Epoch)]);
        Holds(_machineBefore.GetValueOrDefault(member.Id) != vm.MachineId, "promise 2", $"{member.Id} is put in rotation, and has the machine id that it had before: {vm.MachineId}");
    }

    private void IsProved(SimulatedMember member, SimulatedVm vm, IReadOnlyList<Hearing> heard)
    {
        Holds(heard.Any(one => one is { Guest: true, Identity: true }), "promise 2", $"{member.Id} is put in rotation, and who has it done has not heard what {vm.Identity.Id} is");
        var passes = heard.Max(one => one.MostPasses);
        Holds(passes >= Policy.Verify.Passes, "promise 2", $"{member.Id} is put in rotation after {passes} healthy probes in a row, and {Policy.Verify.Passes} are needed");
    }
}
