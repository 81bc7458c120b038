using System.Globalization;

namespace Refresh.Workflows.Evidence;

/// <summary>Durations in words.</summary>
public static class Durations
{
    /// <summary>Writes a duration as people say it: <c>14.5 s</c>, <c>3 min 12 s</c>, <c>1 h 05 min</c>.</summary>
    /// <param name="time">The duration.</param>
    /// <returns>The words.</returns>
    public static string InWords(TimeSpan time) => time switch
    {
        { Ticks: < 0 } => string.Create(CultureInfo.InvariantCulture, $"-{InWords(time.Negate())}"),
        { TotalSeconds: < 59.95 } => string.Create(CultureInfo.InvariantCulture, $"{time.TotalSeconds:0.0} s"),
        { TotalMinutes: < 59.5 } => Two(Math.Round(time.TotalSeconds), "min", "s"),
        _ => Two(Math.Round(time.TotalMinutes), "h", "min"),
    };

    private static string Two(double small, string large, string little) =>
        string.Create(CultureInfo.InvariantCulture, $"{Math.Floor(small / 60):0} {large} {small % 60:00} {little}");
}
