using Refresh.Workflows.Facts;

namespace Refresh.Workflows.Audit;

/// <summary>Judges what an audit has looked at: facts in, findings out. It looks at nothing itself.</summary>
public static class AuditRules
{
    /// <summary>Finds all that there is to find.</summary>
    /// <param name="facts">What was seen.</param>
    /// <param name="policy">What is put up with.</param>
    /// <returns>The findings, the greatest risk first.</returns>
    public static IReadOnlyList<Finding> Judge(AuditFacts facts, AuditPolicy policy)
    {
        ArgumentNullException.ThrowIfNull(facts);
        ArgumentNullException.ThrowIfNull(policy);
        var findings = facts.Fleets.SelectMany(fleet => Fleet(fleet, facts, policy))
            .Concat(ImageRules.Catalogue(facts))
            .Concat(MachineRules.Judge(facts))
            .Concat(SameName(facts))
            .Concat(facts.Unread.Select(reason => Unread(null, reason.Code, reason, Risk.High)));
        return Sorted(findings);
    }

    /// <summary>Finds all that there is to find; what an earlier audit found about something that could not be looked at now stands.</summary>
    /// <param name="facts">What was seen.</param>
    /// <param name="policy">What is put up with.</param>
    /// <param name="since">When the earlier audit was made.</param>
    /// <param name="before">What it found.</param>
    /// <returns>The findings, the greatest risk first.</returns>
    public static IReadOnlyList<Finding> Judge(AuditFacts facts, AuditPolicy policy, DateTimeOffset since, IReadOnlyList<Finding> before)
    {
        ArgumentNullException.ThrowIfNull(before);
        var now = Judge(facts, policy);
        return Sorted(now.Concat(EarlierFindings.Standing(facts, since, before, now)));
    }

    internal static Finding Unread(string? fleet, string subject, Reasons.Reason reason, Risk risk = Risk.Medium) =>
        new(AuditRuleNames.Unread, risk, fleet, subject, reason.Text, reason.EndsWhen);

    private static IReadOnlyList<Finding> Sorted(IEnumerable<Finding> findings) =>
    [
        .. findings
            .OrderByDescending(finding => finding.Risk)
            .ThenBy(finding => finding.Rule, StringComparer.Ordinal)
            .ThenBy(finding => finding.Fleet, StringComparer.Ordinal)
            .ThenBy(finding => finding.Subject, StringComparer.Ordinal),
    ];

    private static IEnumerable<Finding> SameName(AuditFacts facts) => facts.Fleets
        .GroupBy(fleet => fleet.Fleet.Name, StringComparer.Ordinal)
        .Where(same => same.Skip(1).Any())
        .Select(same => new Finding(AuditRuleNames.FleetShared, Risk.High, same.Key, same.Key,
            $"{string.Join(" and ", same.Select(fleet => fleet.Source))} describe a fleet of this name: a run of one counts as a run of the other", "give each fleet a name of its own"));

    private static IEnumerable<Finding> Fleet(FleetFacts fleet, AuditFacts facts, AuditPolicy policy)
    {
        foreach (var pair in fleet.Fleet.Pairs)
        {
            foreach (var member in pair.Members())
            {
                var seen = fleet.Members.GetValueOrDefault(member.Id) ?? new MemberFacts(member.Id, null, null, null, null, []);
                foreach (var finding in MemberRules.Judge(fleet, pair, member, seen, facts, policy).Concat(ImageRules.Judge(fleet, seen, facts, policy)))
                    yield return finding;
            }

            foreach (var finding in PairRules.Judge(fleet, pair))
                yield return finding;
        }

        if (fleet.History.Open is { Worker: null } open)
        {
            yield return new Finding(AuditRuleNames.RunLeft, Risk.Medium, fleet.Fleet.Name, open.Run,
                $"run {open.Run} is {open.State} since {open.AsOf:u} and nobody works on it",
                $"go on with it: refresh resume {open.Run}; or end it: refresh cancel {open.Run}");
        }

        foreach (var reason in fleet.Unread)
            yield return Unread(fleet.Fleet.Name, reason.Code, reason);
    }
}
