using Refresh.Workflows.Evidence;
using Refresh.Workflows.Reasons;

namespace Refresh.Orchestrator.Reports;

/// <summary>What waited, what failed, and who asked what: each with its reason and what to do next (promise 9).</summary>
internal static class TroubleSection
{
    public static void Write(HtmlWriter page, RunReport report)
    {
        var troubles = TroubleLines.Of(report).ToList();
        page.Write($"<section aria-labelledby=\"trouble\"><h2 id=\"trouble\">Waits and failures</h2>");
        if (troubles.Count == 0)
            page.Write($"<p class=\"soft\">Nothing waited and nothing failed.</p>");
        else
            Table(page, troubles);
        page.Write($"</section><section aria-labelledby=\"people\"><h2 id=\"people\">Requests and take-overs</h2>");
        if (report.Requests.Count + report.TakeOvers.Count == 0)
            page.Write($"<p class=\"soft\">Nobody asked anything of the run while it was under way, and one worker carried it out.</p>");
        else
            People(page, report);
        page.Write($"</section>");
    }

    private static void Table(HtmlWriter page, List<TroubleLine> troubles)
    {
        page.Write($"""
            <div class="scroll" tabindex="0" role="region" aria-label="Table of waits and failures, scrolls sideways"><table class="wide">
            <caption>In the order in which they came; times are UTC.</caption>
            <thead><tr><th scope="col">When</th><th scope="col">Who</th><th scope="col">What</th><th scope="col">Why</th><th scope="col">What ends it, or what to do next</th></tr></thead><tbody>
            """);
        foreach (var trouble in troubles)
            page.Write($"<tr><td class=\"nowrap\">{Instants.Clock(trouble.At)}</td><th scope=\"row\"{(trouble.Who.Length <= 20 ? " class=nowrap" : string.Empty)}><bdi>{trouble.Who}</bdi></th><td><span class=\"badge {(trouble.Bad ? "bad" : "plain")}\">{trouble.What}</span></td><td>{Join(trouble.Why, reason => reason.Text)}</td><td>{Join(trouble.Why, reason => reason.EndsWhen)}</td></tr>");
        page.Write($"</tbody></table></div>");
    }

    private static string Join(IReadOnlyList<Reason> reasons, Func<Reason, string> part) => string.Join("; ", reasons.Select(part).Distinct());

    private static void People(HtmlWriter page, RunReport report)
    {
        page.Write($"<table><caption>Times are UTC.</caption><thead><tr><th scope=\"col\">When</th><th scope=\"col\">Who</th><th scope=\"col\">What</th></tr></thead><tbody>");
        var requests = report.Requests.Select(request => (request.At, Who: request.By, What: $"asked to {request.Kind.ToString().ToLowerInvariant()}{(request.Why.Length > 0 ? $": {request.Why}" : string.Empty)}{(request.Refusal is { } refusal ? $". Turned down: {refusal}" : ". Taken up.")}"));
        var takeOvers = report.TakeOvers.Select(taken => (taken.At, Who: taken.Worker, What: $"took the run over, fencing token {taken.Epoch}"));
        foreach (var (at, who, what) in requests.Concat(takeOvers).OrderBy(line => line.At))
            page.Write($"<tr><td class=\"nowrap\">{Instants.Clock(at)}</td><th scope=\"row\"><bdi>{who}</bdi></th><td>{what}</td></tr>");
        page.Write($"</tbody></table>");
    }
}
