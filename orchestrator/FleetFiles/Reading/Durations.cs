using System.Globalization;
using System.Text.RegularExpressions;
using Refresh.Orchestrator.FleetFiles.Yaml;

namespace Refresh.Orchestrator.FleetFiles.Reading;

/// <summary>Reads and writes durations: whole numbers with the units d, h, m, s, ms, the largest first, for example <c>1h30m</c>.</summary>
internal static partial class Durations
{
    /// <summary>The longest duration: 30 days, which every timer of the platform holds.</summary>
    public static readonly TimeSpan Longest = TimeSpan.FromDays(30);

    /// <summary>The shortest time between two looks: 10 ms.</summary>
    private static readonly TimeSpan ShortestInterval = TimeSpan.FromMilliseconds(10);

    private static readonly (string Unit, long Milliseconds)[] Units =
        [("d", 86_400_000), ("h", 3_600_000), ("m", 60_000), ("s", 1000), ("ms", 1)];

    /// <summary>A duration that may be <c>0s</c>.</summary>
    public static TimeSpan? DurationOrNone(this Field field)
    {
        if (field.Value is not YamlScalar scalar || !Form().IsMatch(scalar.Text))
            return field.Fail<TimeSpan?>($"'{field.Path}' must be a duration, not {field.Written}", HintFor(field.Value));
        return Parse(scalar.Text) is { } duration && duration <= Longest
            ? duration
            : field.Fail<TimeSpan?>($"'{field.Path}' must be at most {Text(Longest)}, not {field.Written}");
    }

    /// <summary>A duration that is longer than nothing.</summary>
    public static TimeSpan? Duration(this Field field) => field.Duration(TimeSpan.FromMilliseconds(1), "longer than 0s");

    /// <summary>The time between two looks.</summary>
    public static TimeSpan? Interval(this Field field) => field.Duration(ShortestInterval, $"at least {Text(ShortestInterval)}");

    /// <summary>A duration outside a fleet file, written as in one; null when it is none.</summary>
    public static TimeSpan? Read(string text) => Form().IsMatch(text) && Parse(text) is { } duration && duration <= Longest ? duration : null;

    /// <summary>The duration as a fleet file writes it.</summary>
    public static string Text(TimeSpan duration)
    {
        var rest = (long)duration.TotalMilliseconds;
        var text = string.Empty;
        foreach (var (unit, milliseconds) in Units)
        {
            if (rest / milliseconds > 0)
                text += string.Create(CultureInfo.InvariantCulture, $"{rest / milliseconds}{unit}");
            rest %= milliseconds;
        }

        return text.Length > 0 ? text : "0s";
    }

    private static TimeSpan? Duration(this Field field, TimeSpan shortest, string limit) =>
        field.DurationOrNone() is not { } duration ? null
        : duration >= shortest ? duration
        : field.Fail<TimeSpan?>($"'{field.Path}' must be {limit}, not {field.Written}");

    /// <summary>The duration, or null when it is longer than any clock holds.</summary>
    private static TimeSpan? Parse(string text)
    {
        var total = 0d;
        foreach (Match part in Part().Matches(text))
            total += double.Parse(part.Groups[1].ValueSpan, CultureInfo.InvariantCulture) * Array.Find(Units, unit => unit.Unit == part.Groups[2].Value).Milliseconds;
        return total <= Longest.TotalMilliseconds ? TimeSpan.FromMilliseconds(total) : null;
    }

    private static string HintFor(YamlValue? value) => value switch
    {
        YamlScalar scalar when scalar.Text.StartsWith('-') => "a time cannot be negative",
        YamlScalar scalar when long.TryParse(scalar.Text, NumberStyles.None, CultureInfo.InvariantCulture, out var number) =>
            string.Create(CultureInfo.InvariantCulture, $"give it a unit: {number}s, {number}m or {number}ms"),
        _ => "write for example 500ms, 2s, 5m, 1h30m or 1d",
    };

    [GeneratedRegex(@"^(?=.)(\d+d)?(\d+h)?(\d+m)?(\d+s)?(\d+ms)?\z", RegexOptions.ECMAScript)]
    private static partial Regex Form();

    [GeneratedRegex(@"(\d+)(ms|[dhms])", RegexOptions.ECMAScript)]
    private static partial Regex Part();
}
