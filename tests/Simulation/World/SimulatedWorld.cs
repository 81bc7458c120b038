using Refresh.Simulation.Faults;
using Refresh.Simulation.Proof;
using Refresh.Simulation.Time;
using Refresh.Workflows.Facts;
using Refresh.Workflows.Fleets;
using Refresh.Workflows.Ports;
using Refresh.Workflows.Reasons;
using Refresh.Workflows.Trust;

namespace Refresh.Simulation.World;

/// <summary>A world that keeps its own truth. All that changes it goes through here, and its observer sees every change.</summary>
internal sealed class SimulatedWorld
{
    private readonly Dictionary<MemberId, SimulatedMember> _members = [];

    public SimulatedWorld(Scenario scenario, Scheduler scheduler, Timeline timeline)
    {
        Scenario = scenario;
        Scheduler = scheduler;
        Timeline = timeline;
        foreach (var pair in scenario.Fleet.Pairs)
        {
            var (first, second) = (Add(pair.First), Add(pair.Second));
            (first.Peer, second.Peer) = (second, first);
        }

        Journal = new JournalStore(this, new WallClock(this));
        Observer = new WorldObserver(this);
    }

    public Scenario Scenario { get; }

    public Scheduler Scheduler { get; }

    public Timeline Timeline { get; }

    public JournalStore Journal { get; }

    public WorldObserver Observer { get; }

    public TimeSpan Now => Scheduler.Now;

    /// <summary>How far the machine's clock is off, and when it was set last.</summary>
    public TimeSpan ClockOffset { get; set; }

    public TimeSpan ClockSetAt { get; set; } = TimeSpan.MinValue;

    /// <summary>What the machine's clock shows.</summary>
    public DateTimeOffset Wall => Scenario.Start + Now + ClockOffset;

    public IReadOnlyCollection<SimulatedMember> Members => _members.Values;

    /// <summary>Since when another run claims a member, by pair.</summary>
    public Dictionary<string, TimeSpan> Claimed { get; } = new(StringComparer.Ordinal);

    /// <summary>Who has revoked the new image; null while nobody has.</summary>
    public ImageRevocation? Revoked { get; private set; }

    public TimeSpan? RevokedAt { get; private set; }

    /// <exception cref="AdapterException">There is no such member.</exception>
    public SimulatedMember this[MemberId id] => _members.TryGetValue(id, out var member) ? member : throw new AdapterException(Unknown(id));

    /// <summary>What is wrong with members that are not in the world.</summary>
    public IReadOnlyList<Reason> Check(IReadOnlyList<Member> members) => [.. members.Where(member => !_members.ContainsKey(member.Id)).Select(member => Unknown(member.Id))];

    /// <summary>Changes a member, and keeps when it served last.</summary>
    public void Change(SimulatedMember member, string what, Action change)
    {
        if (member.Serves(Now))
            member.LastServed = Now;
        change();
        Settle(member);
        Timeline.World(what);
    }

    /// <summary>Somebody puts a member that is out in rotation behind our back.</summary>
    public void PutInByHand(SimulatedMember member)
    {
        Change(member, $"somebody puts {member.Id} in rotation by hand", () => (member.Rotation, member.OutByUs) = (Rotation.In, false));
        Observer.Back(member);
    }

    public void Revoke()
    {
        RevokedAt ??= Now;
        Revoked ??= new ImageRevocation("ann", Wall, "it does not boot");
        Timeline.World("the new image is revoked");
    }

    public void Settle(SimulatedMember member)
    {
        if (member.Serves(Now))
            (member.LastServed, member.BadSince) = (Now, null);
        else
            member.BadSince ??= Now;
    }

    public BalancerFacts Balancer(SimulatedMember member) => new(
        member.Rotation,
        member.Up(Now) ? BalancerHealth.Up : BalancerHealth.Down,
        member.Sessions(Now),
        member.Rotation == Rotation.In && Now >= member.FullShareAt,
        member.Address,
        member.Rotation.ToString(),
        Wall);

    public ProbeFacts Probe(SimulatedMember member) =>
        member.Healthy(Now) ? new(true, "200", Wall) : new(false, member.Vm is null ? "connection refused" : "no good answer", Wall);

    public VmFacts Vm(SimulatedMember member) => member.Vm is { } vm
        ? new(vm.Identity, vm.Image.Label, member.Operation is not null ? VmPower.Changing : vm.Off ? VmPower.Off : VmPower.On, "simulated", Wall)
        : new(null, null, member.Operation is null ? VmPower.Missing : VmPower.Changing, "simulated", Wall);

    public GuestFacts? Guest(SimulatedMember member)
    {
        if (!member.Lives(Now) || Scenario.Strikes(Fault.GuestSilent, member.Id))
            return null;
        return new GuestFacts(member.Vm!.Image, member.Vm.MachineId, member.Vm.BootedAt, [], Wall);
    }

    public MemberFacts Whole(SimulatedMember member)
    {
        var guest = Guest(member);
        return new MemberFacts(member.Id, Balancer(member), Probe(member), Vm(member), guest, guest is null ? [new Reason("guest-silent", "silent", "it answers")] : []);
    }

    private static Reason Unknown(MemberId id) => new("unknown-member", $"{id} is not in the simulated world", "it is");

    private SimulatedMember Add(Member member)
    {
        var calm = Scenario.Fleet.Pairs.Count > 100;
        var image = !calm && Scenario.Chance(0.15) ? Scenario.New.Ref : Scenario.Old.Ref;
        var dormant = !calm && Scenario.IsDormant();
        var added = new SimulatedMember(member, image)
        {
            Dormant = dormant,
            Vm = new SimulatedVm(0, member.Id.ToString(), image, Scenario.Start.AddDays(-30), TimeSpan.Zero) { Sick = !calm && Scenario.Chance(0.04), Off = dormant },
            Rotation = !calm && Scenario.Chance(0.03) ? Rotation.Out : Rotation.In,
        };
        Settle(added);
        _members[member.Id] = added;
        return added;
    }

    private sealed class WallClock(SimulatedWorld world) : TimeProvider
    {
        public override DateTimeOffset GetUtcNow() => world.Wall;
    }
}
