using Refresh.Orchestrator.Audits;
using Refresh.Orchestrator.Reports;
using Refresh.Workflows.Audit;

namespace Refresh.Orchestrator.Commands.Audits;

/// <summary>An audit on the terminal.</summary>
internal static class AuditScreen
{
    public static void Write(Screen screen, AuditDocument audit)
    {
        foreach (var fleet in audit.Fleets)
        {
            screen.Line($"Fleet {fleet.Fleet} ({fleet.File}) wants {fleet.Wanted ?? "an image that its catalogue cannot tell"}");
            screen.Table(
                ["  member", "runs", "age", "made from", "power", "rotation"],
                [.. fleet.Members.Select(member => (IReadOnlyList<Cell>)[$"  {member.Id}", member.Image ?? "not seen", AuditText.Age(member), member.MadeFrom ?? "not seen", member.Power?.ToString() ?? "not seen", new Cell(AuditText.Rotation(member), member.Serves ? Shade.Good : Shade.Warning)])]);
            screen.Line();
        }

        screen.Line(AuditText.Headline(audit) + ".", audit.Findings.Count == 0 ? Shade.Good : Of(audit.Findings[0].Risk));
        foreach (var finding in audit.Findings)
            Write(screen, finding, string.Empty);
        if (audit.Since is not { } since)
            return;
        screen.Line();
        screen.Line($"Since {Instants.Full(since.Since)}: {since.New.Count} new, {since.Gone.Count} gone, {since.Lessened.Count} with less risk.");
        foreach (var finding in since.New)
            Write(screen, finding, "+ ");
        foreach (var finding in since.Lessened)
            Write(screen, finding, "~ ");
        foreach (var finding in since.Gone)
            screen.Line($"  - {Word(finding.Risk)} {finding.Subject}: {finding.Text} ({finding.Rule})", Shade.Good);
    }

    private static void Write(Screen screen, Finding finding, string mark)
    {
        screen.Line($"  {mark}{Word(finding.Risk)} {finding.Subject}: {finding.Text}{AuditText.Stands(finding)} ({finding.Rule})", Of(finding.Risk));
        screen.Line($"      To do: {finding.Next}", Shade.Soft);
    }

    private static string Word(Risk risk) => risk.ToString().ToUpperInvariant();

    private static Shade Of(Risk risk) => risk switch
    {
        Risk.Critical or Risk.High => Shade.Bad,
        Risk.Medium => Shade.Warning,
        _ => Shade.None,
    };
}
