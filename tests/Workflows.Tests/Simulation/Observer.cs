using Refresh.Workflows.Facts;
using Refresh.Workflows.Planning;
using Refresh.Workflows.Runs;

namespace Refresh.Workflows.Tests.Simulation;

/// <summary>Sees the world and which intents are recorded, never the core's own view of a member, and says when a promise is broken.</summary>
internal sealed class Observer(SimulatedWorld world)
{
    private readonly HashSet<string> _rebuilds = new(StringComparer.Ordinal);

    /// <summary>Intents that are recorded and have no outcome.</summary>
    public HashSet<string> Recorded { get; } = new(StringComparer.Ordinal);

    /// <summary>What the run was planned to do.</summary>
    public required RunPlan Plan { get; init; }

    /// <summary>A rollback was taken up.</summary>
    public bool RollsBack { get; set; }

    public void Begins(Intent intent) =>
        Holds(Recorded.Contains(intent.Id), $"promise 5: {intent.Id} was begun without a recorded intent");

    public void Drains(SimulatedMember member)
    {
        var peer = world.PeerOf(member.Id);
        Holds(peer.Serves, $"promise 1: {member.Id} was drained while {peer.Id} did not serve");
        Holds(!peer.OutByUs, $"promise 1: {member.Id} was drained while {peer.Id} was out by our doing");
        Holds(!peer.Provisioning, $"promise 3: {member.Id} was drained while {peer.Id} was being rebuilt");
        if (!RollsBack && !Canaries().Any(canary => canary.Id.Pair == member.Id.Pair))
            Holds(Canaries().Where(canary => !canary.Dormant && !world.PeerOf(canary.Id).Dormant).All(canary => canary is { OutByUs: false } && canary.Image == Scenario.New.Ref), $"{member.Id} was drained before the canaries were done");
    }

    public void PutsIn(SimulatedMember member)
    {
        Holds(!member.Provisioning, $"promise 2: {member.Id} rejoined while it was being rebuilt");
        Holds(member.Made == 0 || member.Identity == member.Proved, $"promise 2: {member.Id} rejoined with VM {member.Identity}, which was not proved");
    }

    public void Rebuilds(SimulatedMember member, Rebuild intent)
    {
        Holds(_rebuilds.Add(intent.Id), $"promise 5: {intent.Id} was carried out twice");
        Holds(member.Rotation != Rotation.In, $"promise 1: {member.Id} was rebuilt in rotation");
        Holds(!member.Provisioning, $"promise 5: {member.Id} was rebuilt while a rebuild of it went on");
        Holds(!world.PeerOf(member.Id).OutByUs, $"promise 3: {member.Id} was rebuilt while its peer was out by our doing");
        Holds(intent.Image == Scenario.New.Ref || intent.Image == member.Original, $"promise 4: {member.Id} was rebuilt from {intent.Image}");
    }

    public void PowersOff(SimulatedMember member, VmIdentity vm)
    {
        Holds(member.Dormant, $"{member.Id} was powered off, and was not found so");
        Holds(member.Rotation == Rotation.Out, $"promise 1: {member.Id} was powered off while it was {member.Rotation}");
        Holds(member.Identity == vm && member.Identity == member.Proved, $"promise 2: {member.Id} was powered off with VM {member.Identity}, which was not proved");
        Holds(!world.PeerOf(member.Id).OutByUs, $"promise 1: {member.Id} was powered off while its peer was out by our doing");
    }

    public static void Holds(bool promise, string broken)
    {
        if (!promise)
            throw new BrokenPromiseException(broken);
    }

    private IEnumerable<SimulatedMember> Canaries() =>
        Plan.Waves.Where(wave => wave.Canary).SelectMany(wave => wave.Pairs).SelectMany(pair => pair.Members).Select(member => world[member.Id]);
}
