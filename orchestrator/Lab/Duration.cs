using System.Globalization;
using System.Text.RegularExpressions;

namespace Refresh.Lab;

/// <summary>Durations as people write them: <c>250ms</c>, <c>3s</c>, <c>1.5m</c>, <c>1h</c>, <c>0</c>.</summary>
internal static partial class Duration
{
    public static TimeSpan? Parse(string text)
    {
        if (Written().Match(text) is not { Success: true } match)
            return null;
        var number = double.Parse(match.Groups[1].Value, CultureInfo.InvariantCulture);
        return match.Groups[2].Value switch
        {
            "ms" => TimeSpan.FromMilliseconds(number),
            "s" => TimeSpan.FromSeconds(number),
            "m" => TimeSpan.FromMinutes(number),
            "h" => TimeSpan.FromHours(number),
            _ => number == 0 ? TimeSpan.Zero : null,
        };
    }

    /// <summary>In the greatest unit in which it is a whole number.</summary>
    public static string Write(TimeSpan duration) => ((long)duration.TotalMilliseconds) switch
    {
        0 => "0",
        var ms when ms % 3_600_000 == 0 => string.Create(CultureInfo.InvariantCulture, $"{ms / 3_600_000}h"),
        var ms when ms % 60_000 == 0 => string.Create(CultureInfo.InvariantCulture, $"{ms / 60_000}m"),
        var ms when ms % 1000 == 0 => string.Create(CultureInfo.InvariantCulture, $"{ms / 1000}s"),
        var ms => string.Create(CultureInfo.InvariantCulture, $"{ms}ms"),
    };

    [GeneratedRegex(@"^(\d{1,10}(?:\.\d{1,3})?)(ms|s|m|h)?$")]
    private static partial Regex Written();
}
