using Refresh.Workflows.Evidence;
using Refresh.Workflows.Machines;

namespace Refresh.Orchestrator.Reports;

/// <summary>
/// The report of a run as one HTML page that needs nothing else: no script, no font, no picture from anywhere. It is made to
/// be forwarded: the verdict first, then what it rests on, then every entry of the journal.
/// </summary>
public static class HtmlReport
{
    /// <summary>Writes the page.</summary>
    /// <param name="report">The report.</param>
    /// <param name="load">What a load saw meanwhile; null if there was none.</param>
    /// <returns>The page.</returns>
    public static string Render(RunReport report, LoadSummary? load)
    {
        ArgumentNullException.ThrowIfNull(report);
        var conclusion = Conclusion.Of(report);
        var page = HtmlWriter.Begin($"{conclusion.Headline} - fleet {report.Fleet}, run {report.Run}");
        Verdict(page, report, conclusion);
        page.Write($"<main>");
        Tiles(page, report, load);
        Facts(page, report);
        TimelineSection.Write(page, report);
        GateSection.Write(page, report);
        MemberSection.Write(page, report);
        PairSection.Write(page, report);
        TroubleSection.Write(page, report);
        if (load is not null)
            LoadSection.Write(page, load);
        JournalSection.Write(page, report);
        page.Write($"""
            </main>
            <footer>Made by Refresh from the journal of run {report.Run}, {report.Journal.Count} entries, as of {Instants.Full(report.AsOf)}. What is said here was observed; what was only meant is not said.</footer>
            </div></body></html>
            """);
        return page.ToString();
    }

    private static void Verdict(HtmlWriter page, RunReport report, Conclusion conclusion)
    {
        page.Write($"""
            <header class="verdict {conclusion.Tone.ToString().ToLowerInvariant()}">
            <p class="over">Run report of fleet <bdi>{report.Fleet}</bdi></p>
            <h1>{conclusion.Headline}</h1>
            """);
        foreach (var sentence in conclusion.Sentences)
            page.Write($"<p>{sentence}</p>");
        if (conclusion.Next.Count > 0)
        {
            page.Write($"<div class=\"next\"><strong>What to do next</strong><ul>");
            foreach (var next in conclusion.Next)
                page.Write($"<li>{next}</li>");
            page.Write($"</ul></div>");
        }

        page.Write($"</header>");
    }

    private static void Tiles(HtmlWriter page, RunReport report, LoadSummary? load)
    {
        var availability = report.Availability;
        var back = report.State is RunState.RollingBack or RunState.RolledBack;
        var done = report.Members().Count(member => member.State == (back ? MemberState.Reverted : MemberState.Refreshed));
        page.Write($"<ul class=\"tiles\" aria-label=\"The run in figures\">");
        page.Write($"<li><b>{done} of {availability.Members}</b><span>members {(back ? "taken back" : "rebuilt")} and proved</span></li>");
        page.Write($"<li><b>{availability.Least} of 2</b><span>left in rotation at least, in any pair, at any time</span></li>");
        if (load is not null)
            page.Write($"<li><b>{load.Failed:N0} of {load.Sent:N0}</b><span>requests failed</span></li>");
        page.Write($"<li><b>{Durations.InWords(report.Pace.Duration)}</b><span>{PaceOf(report.Pace)}</span></li>");
        page.Write($"<li><b>{availability.CapacityLost:N1}</b><span>member-seconds of capacity lost</span></li>");
        page.Write($"</ul>");
    }

    private static string PaceOf(Pace pace) => pace.LowerBound is { } bound
        ? FormattableString.Invariant($"the run took: {pace.Ratio:0.00} times the lower bound, {Durations.InWords(bound)}")
        : "the run took";

    private static void Facts(HtmlWriter page, RunReport report)
    {
        var image = report.Image;
        page.Write($"""
            <section aria-labelledby="facts"><h2 id="facts">Facts</h2><dl class="facts">
            <dt>Run</dt><dd><code>{report.Run}</code></dd>
            <dt>State</dt><dd>{Words.Of(report.State)}</dd>
            """);
        if (report.Reason is { } reason && reason != report.Halted)
            page.Write($"<dt>Because</dt><dd>{reason}</dd>");
        if (report.Halted is { } halted)
            page.Write($"<dt>Halted</dt><dd>{halted}</dd>");
        page.Write($"""
            <dt>Fleet</dt><dd><bdi>{report.Fleet}</bdi>, {report.Pairs.Count} pairs, from <code>{report.Source}</code></dd>
            <dt>Golden image</dt><dd>{image.Ref.Label}, built {Instants.Full(image.BuiltAt)}<br><code>{image.Ref.Digest}</code></dd>
            <dt>Patches in it</dt><dd>{(image.Patches.Count > 0 ? string.Join(", ", image.Patches) : "none listed")}</dd>
            <dt>Asked for by</dt><dd><bdi>{report.By}</bdi>{(report.Why.Length > 0 ? $": {report.Why}" : string.Empty)}</dd>
            <dt>Planned</dt><dd>{Instants.Full(report.PlannedAt)}</dd>
            <dt>Begun</dt><dd>{Instants.Full(report.BegunAt)}</dd>
            <dt>Ended</dt><dd>{Instants.Full(report.EndedAt)}</dd>
            </dl></section>
            """);
    }
}
