using System.Globalization;
using Refresh.Workflows.Facts;
using Refresh.Workflows.Fleets;
using Refresh.Workflows.Images;
using Refresh.Workflows.Planning;
using Refresh.Workflows.Reasons;

namespace Refresh.Workflows.Tests.Simulation;

/// <summary>A world that keeps its own truth. All that changes it goes through here, and the observer sees every change.</summary>
internal sealed class SimulatedWorld
{
    private readonly Scenario _scenario;
    private readonly Dictionary<MemberId, SimulatedMember> _members = [];

    public SimulatedWorld(Scenario scenario)
    {
        _scenario = scenario;
        foreach (var member in scenario.Fleet.Members())
        {
            _members[member.Id] = new SimulatedMember(member, scenario.Chance(0.25) ? Scenario.New.Ref : Scenario.Old)
            {
                Healthy = !scenario.Chance(0.05),
                Rotation = scenario.Chance(0.03) ? Rotation.Out : Rotation.In,
                Dormant = scenario.Chance(0.1),
            };
        }

        Plan = Planner.Plan(scenario.Fleet, Scenario.New.Ref, Members.ToDictionary(member => member.Id, Facts));
        Observer = new Observer(this) { Plan = Plan };
    }

    public RunPlan Plan { get; }

    public DateTimeOffset Now { get; set; } = Scenario.Start;

    public Observer Observer { get; }

    public IEnumerable<SimulatedMember> Members => _members.Values;

    public SimulatedMember this[MemberId id] => _members[id];

    public SimulatedMember PeerOf(MemberId id) => _members[PairOf(id).PeerOf(id).Id];

    public Pair PairOf(MemberId id) => _scenario.Fleet.Pairs.First(pair => pair.Name == id.Pair);

    public Member MemberOf(MemberId id) => PairOf(id).Get(id);

    public MemberFacts Facts(SimulatedMember member)
    {
        var guest = _scenario.Strikes(Fault.GuestUnread) ? null : member.Guest(Now);
        var balancer = _scenario.Strikes(Fault.BalancerUnread) ? null : member.Balancer(Now);
        return new MemberFacts(member.Id, balancer, member.Probe(Now), _scenario.Strikes(Fault.VmUnread) ? null : member.Vm(Now), guest, guest is null || balancer is null ? [Unread] : []);
    }

    public PairFacts PairFacts(MemberId id) =>
        new(Facts(this[id]), Facts(PeerOf(id)), _scenario.Strikes(Fault.ClaimedByOther) ? "run-0" : null);

    public void Drain(SimulatedMember member)
    {
        Observer.Drains(member);
        member.ServedWhenDrained = member.Rotation == Rotation.Draining ? member.ServedWhenDrained : member.Serves;
        member.RebuildBegun &= member.Rotation != Rotation.In;
        member.Held = true;
        if (member.Rotation == Rotation.In)
        {
            member.Rotation = Rotation.Draining;
            member.OutByUs = true;
        }
    }

    public void HoldOut(SimulatedMember member)
    {
        member.OutByUs |= member.Rotation != Rotation.Out;
        member.Rotation = Rotation.Out;
    }

    public void PutIn(SimulatedMember member)
    {
        Observer.PutsIn(member);
        member.Rotation = Rotation.In;
        member.OutByUs = false;
        member.Held = false;
    }

    public void PowerOff(SimulatedMember member, VmIdentity vm)
    {
        Observer.PowersOff(member, vm);
        (member.Power, member.PoweredOff) = (VmPower.Off, true);
    }

    public void Remove(SimulatedMember member)
    {
        member.Identity = null;
        member.Power = VmPower.Missing;
    }

    public void Make(SimulatedMember member, ImageRef image)
    {
        var number = (++member.Made).ToString(CultureInfo.InvariantCulture);
        member.Identity = new VmIdentity($"vm-{member.Id}-{number}", $"h-{member.Id}-{number}");
        member.Power = VmPower.On;
        member.PoweredOff = false;
        member.BootedAt = Now;
        member.Image = _scenario.Strikes(Fault.WrongImage) ? Scenario.Old with { Version = "2025.1.1" } : image;
        member.MachineId = _scenario.Strikes(Fault.SameMachineId) ? member.MachineId : $"machine-{member.Id}-{number}";
        member.Healthy = !_scenario.Strikes(Fault.BootsSick);
        member.Up = true;
    }

    private static Reason Unread => new("unread", "there was no answer", "it answers");
}
