using System.Text.RegularExpressions;
using System.Xml;
using System.Xml.Linq;
using Refresh.Orchestrator.Reports;
using Refresh.Workflows.Evidence;
using Refresh.Workflows.Fleets;
using Refresh.Workflows.Runs;
using Refresh.Workflows.Tests.Evidence;
using Xunit;

namespace Refresh.Orchestrator.Tests.Reports;

/// <summary>The page that is forwarded: whole, safe and within bounds.</summary>
public sealed partial class HtmlReportTests
{
    private static readonly LoadSummary s_load = new(12_345, 0, 4.2, 18.5, 4.4, 21.3);

    public static TheoryData<string> Runs => ["success", "frozen", "resumed", "rolled-back"];

    [Theory]
    [MemberData(nameof(Runs))]
    public void The_page_is_well_formed(string run)
    {
        var page = Parse(HtmlReport.Render(Report(run), s_load));

        Assert.Equal("html", page.Root!.Name.LocalName);
        Assert.Single(page.Descendants("h1"));
        Assert.All(page.Descendants("table"), table => Assert.NotNull(table.Element("caption")));
    }

    [Theory]
    [MemberData(nameof(Runs))]
    public void The_page_needs_nothing_from_anywhere(string run)
    {
        var html = HtmlReport.Render(Report(run), s_load);

        Assert.Contains("content=\"default-src 'none'; style-src 'unsafe-inline'\"", html, StringComparison.Ordinal);
        Assert.DoesNotMatch(External(), html);
    }

    [Fact]
    public void The_verdict_comes_first()
    {
        var html = HtmlReport.Render(Report("frozen"), null);

        Assert.True(html.IndexOf("<h1>Failed: 1 pair is frozen</h1>", StringComparison.Ordinal) is > 0 and var verdict
            && verdict < html.IndexOf("<main>", StringComparison.Ordinal));
        Assert.Contains("What to do next", html, StringComparison.Ordinal);
    }

    [Fact]
    public void Hostile_names_stay_text()
    {
        const string Hostile = "</title></style><script>alert(1)</script><img src=x onerror='alert(2)'>\"&\u202E";
        var names = new[] { new MemberId(Hostile, "a\"><svg onload=alert(3)>"), new MemberId(Hostile, "b") };
        var fleet = ScriptedRun.FleetOf(1) with
        {
            Name = Hostile,
            Pairs = [new Pair(Hostile, new Member(names[0], new Endpoint("h", 1)), new Member(names[1], new Endpoint("h", 2)))],
        };
        var run = new ScriptedRun(fleet, by: Hostile, why: Hostile).Begin().Continue().Ask(RequestKind.Rollback, by: Hostile, why: Hostile).Continue();

        var html = HtmlReport.Render(RunReport.From(run.Journal), s_load);

        var page = Parse(html);
        Assert.Empty(page.Descendants("script"));
        Assert.Empty(page.Descendants("img"));
        Assert.DoesNotContain(page.Descendants().Attributes(), attribute => attribute.Name.LocalName.StartsWith("on", StringComparison.OrdinalIgnoreCase));
        Assert.DoesNotContain('\u202E', html);
        Assert.Contains(page.Descendants("bdi"), name => name.Value.StartsWith("</title></style><script>alert(1)</script>", StringComparison.Ordinal));
    }

    [Fact]
    public void The_timeline_has_a_row_for_each_member_with_its_pair_together()
    {
        var page = Parse(HtmlReport.Render(Report("success"), null));

        var rows = page.Descendants("svg").Single(svg => (string?)svg.Attribute("class") == "timeline")
            .Elements("text").Where(text => (string?)text.Attribute("class") == "t-pair").Select(text => text.Element("title")!.Value);
        Assert.Equal(["web-1/a", "web-1/b", "web-2/a", "web-2/b", "web-3/a", "web-3/b", "web-4/a", "web-4/b"], rows);
    }

    [Fact]
    public void What_is_drawn_as_out_is_what_was_out()
    {
        var report = Report("success");
        var page = Parse(HtmlReport.Render(report, null));

        var drawn = page.Descendants("svg").Where(svg => (string?)svg.Attribute("class") == "timeline").Elements("rect").Count(rect => (string?)rect.Attribute("class") == "out");
        Assert.Equal(report.Availability.Absences, drawn);
    }

    [Fact]
    public void A_rollback_that_is_asked_for_later_has_a_timeline_of_its_own()
    {
        var page = Parse(HtmlReport.Render(Report("rolled-back"), null));

        Assert.Equal(2, page.Descendants("svg").Count(svg => (string?)svg.Attribute("class") == "timeline"));
    }

    [Fact]
    public void Both_members_out_at_once_is_marked_in_the_timeline()
    {
        var report = Report("success");
        var pair = report.Pairs[0];
        var overlap = new Overlap(pair.Begun!.Value, pair.Ended, 1, 2);

        var html = HtmlReport.Render(report with { Pairs = [pair with { Overlaps = [overlap] }, .. report.Pairs.Skip(1)] }, null);

        Assert.Contains("web-1: no member in rotation", html, StringComparison.Ordinal);
    }

    [Fact]
    public void Ten_thousand_members_are_all_in_the_table_and_the_timeline_is_bounded()
    {
        var html = HtmlReport.Render(RunReport.From(Sample.Success(5000).Journal), s_load);

        Assert.Equal(TimelineSection.MostRows, Occurrences(html, "class=\"t-pair\""));
        Assert.Equal(10_000, Occurrences(html, "Evidence of web-"));
        Assert.Contains("Drawn are 400 of 10000 members", html, StringComparison.Ordinal);
        Assert.Contains("Listed are the first 5,000.", html, StringComparison.Ordinal);
        Assert.True(html.Length < 80_000_000, $"{html.Length} characters");
    }

    [Fact]
    public void Load_is_told_only_when_there_was_one()
    {
        Assert.Contains("0 of 12,345", HtmlReport.Render(Report("success"), s_load), StringComparison.Ordinal);
        Assert.DoesNotContain("Load through the balancer", HtmlReport.Render(Report("success"), null), StringComparison.Ordinal);
    }

    internal static RunReport Report(string run) => RunReport.From(run switch
    {
        "success" => Sample.Success().Journal,
        "frozen" => Sample.Frozen().Journal,
        "resumed" => Sample.Resumed().Journal,
        _ => Sample.RolledBack().Journal,
    });

    private static int Occurrences(string text, string part) => text.Split(part).Length - 1;

    /// <summary>Reads the page as XML, once its void elements are closed: whatever was not escaped would break it.</summary>
    private static XDocument Parse(string html)
    {
        var xml = VoidElement().Replace(html.Replace("<!doctype html>", string.Empty, StringComparison.Ordinal), "<$1$2/>");
        using var reader = XmlReader.Create(new StringReader(Bare().Replace(xml, " class=\"$1\"")));
        return XDocument.Load(reader);
    }

    [GeneratedRegex("<(meta|br)([^>]*)>")]
    private static partial Regex VoidElement();

    [GeneratedRegex(" class=(summary|nowrap)")]
    private static partial Regex Bare();

    [GeneratedRegex("<(script|link|img|iframe|object|embed|base|form)|url\\(|@import|src=|href=|https?:", RegexOptions.IgnoreCase)]
    private static partial Regex External();
}
