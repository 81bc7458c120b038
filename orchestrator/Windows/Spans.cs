using Refresh.Workflows.Windows;

namespace Refresh.Orchestrator.Windows;

/// <summary>Arithmetic of times, each from its start to just before its end.</summary>
internal static class Spans
{
    /// <summary>The same times in order, those that overlap or touch as one.</summary>
    public static List<PatchWindow> Merge(IEnumerable<PatchWindow> spans)
    {
        var merged = new List<PatchWindow>();
        foreach (var span in spans.Where(span => span.Length > TimeSpan.Zero).OrderBy(span => span.Start))
        {
            if (merged is [.., var last] && span.Start <= last.End)
                merged[^1] = last with { End = span.End > last.End ? span.End : last.End };
            else
                merged.Add(span);
        }

        return merged;
    }

    /// <summary>What is left of some times when others are taken out; both merged.</summary>
    public static IEnumerable<PatchWindow> Without(IEnumerable<PatchWindow> spans, IReadOnlyList<PatchWindow> taken)
    {
        foreach (var span in spans)
        {
            var start = span.Start;
            foreach (var hole in taken.Where(hole => hole.Start < span.End && span.Start < hole.End))
            {
                if (hole.Start > start)
                    yield return new PatchWindow(start, hole.Start);
                start = hole.End > start ? hole.End : start;
            }

            if (start < span.End)
                yield return new PatchWindow(start, span.End);
        }
    }
}
