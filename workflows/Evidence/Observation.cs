using Refresh.Workflows.Facts;
using Refresh.Workflows.Fleets;
using Refresh.Workflows.Ports;
using Refresh.Workflows.Reasons;
using Refresh.Workflows.Runs;

namespace Refresh.Workflows.Evidence;

/// <summary>Something that was seen of the world during a run.</summary>
/// <param name="At">When it was seen.</param>
/// <param name="Source">Who said so: <c>load balancer</c>, <c>probe</c>, <c>provisioner</c> or <c>guest</c>.</param>
/// <param name="About">The member.</param>
/// <param name="What">What was seen.</param>
/// <param name="Entry">The journal's entry that holds it.</param>
public sealed record Observation(DateTimeOffset At, string Source, MemberId About, string What, long Entry)
{
    internal static IReadOnlyList<Observation> Of(IReadOnlyList<JournalEntry> entries)
    {
        var about = new Dictionary<string, MemberId>(StringComparer.Ordinal);
        var seen = new List<Observation>();
        foreach (var entry in entries)
        {
            if (entry.Event is IntentRecorded recorded)
                about[recorded.Intent.Id] = recorded.Intent.Member;
            else if (entry.Event is OutcomeRecorded outcome && about.TryGetValue(outcome.Intent, out var member))
                seen.AddRange(In(outcome.Outcome, member, entry.Sequence));
        }

        return seen;
    }

    private static IEnumerable<Observation> In(Outcome outcome, MemberId member, long entry) => outcome switch
    {
        Observed observed => Of(observed.Facts, entry),
        Drained drained => [.. Of(drained.Permitted, entry), Of(drained.Balancer, member, entry)],
        DrainRefused refused => Of(refused.Facts, entry),
        RebuildRefused refused => Of(refused.Peer, entry),
        Previewed previewed => [Of(previewed.Preview.Before, member, entry)],
        Rebuilt rebuilt => [Of(rebuilt.Vm, member, entry)],
        Recovered recovered => [Of(recovered.Recovery.Vm, member, entry)],
        Examined { Facts: var facts } => Of(new MemberFacts(member, null, facts.Probe, facts.Vm, facts.Guest, []), entry),
        Rejoined rejoined => [Of(rejoined.Balancer, member, entry)],
        PoweredOff off => [Of(off.Vm, member, entry)],
        Watched watched => watched.Last.SelectMany(facts => Of(facts, entry)),
        _ => [],
    };

    private static IEnumerable<Observation> Of(PairFacts facts, long entry) => Of(facts.Member, entry).Concat(Of(facts.Peer, entry));

    private static IEnumerable<Observation> Of(MemberFacts facts, long entry)
    {
        if (facts.Balancer is { } balancer)
            yield return Of(balancer, facts.Id, entry);
        if (facts.Probe is { } probe)
            yield return new Observation(probe.At, "probe", facts.Id, $"{(probe.Healthy ? "healthy" : "not healthy")}: {probe.Detail}", entry);
        if (facts.Vm is { } vm)
            yield return Of(vm, facts.Id, entry);
        if (facts.Guest is { } guest)
            yield return new Observation(guest.At, "guest", facts.Id, $"runs {guest.Image.Label} ({guest.Image.Digest}), machine id {guest.MachineId}, booted {guest.BootedAt:u}", entry);
    }

    private static Observation Of(BalancerFacts balancer, MemberId member, long entry) =>
        new(balancer.At, "load balancer", member, $"{balancer.Rotation}, {balancer.Health}, {Counted.Of(balancer.Sessions, "session")}: {balancer.Detail}", entry);

    private static Observation Of(VmFacts vm, MemberId member, long entry) =>
        new(vm.At, "provisioner", member, $"VM {vm.Identity?.ToString() ?? "none"}, {vm.Power}, made from {vm.Image ?? "unknown"}: {vm.Detail}", entry);
}
