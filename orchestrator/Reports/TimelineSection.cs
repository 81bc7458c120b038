using Refresh.Workflows.Evidence;

namespace Refresh.Orchestrator.Reports;

/// <summary>The timelines of a run: one for each time in which it was under way.</summary>
internal static class TimelineSection
{
    /// <summary>More rows than this are not drawn: nobody could read them.</summary>
    public const int MostRows = 400;

    private static readonly (string Class, string Text)[] s_legend =
    [
        ("Guarding", "guard: waits for the pair rule"), ("Draining", "drain"), ("Rebuilding", "rebuild"), ("Verifying", "verify"),
        ("Rejoining", "rejoin"), ("Returning", "return as it was"), ("Soaking", "soak"), ("in", "in rotation"), ("out", "out of rotation"),
    ];

    public static void Write(HtmlWriter page, RunReport report)
    {
        page.Write($"<section aria-labelledby=\"timeline\"><h2 id=\"timeline\">Timeline</h2>");
        if (report.Stretches.Count == 0)
            page.Write($"<p class=\"soft\">Nothing was begun.</p>");
        else
            Legend(page);
        foreach (var (stretch, place) in report.Stretches.Select((stretch, place) => (stretch, place)))
            Write(page, report, stretch, place);
        page.Write($"</section>");
    }

    private static void Write(HtmlWriter page, RunReport report, Stretch stretch, int place)
    {
        var to = stretch.To ?? report.AsOf;
        var worked = report.Pairs.Where(pair => pair.Members.Any(member => member.Steps.Any(step => step.From >= stretch.From && step.From <= to))).ToList();
        var shown = worked.Count * 2 <= MostRows
            ? worked
            : worked.OrderBy(pair => pair is { Least: > 0, Why: null, Alarms.Count: 0 }).Take(MostRows / 2).OrderBy(pair => pair.Begun).ToList();
        if (report.Stretches.Count > 1)
            page.Write($"<h3>{(place == 0 ? "The run" : "Taken up again")}, {Instants.Full(stretch.From)}</h3>");
        if (worked.Count == 0)
        {
            page.Write($"<p class=\"soft\">No member was begun.</p>");
            return;
        }

        if (shown.Count < worked.Count)
            page.Write($"<p class=\"soft\">Drawn are {shown.Count * 2} of {worked.Count * 2} members: pairs with something to look at, then the first ones. The tables below and the JSON report have them all.</p>");
        page.Write($"<div class=\"scroll\" tabindex=\"0\" role=\"region\" aria-label=\"Timeline, scrolls sideways\">");
        TimelineDrawing.Write(page, report, stretch.From, to, shown);
        page.Write($"</div>");
    }

    private static void Legend(HtmlWriter page)
    {
        page.Write($"<p class=\"soft small\">Two rows make a pair. Under each row runs its rotation, thin while the member was in and thick while it was out by our doing: no two thick ones may stand one above the other in a pair. Times are UTC.</p><ul class=\"legend\">");
        foreach (var (style, text) in s_legend)
        {
            var (y, height) = style switch { "in" => (5, 2), "out" => (4, 4), _ => (1, 10) };
            page.Write($"<li><svg width=\"18\" height=\"12\" aria-hidden=\"true\"><rect class=\"{style}\" y=\"{y}\" width=\"18\" height=\"{height}\" rx=\"1\"/></svg>{text}</li>");
        }

        page.Write($"</ul>");
    }
}
