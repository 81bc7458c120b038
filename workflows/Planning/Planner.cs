using Refresh.Workflows.Facts;
using Refresh.Workflows.Fleets;
using Refresh.Workflows.Images;
using Refresh.Workflows.Runs;

namespace Refresh.Workflows.Planning;

/// <summary>Decides what a run would do, from the fleet and from what was observed of its members.</summary>
public static class Planner
{
    /// <summary>Makes a plan. What is current is skipped; what is powered off is dealt with as the policy says; a member that does not serve is rebuilt even when it runs the image, and before its peer.</summary>
    /// <param name="fleet">The fleet.</param>
    /// <param name="image">The image to go to.</param>
    /// <param name="observed">What was observed of each member; one that is missing counts as unseen and is rebuilt.</param>
    /// <param name="leftOut">Members that the run before has left out of rotation; null for none.</param>
    /// <param name="unsure">Rebuilds that the run before could not find out the end of; null for none.</param>
    /// <returns>The plan.</returns>
    public static RunPlan Plan(Fleet fleet, ImageRef image, IReadOnlyDictionary<MemberId, MemberFacts> observed, IReadOnlySet<MemberId>? leftOut = null, IReadOnlyDictionary<MemberId, Rebuild>? unsure = null)
    {
        ArgumentNullException.ThrowIfNull(fleet);
        ArgumentNullException.ThrowIfNull(image);
        ArgumentNullException.ThrowIfNull(observed);
        var pairs = fleet.Pairs.Select(pair => Plan(pair, image, observed, leftOut, unsure, fleet.Policy.Dormant)).ToList();
        var needed = pairs.Where(pair => pair.Members.Any(member => member.Rebuild)).ToList();
        return new RunPlan(
            [.. Waves(needed, fleet.Policy)],
            [.. pairs.Where(pair => !pair.Members.Any(member => member.Rebuild))]);
    }

    /// <summary>How long a plan takes when nothing goes wrong: each wave works on so many pairs at once, two members of a pair one after the other.</summary>
    /// <param name="plan">The plan.</param>
    /// <param name="policy">The fleet's policy.</param>
    /// <param name="perMember">Time from the drain of a member to the end of its soak.</param>
    /// <returns>The time from begin to end.</returns>
    public static TimeSpan Duration(RunPlan plan, RefreshPolicy policy, TimeSpan perMember)
    {
        ArgumentNullException.ThrowIfNull(plan);
        ArgumentNullException.ThrowIfNull(policy);
        var total = TimeSpan.Zero;
        foreach (var wave in plan.Waves)
        {
            var slots = new PriorityQueue<int, TimeSpan>(Enumerable.Range(0, policy.Waves.MaxPairsAtOnce).Select(slot => (slot, TimeSpan.Zero)));
            var end = TimeSpan.Zero;
            foreach (var pair in wave.Pairs)
            {
                slots.TryDequeue(out var slot, out var free);
                var done = free + perMember * pair.Members.Count(member => member.Rebuild);
                slots.Enqueue(slot, done);
                end = done > end ? done : end;
            }

            total += end + wave.Bake;
        }

        return total;
    }

    private static PlannedPair Plan(Pair pair, ImageRef image, IReadOnlyDictionary<MemberId, MemberFacts> observed, IReadOnlySet<MemberId>? leftOut, IReadOnlyDictionary<MemberId, Rebuild>? unsure, DormantAction dormant)
    {
        var members = pair.Members().Select(member =>
        {
            var facts = observed.GetValueOrDefault(member.Id);
            return (Facts: facts, Planned: DormantPlan.Of(Plan(member.Id, image, facts), facts, observed.GetValueOrDefault(pair.PeerOf(member.Id).Id), image, dormant));
        });
        return new PlannedPair(pair.Name, [.. members.OrderBy(member => member.Facts is { Serves: true }).Select(member => member.Planned with
        {
            // Somebody may have put it back since.
            LeftOut = (leftOut?.Contains(member.Planned.Id) ?? false) && member.Facts is not { Balancer.Rotation: Rotation.In },
            Unsure = unsure?.GetValueOrDefault(member.Planned.Id),
        })]);
    }

    private static PlannedMember Plan(MemberId id, ImageRef image, MemberFacts? facts)
    {
        var runs = facts?.Guest?.Image;
        return (runs, facts) switch
        {
            (null, { Vm.Image: { } made }) => new(id, true, null, $"its guest does not say what it runs (made from {made}), and {image.Label} is wanted"),
            (null, _) => new(id, true, null, $"what it runs could not be seen, and {image.Label} is wanted"),
            ({ } same, { Serves: true }) when same == image => new(id, false, same.Label, $"it runs {image.Label} already"),
            ({ } same, _) when same == image => new(id, true, same.Label, $"it runs {image.Label} already but does not serve: it is rebuilt to repair it"),
            ({ } same, _) when same.Label == image.Label => new(id, true, same.Label, $"it runs {same.Label} with other content ({Short(same)}) than the image has now ({Short(image)})"),
            ({ } other, _) => new(id, true, other.Label, $"it runs {other.Label}, and {image.Label} is wanted"),
        };
    }

    private static string Short(ImageRef image) => image.Digest.Length > 19 ? image.Digest[..19] : image.Digest;

    private static IEnumerable<PlannedWave> Waves(List<PlannedPair> pairs, RefreshPolicy policy)
    {
        var canaries = Math.Min(policy.Canary.Pairs, pairs.Count);
        if (canaries > 0)
            yield return new PlannedWave(true, pairs[..canaries], policy.Canary.Bake);
        var rest = pairs[canaries..];
        if (rest.Count == 0)
            yield break;
        foreach (var wave in rest.Chunk(policy.Waves.Size > 0 ? policy.Waves.Size : rest.Count))
            yield return new PlannedWave(false, wave, policy.Waves.Bake);
    }
}
