using Refresh.Workflows.Facts;
using Refresh.Workflows.Fleets;

namespace Refresh.Workflows.Audit;

/// <summary>What is said of a pair.</summary>
internal static class PairRules
{
    public static IEnumerable<Finding> Judge(FleetFacts fleet, Pair pair)
    {
        var first = fleet.Members.GetValueOrDefault(pair.First.Id);
        var second = fleet.Members.GetValueOrDefault(pair.Second.Id);
        if (first is { Balancer: not null, Serves: false } && second is { Balancer: not null, Serves: false })
        {
            yield return Found(fleet, pair, AuditRuleNames.PairDown, Risk.Critical,
                $"no member of it serves: {How(first)}; {How(second)}", "bring one of them back by hand now; no run touches the pair while none serves");
        }

        if (first?.Guest?.Image is { } one && second?.Guest?.Image is { } other && one != other && !(fleet.History.Open?.Pairs.Contains(pair.Name) ?? false))
        {
            yield return Found(fleet, pair, AuditRuleNames.PairSplit, Risk.Medium,
                $"{pair.First.Id} runs {one}, {pair.Second.Id} runs {other}, and no run works on them", "bring both to one image: refresh run");
        }

        foreach (var frozen in fleet.History.Frozen.Where(frozen => frozen.Pair == pair.Name))
        {
            var serves = first is { Serves: true } && second is { Serves: true };
            yield return Found(fleet, pair, AuditRuleNames.PairFrozen, serves ? Risk.Medium : Risk.High,
                $"run {frozen.Run} froze it at {frozen.Since:u}: {frozen.Why?.Text ?? "the journal does not say why"}{(serves ? "; both members serve" : string.Empty)}",
                $"{(frozen.Why is { } why ? $"it is good when: {why.EndsWhen}; then " : string.Empty)}refresh run, or take it back: refresh rollback {frozen.Run}");
        }
    }

    private static string How(MemberFacts seen) =>
        $"{seen.Id} is {seen.Balancer?.Detail ?? "not seen by the load balancer"}, its probe says {seen.Probe?.Detail ?? "nothing"}";

    private static Finding Found(FleetFacts fleet, Pair pair, string rule, Risk risk, string text, string next) =>
        new(rule, risk, fleet.Fleet.Name, pair.Name, text, next);
}
