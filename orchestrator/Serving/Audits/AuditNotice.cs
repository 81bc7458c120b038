using System.Globalization;
using Refresh.Orchestrator.Audits;
using Refresh.Workflows.Audit;
using Refresh.Workflows.Ports;

namespace Refresh.Orchestrator.Serving.Audits;

/// <summary>What people are told of an audit: what is new, what is gone and what has less risk, one notice a fleet.</summary>
internal static class AuditNotice
{
    /// <summary>What stands for a fleet where a finding is about none: a machine, or an image.</summary>
    public const string NoFleet = "no fleet";

    private const int Most = 10;

    /// <summary>The notices of an audit; of a fleet where nothing has changed, none.</summary>
    public static IEnumerable<Notice> Of(AuditDocument audit)
    {
        var (added, gone, lessened) = audit.Since is { } since ? (since.New, since.Gone, since.Lessened) : (audit.Findings, (IReadOnlyList<Finding>)[], []);
        return added.Concat(gone).Concat(lessened).Select(finding => finding.Fleet).Distinct().Order(StringComparer.Ordinal).Select(fleet => Of(
            audit, fleet, [.. added.Where(finding => finding.Fleet == fleet)], [.. gone.Where(finding => finding.Fleet == fleet)], [.. lessened.Where(finding => finding.Fleet == fleet)]));
    }

    private static Notice Of(AuditDocument audit, string? fleet, List<Finding> added, List<Finding> gone, List<Finding> lessened)
    {
        var id = string.Create(CultureInfo.InvariantCulture, $"audit-{fleet ?? "-"}-{audit.At.UtcTicks}");
        var first = audit.Since is null ? "first audit" : $"audit, compared with that of {audit.Since.Since.UtcDateTime:yyyy-MM-dd HH:mm 'UTC'}";
        string[] lines =
        [
            string.Create(CultureInfo.InvariantCulture, $"{first}: {added.Count} new, {gone.Count} gone{(lessened.Count > 0 ? $", {lessened.Count} with less risk" : string.Empty)}"),
            .. added.Take(Most).Select(finding => $"+ {finding.Risk.ToString().ToUpperInvariant()} {finding.Subject}: {finding.Text} ({finding.Rule}). To do: {finding.Next}"),
            .. More(added.Count),
            .. lessened.Take(Most).Select(finding => $"~ {finding.Risk.ToString().ToUpperInvariant()} {finding.Subject}: {finding.Text} ({finding.Rule})"),
            .. More(lessened.Count),
            .. gone.Take(Most).Select(finding => $"- {finding.Subject}: {finding.Text} ({finding.Rule})"),
            .. More(gone.Count),
        ];
        return new Notice(id, NoticeKind.AuditChanged, Level(added), fleet ?? NoFleet, string.Join('\n', lines), string.Empty) { At = audit.At };
    }

    private static string[] More(int count) => count > Most ? [string.Create(CultureInfo.InvariantCulture, $"  and {count - Most} more")] : [];

    private static NoticeLevel Level(List<Finding> added) => added.Select(finding => finding.Risk).DefaultIfEmpty(Risk.Note).Max() switch
    {
        Risk.Critical or Risk.High => NoticeLevel.Error,
        Risk.Medium => NoticeLevel.Warn,
        _ => NoticeLevel.Info,
    };
}
