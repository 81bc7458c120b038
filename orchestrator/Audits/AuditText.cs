using System.Globalization;
using Refresh.Orchestrator.Reports;
using Refresh.Workflows.Audit;
using Refresh.Workflows.Evidence;
using Refresh.Workflows.Reasons;

namespace Refresh.Orchestrator.Audits;

/// <summary>An audit in words.</summary>
internal static class AuditText
{
    public static string Headline(AuditDocument audit)
    {
        var counts = audit.Findings.GroupBy(finding => finding.Risk).OrderByDescending(same => same.Key).Select(same => $"{same.Count()} {same.Key.ToString().ToLowerInvariant()}");
        var members = audit.Fleets.Sum(fleet => fleet.Members.Count);
        return $"{(audit.Findings.Count == 0 ? "Nothing was found" : $"{Counted.Of(audit.Findings.Count, "finding")} ({string.Join(", ", counts)})")} in {Counted.Of(audit.Fleets.Count, "fleet")} with {Counted.Of(members, "member")}";
    }

    /// <summary>That a finding is of an earlier audit, and stands.</summary>
    public static string Stands(Finding finding) => finding.AsOf is { } seen ? $" (it could not be looked at now; seen {Instants.Full(seen)})" : string.Empty;

    public static string Age(AuditedMember member) => member.AgeSeconds is { } seconds
        ? seconds >= 2 * 86_400 ? string.Create(CultureInfo.InvariantCulture, $"{Math.Floor(seconds / 86_400):0} days") : Durations.InWords(TimeSpan.FromSeconds(seconds))
        : "unknown";

    public static string Rotation(AuditedMember member) =>
        $"{member.Rotation?.ToString() ?? "not seen"}{(member.Serves ? ", serves" : string.Empty)}{(member.AwaySince is { } since ? $", since {since:u}" : string.Empty)}";
}
