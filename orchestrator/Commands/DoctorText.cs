using Refresh.Orchestrator.Application.Doctor;
using Refresh.Orchestrator.Documents;
using Refresh.Workflows.Reasons;

namespace Refresh.Orchestrator.Commands;

/// <summary>Findings for people.</summary>
internal static class DoctorText
{
    public static void Write(Screen screen, DoctorDocument found, Uri? server)
    {
        var findings = found.Findings;
        if (found.Worker is { } worker)
            screen.Line($"What worker {worker} at {server} sees, from where it runs; this machine was not looked at.");
        screen.Table(["", "CHECK", "WHAT WAS SEEN"], [.. findings.SelectMany(Rows)]);
        var wrong = findings.Count(finding => finding.Level == FindingLevel.Wrong);
        var warnings = findings.Count(finding => finding.Level == FindingLevel.Warning);
        screen.Line();
        screen.Line(
            wrong > 0 ? $"{wrong} wrong{(warnings > 0 ? $", {Counted.Of(warnings, "warning")}" : string.Empty)}. Nothing was changed."
            : warnings > 0 ? $"Nothing is wrong; {Counted.Of(warnings, "warning")}. Nothing was changed."
            : "All is well. Nothing was changed.",
            wrong > 0 ? Shade.Bad : warnings > 0 ? Shade.Warning : Shade.Good);
    }

    private static IEnumerable<Cell[]> Rows(Finding finding)
    {
        yield return [Mark(finding.Level), finding.Check, finding.Text];
        if (finding.Next is { } next)
            yield return ["", "", new Cell($"-> {next}", Shade.Soft)];
    }

    private static Cell Mark(FindingLevel level) => level switch
    {
        FindingLevel.Ok => new Cell("ok", Shade.Good),
        FindingLevel.Warning => new Cell("warning", Shade.Warning),
        _ => new Cell("WRONG", Shade.Bad),
    };
}
