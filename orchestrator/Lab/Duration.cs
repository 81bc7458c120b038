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

    public static string Write(TimeSpan duration) => string.Create(CultureInfo.InvariantCulture, $"{duration.TotalMilliseconds:0}ms");

    [GeneratedRegex(@"^(\d{1,10}(?:\.\d{1,3})?)(ms|s|m|h)?$")]
    private static partial Regex Written();
}
