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
            .Concat(facts.Unread.Select(reason => Unread(null, reason.Code, reason)));
        return
        [
            .. findings
                .OrderByDescending(finding => finding.Risk)
                .ThenBy(finding => finding.Rule, StringComparer.Ordinal)
                .ThenBy(finding => finding.Fleet, StringComparer.Ordinal)
                .ThenBy(finding => finding.Subject, StringComparer.Ordinal),
        ];
    }

    internal static Finding Unread(string? fleet, string subject, Reasons.Reason reason) =>
        new(AuditRuleNames.Unread, Risk.Medium, fleet, subject, reason.Text, reason.EndsWhen);

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
