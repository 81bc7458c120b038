using System.Text.Json;
using Refresh.Orchestrator.Reports;
using Refresh.Workflows.Evidence;
using Refresh.Workflows.Tests.Evidence;
using Xunit;

namespace Refresh.Orchestrator.Tests.Reports;

/// <summary>The same report for logs and for programs.</summary>
public sealed class TextAndJsonReportTests
{
    private static readonly LoadSummary s_load = new(100, 2, null, null, 4.4, 21.3);

    [Fact]
    public void The_text_begins_with_the_verdict_and_has_a_line_for_each_member()
    {
        var lines = TextReport.Render(HtmlReportTests.Report("success"), s_load);

        Assert.Equal("Succeeded: the fleet runs web@2026.11.2", lines[0]);
        Assert.Equal(8, lines.Count(line => line.Contains("web@2026.10.1 on VM vm-", StringComparison.Ordinal)));
        Assert.Contains(lines, line => line.Contains("100 requests sent, 2 failed", StringComparison.Ordinal));
    }

    [Fact]
    public void The_text_of_a_failure_says_what_to_do_next()
    {
        var lines = TextReport.Render(HtmlReportTests.Report("frozen"), null);

        Assert.Contains(lines, line => line.StartsWith("  Next: web-2 stays frozen ", StringComparison.Ordinal));
        Assert.Contains("Waits and failures", lines);
        Assert.Contains(lines, line => line.Contains("failed, still out of rotation", StringComparison.Ordinal));
    }

    [Fact]
    public void No_line_of_text_carries_a_control_character()
    {
        var run = new ScriptedRun(ScriptedRun.FleetOf(1), by: "ada\u001b[2J\r\nrm").Begin().Continue();

        Assert.DoesNotContain(TextReport.Render(RunReport.From(run.Journal), null), line => line.Any(char.IsControl));
    }

    [Fact]
    public void The_JSON_has_its_format_the_conclusion_and_every_member()
    {
        var text = JsonReport.Render(HtmlReportTests.Report("success"), s_load);
        Assert.DoesNotContain('\n', text);
        using var json = JsonDocument.Parse(text);

        var root = json.RootElement;
        Assert.Equal("refresh-report/1", root.GetProperty("format").GetString());
        Assert.Equal("Good", root.GetProperty("conclusion").GetProperty("tone").GetString());
        Assert.Equal(1, root.GetProperty("report").GetProperty("availability").GetProperty("least").GetInt32());
        Assert.Equal(2, root.GetProperty("load").GetProperty("failed").GetInt32());
        var members = root.GetProperty("report").GetProperty("pairs").EnumerateArray().SelectMany(pair => pair.GetProperty("members").EnumerateArray()).ToList();
        Assert.Equal(8, members.Count);
        Assert.All(members, member => Assert.Equal("Refreshed", member.GetProperty("state").GetString()));
    }

    [Fact]
    public void Durations_in_JSON_are_seconds()
    {
        using var json = JsonDocument.Parse(JsonReport.Render(HtmlReportTests.Report("success"), null));

        Assert.Equal(84, json.RootElement.GetProperty("report").GetProperty("pace").GetProperty("lowerBound").GetDouble());
        Assert.False(json.RootElement.TryGetProperty("load", out _));
    }

    [Fact]
    public void The_names_in_the_JSON_are_those_of_the_format()
    {
        using var json = JsonDocument.Parse(JsonReport.Render(HtmlReportTests.Report("frozen"), s_load));

        var report = json.RootElement.GetProperty("report");
        Assert.Equal(
            "run fleet image by why source state reason halted plannedAt begunAt endedAt stretches asOf waves pairs requests takeOvers availability pace",
            Names(report));
        Assert.Equal(
            "id planned why ran state before after proved poweredOff patchesGained patchesLost steps waits failures absences rebuilds proofs touched out",
            Names(report.GetProperty("pairs")[1].GetProperty("members")[0]));
        Assert.Equal(
            "members least pairsNeverReduced pairsReducedToOne pairsReducedToNone absences mostAway capacityLost",
            Names(report.GetProperty("availability")));
    }

    private static string Names(JsonElement element) => string.Join(' ', element.EnumerateObject().Select(property => property.Name));
}
