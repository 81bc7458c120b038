namespace Refresh.Orchestrator.Reports;

/// <summary>Where an instant stands on a line.</summary>
internal sealed class Scale(DateTimeOffset from, DateTimeOffset to, double left, double right)
{
    private const int MostTicks = 9;
    private static readonly int[] s_seconds = [1, 2, 5, 10, 15, 30, 60, 120, 300, 600, 900, 1800, 3600, 7200, 14400, 21600, 43200, 86400];

    public bool Shows(DateTimeOffset begin, DateTimeOffset end) => end >= from && begin <= to;

    public double At(DateTimeOffset at)
    {
        var whole = (to - from).TotalSeconds;
        var share = whole > 0 ? Math.Clamp((at - from).TotalSeconds / whole, 0, 1) : 0;
        return left + (share * (right - left));
    }

    /// <summary>Round instants, a readable number of them.</summary>
    public IEnumerable<DateTimeOffset> Ticks()
    {
        var whole = (to - from).TotalSeconds;
        var step = s_seconds.FirstOrDefault(seconds => whole / seconds <= MostTicks, (int)Math.Ceiling(whole / MostTicks / 86400) * 86400);
        var first = from.UtcTicks + (TimeSpan.TicksPerSecond * step) - 1;
        for (var tick = new DateTimeOffset(first - (first % (TimeSpan.TicksPerSecond * step)), TimeSpan.Zero); tick <= to; tick = tick.AddSeconds(step))
            yield return tick;
    }
}
