using System.Globalization;

namespace Refresh.Benchmarks.Soaking;

/// <summary>Whether something grows without end: the means of the first and the last third of the looks, warm-up left out.</summary>
internal static class SoakGrowth
{
    private const int WarmUp = 4;
    private const double Megabyte = 1024 * 1024;

    /// <summary>What grew more than it may, in words; none when too few runs were made to tell.</summary>
    public static IEnumerable<string> Of(IReadOnlyList<SoakLook> looks)
    {
        var judged = looks.Skip(WarmUp).ToList();
        var third = judged.Count / 3;
        if (third < 2)
            return [];
        return new[]
        {
            Grown("heap (MB)", look => look.Heap / Megabyte, 4),
            Grown("handles", look => look.Handles, 8),
            Grown("threads", look => look.Threads, 8),
            Grown("memory of the lab (MB)", look => look.LabMemory / Megabyte, 64),
            Grown("handles of the lab", look => look.LabHandles, 16),
            Grown("journal (MB)", look => look.Journal / Megabyte, 4),
        }.OfType<string>();

        string? Grown(string what, Func<SoakLook, double> measure, double allowed)
        {
            var (first, last) = (judged.Take(third).Average(measure), judged.TakeLast(third).Average(measure));
            return last > (first * 1.25) + allowed ? string.Create(CultureInfo.InvariantCulture, $"{what} grew from {first:0.0} to {last:0.0}") : null;
        }
    }
}
