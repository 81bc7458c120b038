using Refresh.Simulation.Time;
using Refresh.Simulation.World;
using Refresh.Workflows.Facts;
using Refresh.Workflows.Fleets;
using Refresh.Workflows.Images;
using Refresh.Workflows.Machines;
using Refresh.Workflows.Ports;
using Refresh.Workflows.Runs;

namespace Refresh.Simulation.Proof;

/// <summary>
/// Sees every change of the world as it happens, and what the journal holds, never what a worker believes; and says when a
/// promise is broken.
/// </summary>
internal sealed partial class WorldObserver(SimulatedWorld world)
{
    /// <summary>From a look at the peer until the drain reaches the balancer: the age that facts may have, and the way.</summary>
    private static readonly TimeSpan s_way = TimeSpan.FromSeconds(6);

    /// <summary>How long a worker may take to hear that what it does was withdrawn: the journal's slowest answer, and a stop.</summary>
    private static readonly TimeSpan s_news = TimeSpan.FromSeconds(22);

    private readonly Dictionary<string, (MemberId Member, VmIdentity? Vm, bool TouchesPeer, bool Used)> _plans = new(StringComparer.Ordinal);
    private readonly HashSet<string> _out = new(StringComparer.Ordinal);

    /// <summary>Members that came back after a rebuild, and were not called back since.</summary>
    private readonly HashSet<MemberId> _rejoined = [];

    /// <summary>Nobody looks: a port is tried by itself, without a run.</summary>
    public bool Asleep { get; set; }

    private RefreshPolicy Policy => world.Scenario.Fleet.Policy;

    /// <summary>The first promise that was broken: whoever was told of it may have swallowed it.</summary>
    public BrokenPromiseException? Broken { get; private set; }

    /// <summary>The most members of one pair that were out by our doing at once: 0, 1 or 2 (promise 10).</summary>
    public int MostOutOfAPair { get; private set; }

    /// <summary>The most pairs that had a member out by our doing at once.</summary>
    public int MostPairsOut { get; private set; }

    /// <summary>A worker is about to act: by an intent that the journal holds, and only while it owns the fleet.</summary>
    public void Sends(string what, SimulatedMember member)
    {
        if (Asleep)
            return;
        var sender = Process.Current;
        Holds(
            world.Journal.IsHeldBy(sender.Epoch) || ClockWasSet(),
            "promise 6",
            $"{sender.Name} gives a {what} of {member.Id} with epoch {sender.Epoch}, and the fleet is owned by epoch {world.Journal.Epoch}");
        var intents = world.Journal.ByMember.GetValueOrDefault(member.Id) ?? [];
        Holds(
            intents.Exists(kept => !kept.Concluded && Fits(what, kept.Intent) && (kept.WithdrawnAt is not { } ended || world.Now - ended < s_news)),
            "promise 5",
            $"a {what} of {member.Id} is sent, and the journal has no intent of it");
        if (what == "rejoin")
            HasProved(sender, member);
    }

    public void Drains(SimulatedMember member)
    {
        var peer = member.Peer;
        if (member.Rotation != Rotation.In)
            return;
        Holds(!peer.OutByUs, "promise 1", $"{member.Id} is drained while {peer.Id} is out by our doing");
        Holds(peer.Operation is null, "promise 3", $"{member.Id} is drained while {peer.Id} is being rebuilt");
        var served = peer.Serves(world.Now) ? world.Now : peer.LastServed;
        Holds(served + Policy.Guard.MaxAge + s_way >= world.Now || served == world.Now, "promise 1", $"{member.Id} is drained, and {peer.Id} has not served for {(served == TimeSpan.MinValue ? world.Now : world.Now - served).TotalSeconds:0} s");
        if (world.Claimed.TryGetValue(member.Id.Pair, out var since))
            Holds(world.Now - since < Policy.Guard.MaxAge + s_way, "promise 1", $"{member.Id} is drained, and another run claims it");
        // One that was called back was not rebuilt on this way.
        if (peer is { BackAt: { } back, Vm.Number: > 0 } && (!RollsBack || (_rejoined.Contains(peer.Id) && back >= _takenUp.GetValueOrDefault(member.Id.Pair, TimeSpan.MaxValue))))
            Holds(world.Now - back >= Policy.Soak.Duration, "promise 3", $"{member.Id} is drained {(world.Now - back).TotalSeconds:0.0} s after {peer.Id} came back, and it soaks {Policy.Soak.Duration.TotalSeconds} s");
    }

    public void Holds(SimulatedMember member, bool cut)
    {
        Holds(!member.Peer.OutByUs, "promise 1", $"{member.Id} is held out while {member.Peer.Id} is out by our doing");
        if (!cut && member.Rotation == Rotation.Draining)
            Holds(member.Sessions(world.Now) == 0, "promise 1", $"{member.Id} is held out with {member.Sessions(world.Now)} sessions, and nobody said to cut them");
        Holds(!cut || Policy.Drain.OnTimeout == DrainTimeoutAction.Cut, "promise 1", $"the sessions of {member.Id} are cut, and the policy says that it returns");
    }

    /// <summary>A member has left by our doing: members and pairs are counted.</summary>
    public void Left(SimulatedMember member)
    {
        var both = (member.OutByUs ? 1 : 0) + (member.Peer.OutByUs ? 1 : 0);
        MostOutOfAPair = Math.Max(MostOutOfAPair, both);
        Holds(both < 2, "promise 1", $"both members of {member.Id.Pair} are out by our doing");
        if (!member.OutByUs)
            return;
        _out.Add(member.Id.Pair);
        MostPairsOut = Math.Max(MostPairsOut, _out.Count);
        if (_out.Count > Policy.Waves.MaxPairsAtOnce)
        {
            var working = _out.Count(pair => _underWay.Contains(pair));
            Holds(working <= Policy.Waves.MaxPairsAtOnce, "promise 10", $"{working} pairs are reduced at once, and {Policy.Waves.MaxPairsAtOnce} are allowed");
        }
    }

