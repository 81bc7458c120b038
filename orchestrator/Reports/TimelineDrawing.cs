using Refresh.Workflows.Evidence;

namespace Refresh.Orchestrator.Reports;

/// <summary>A timeline as SVG: a row for each member, the two of a pair one above the other.</summary>
internal static class TimelineDrawing
{
    private const double Width = 1000;
    private const double Left = 138;
    private const double Right = 990;
    private const double Top = 40;
    private const double RowHeight = 25;
    private const double Gap = 9;
    private const int LongestName = 20;

    public static void Write(HtmlWriter page, RunReport report, DateTimeOffset from, DateTimeOffset to, IReadOnlyList<PairReport> pairs)
    {
        var scale = new Scale(from, to, Left, Right);
        var height = Top + (pairs.Count * ((2 * RowHeight) + Gap));
        page.Write($"""
            <svg class="timeline" viewBox="0 0 {Width:0} {height:0}" role="img" aria-label="Timeline of the steps of {pairs.Count * 2} members from {Instants.Full(from)} to {Instants.Full(to)}. {Conclusion.Of(report).Sentences[1]}">
            """);
        Axis(page, scale, height);
        var y = Top;
        foreach (var pair in pairs)
        {
            page.Write($"<rect class=\"band\" x=\"0\" y=\"{y:0.#}\" width=\"{Width:0}\" height=\"{2 * RowHeight:0.#}\" rx=\"4\"/>");
            foreach (var overlap in pair.Overlaps)
                Box(page, scale, "none", overlap.From, overlap.To ?? to, y, 2 * RowHeight, $"{pair.Name}: no member in rotation");
            Row(page, scale, pair.Members[0], to, y);
            Row(page, scale, pair.Members[1], to, y + RowHeight);
            y += (2 * RowHeight) + Gap;
        }

        Marks(page, report, scale, height);
        page.Write($"</svg>");
    }

    private static void Row(HtmlWriter page, Scale scale, MemberReport member, DateTimeOffset to, double y)
    {
        var name = member.Id.ToString();
        page.Write($"<text class=\"t-pair\" x=\"6\" y=\"{y + 15:0.#}\">{(name.Length > LongestName ? $"{name[..(LongestName - 1)]}\u2026" : name)}<title>{name}</title></text>");
        foreach (var step in member.Steps.Where(step => scale.Shows(step.From, step.To ?? to)))
        {
            var width = Box(page, scale, step.State.ToString(), step.From, step.To ?? to, y + 4, 12, $"{member.Id}: {Steps.Word(step.State)}{(step.Back ? ", on the way back" : string.Empty)}, {Instants.Clock(step.From)} to {Instants.Clock(step.To)}{(step.Duration is { } time ? $", {Durations.InWords(time)}" : string.Empty)}");
            if (width > Steps.Word(step.State).Length * 5.6)
                page.Write($"<text class=\"t-bar\" x=\"{scale.At(step.From) + 4:0.#}\" y=\"{y + 13.4:0.#}\">{Steps.Word(step.State)}</text>");
        }

        page.Write($"<rect class=\"in\" x=\"{Left:0.#}\" y=\"{y + 19:0.#}\" width=\"{Right - Left:0.#}\" height=\"1.5\"/>");
        foreach (var absence in member.Absences.Where(absence => scale.Shows(absence.From, absence.To ?? to)))
            Box(page, scale, "out", absence.From, absence.To ?? to, y + 17.5, 4.5, $"{member.Id} out of rotation, {Instants.Clock(absence.From)} to {Instants.Clock(absence.To)}, {Durations.InWords(absence.Duration(to))}");
    }

    private static double Box(HtmlWriter page, Scale scale, string style, DateTimeOffset from, DateTimeOffset to, double y, double height, string title)
    {
        var x = scale.At(from);
        var width = Math.Max(1, scale.At(to) - x);
        page.Write($"<rect class=\"{style}\" x=\"{x:0.#}\" y=\"{y:0.#}\" width=\"{width:0.#}\" height=\"{height:0.#}\" rx=\"1.5\"><title>{title}</title></rect>");
        return width;
    }

    private static void Axis(HtmlWriter page, Scale scale, double height)
    {
        foreach (var tick in scale.Ticks())
        {
            var x = scale.At(tick);
            page.Write($"<line class=\"tick\" x1=\"{x:0.#}\" y1=\"{Top - 8:0}\" x2=\"{x:0.#}\" y2=\"{height:0}\"/><text class=\"t-soft\" x=\"{x:0.#}\" y=\"{Top - 12:0}\" text-anchor=\"{(x > Right - 25 ? "end" : "middle")}\">{Instants.Clock(tick)}</text>");
        }
    }

    private static void Marks(HtmlWriter page, RunReport report, Scale scale, double height)
    {
        var marks = report.Waves.Where(wave => wave.Begun is not null).Select(wave => (At: wave.Begun!.Value, Text: wave.Canary ? "canary" : $"wave {wave.Wave + 1}"))
            .Concat(report.TakeOvers.Select(taken => (taken.At, Text: "taken over")))
            .Concat(report.Requests.Where(request => request.Refusal is null).Select(request => (request.At, Text: request.Kind.ToString().ToLowerInvariant())));
        var free = 0.0;
        foreach (var (at, text) in marks.Where(mark => scale.Shows(mark.At, mark.At)).OrderBy(mark => mark.At))
        {
            var x = scale.At(at);
            page.Write($"<line class=\"mark\" x1=\"{x:0.#}\" y1=\"14\" x2=\"{x:0.#}\" y2=\"{height:0}\"><title>{text}, {Instants.Clock(at)}</title></line>");
            if (x < free)
                continue;
            page.Write($"<text x=\"{Math.Min(x, Right - (text.Length * 5.5)):0.#}\" y=\"10\">{text}</text>");
            free = x + (text.Length * 5.5) + 10;
        }
    }
}
