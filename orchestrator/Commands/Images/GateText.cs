using Refresh.Orchestrator.Reports;
using Refresh.Workflows.Trust;

namespace Refresh.Orchestrator.Commands.Images;

/// <summary>What gates say, for people.</summary>
internal static class GateText
{
    public static void Write(Screen screen, GateReport report)
    {
        foreach (var fault in report.Facts.Faults.Select(fault => fault.Why.Text).Distinct())
            screen.Line($"  {fault}", Shade.Bad);
        foreach (var line in GateLines.Of(report))
            screen.Line($"  {line.Text}", line.Bad ? Shade.Bad : Shade.Good);
        foreach (var next in report.Refusals.Select(refusal => refusal.EndsWhen).Distinct())
            screen.Line($"  to go on: {next}", Shade.Soft);
        screen.Line(report.Refusals.Any() ? "A run would be refused." : "A run may use it.", report.Refusals.Any() ? Shade.Warning : Shade.Good);
    }
}