    public void Back(SimulatedMember member)
    {
        _out.Remove(member.Id.Pair);
        if (_states.GetValueOrDefault(member.Id) == MemberState.Rejoining)
            _rejoined.Add(member.Id);
        else
            _rejoined.Remove(member.Id);
    }

    public void PutsIn(SimulatedMember member)
    {
        var vm = member.Vm;
        Holds(!(member.Dormant && Policy.Dormant == DormantAction.Refresh) || vm is { Off: false }, "dormant", $"{member.Id} is put in rotation, and is off");
        Holds(vm is not null && member.Operation is null, "promise 2", $"{member.Id} is put in rotation while it is being rebuilt");
        if (Asleep || vm!.Number == 0 || vm == member.LeftWith)
            return;
        Holds(vm.Image == Refresh.Simulation.Faults.Scenario.New.Ref || (vm.Image == member.Original && RollsBack), "promise 2", $"{member.Id} is put in rotation with {vm.Image.Label}");
        IsProved(member, vm, [.. vm.Heard.Values]);
    }

    public void Previews(string token, SimulatedMember member, bool touchesPeer) => _plans[token] = (member.Id, member.Vm?.Identity, touchesPeer, false);

    public void Rebuilds(SimulatedMember member, RebuildPreview preview, GoldenImage image)
    {
        if (Asleep)
            return;
        var plan = _plans[preview.Token];
        Holds(!plan.Used, "promise 5", $"{preview.Token} of {member.Id} is carried out twice");
        _plans[preview.Token] = plan with { Used = true };
        var intent = world.Journal.ByMember.GetValueOrDefault(member.Id)?.Find(kept => kept.Intent is Rebuild rebuild && rebuild.Plan.Token == preview.Token && rebuild.Image == image.Ref);
        Holds(intent is not null, "promise 5", $"{member.Id} is rebuilt from {preview.Token}, and the journal has no such intent");
        Holds(++intent!.Rebuilt == 1, "promise 5", $"{intent.Intent.Id} is carried out twice");
        Holds(member.Operation is null, "promise 5", $"{member.Id} is rebuilt while a rebuild of it goes on");
        Holds(plan.Member == member.Id && !plan.TouchesPeer, "promise 7", $"the rebuild of {member.Id} touches another VM");
        Holds(plan.Vm == member.Vm?.Identity, "promise 7", $"the rebuild of {member.Id} was planned for {plan.Vm}, and would replace {member.Vm?.Identity}");
        Holds(member.Rotation == Rotation.Out || world.Now - member.ToldOutAt < Policy.Guard.MaxAge + s_way, "promise 1", $"{member.Id} is rebuilt while it is {member.Rotation}");
        Holds(!member.Peer.OutByUs, "promise 3", $"{member.Id} is rebuilt while {member.Peer.Id} is out by our doing");
        Holds(image.Ref == Refresh.Simulation.Faults.Scenario.New.Ref || (image.Ref == member.Original && RollsBack), "promise 4", $"{member.Id} is rebuilt from {image.Ref.Label}");
        Holds(image.Ref != Refresh.Simulation.Faults.Scenario.New.Ref || _revocationHeard is not { } heard || world.Now - heard < s_news, "revoked image", $"{member.Id} is rebuilt from a revoked image");
        DestroysAServer(member);
    }

    /// <summary>Only what was found off goes off, proved and out of rotation.</summary>
    public void PowersOff(SimulatedMember member)
    {
        Holds(member.Dormant && Policy.Dormant == DormantAction.Refresh, "dormant", $"{member.Id} is powered off, and was not found so");
        Holds(member.Rotation == Rotation.Out || world.Now - member.ToldOutAt < Policy.Guard.MaxAge + s_way, "promise 1", $"{member.Id} is powered off while it is {member.Rotation}");
        Holds(member.Vm is { Number: > 0 } vm && vm.Heard.Values.Any(heard => heard is { Guest: true, Identity: true }), "promise 2", $"{member.Id} is powered off, and nobody has proved its VM");
    }

    public void Holds(bool promise, string name, string broken)
    {
        if (promise || Asleep)
            return;
        Broken ??= new BrokenPromiseException(name, broken);
        throw Broken;
    }

    /// <summary>The old VM could still serve: it is not destroyed while its peer does not (promise 1).</summary>
    private void DestroysAServer(SimulatedMember member)
    {
        if (member is not { ServedWhenLeft: true, Vm: { } vm } || vm != member.LeftWith || member.Peer.Serves(world.Now) || member.Peer.BadSince is not { } bad)
            return;
        Holds(world.Now - bad < Policy.Guard.MaxAge + s_way, "promise 1", $"{member.Id}, which served, is destroyed, and {member.Peer.Id} has not served for {(world.Now - bad).TotalSeconds:0} s");
    }

    private bool ClockWasSet() => world.ClockSetAt != TimeSpan.MinValue && world.Now - world.ClockSetAt < TimeSpan.FromSeconds(20);

    private static bool Fits(string what, Intent intent) => (what, intent) switch
    {
        ("drain" or "hold", Drain) or ("rejoin", Rejoin) or ("rebuild", Rebuild) or ("recover", Recover) or ("power-off", PowerOff) => true,
        _ => false,
    };
}
