using Refresh.Workflows.Fleets;
using Refresh.Workflows.Planning;

namespace Refresh.Workflows.Evidence;

/// <summary>How long a run took, against how long it had to take.</summary>
/// <remarks>
/// The lower bound is the critical path of the plan, in the plan's order, had every other step taken no time:
/// <code>
/// pair  = sum over its rebuilt members of (observed rebuild + soak of the policy)
/// wave  = end of the last pair, each begun in order as soon as one of MaxPairsAtOnce places is free, + bake of the wave
/// bound = sum over the waves
/// </code>
/// An observed rebuild lasts from the journaled intent until another VM was seen; tries that came to nothing do not count.
/// Guarding, draining, booting, verifying and rejoining are what the duration has on top of the bound.
/// </remarks>
/// <param name="Duration">Time in which the run was under way: neither waiting for approval nor ended.</param>
/// <param name="LowerBound">The lower bound; null for a run that did not succeed, or rebuilt nothing.</param>
/// <param name="Ratio">Duration over lower bound; null where there is none.</param>
public sealed record Pace(TimeSpan Duration, TimeSpan? LowerBound, double? Ratio)
{
    internal static Pace Of(TimeSpan duration, TimeSpan? bound) =>
        bound is { } least && least > TimeSpan.Zero ? new Pace(duration, least, duration / least) : new Pace(duration, null, null);

    internal static TimeSpan Bound(RunPlan plan, RefreshPolicy policy, Func<MemberId, TimeSpan?> rebuild)
    {
        var total = TimeSpan.Zero;
        foreach (var wave in plan.Waves)
        {
            var places = new PriorityQueue<int, TimeSpan>(Enumerable.Range(0, Math.Max(1, policy.Waves.MaxPairsAtOnce)).Select(place => (place, TimeSpan.Zero)));
            var end = TimeSpan.Zero;
            foreach (var pair in wave.Pairs)
            {
                var rebuilds = pair.Members.Select(member => rebuild(member.Id)).OfType<TimeSpan>().ToList();
                if (rebuilds.Count == 0)
                    continue;
                places.TryDequeue(out var place, out var free);
                var done = rebuilds.Aggregate(free, (at, time) => at + time + policy.Soak.Duration);
                places.Enqueue(place, done);
                end = done > end ? done : end;
            }

            total += end > TimeSpan.Zero ? end + wave.Bake : TimeSpan.Zero;
        }

        return total;
    }
}
