using Refresh.Workflows.Trust;

namespace Refresh.Orchestrator.Images.Scans;

/// <summary>How bad a vulnerability is.</summary>
internal enum Severity
{
    /// <summary>Low, negligible, or not told.</summary>
    Low,

    /// <summary>Medium.</summary>
    Medium,

    /// <summary>High.</summary>
    High,

    /// <summary>Critical.</summary>
    Critical,
}

/// <summary>What a scan found.</summary>
/// <param name="Tool">The scanner.</param>
/// <param name="At">When it scanned; null if its report does not say.</param>
/// <param name="Found">Each vulnerability, at its worst severity.</param>
/// <param name="Exploited">Those that are exploited in the wild, as far as the scanner says.</param>
internal sealed record ScanReport(string Tool, DateTimeOffset? At, IReadOnlyDictionary<string, Severity> Found, IReadOnlySet<string> Exploited)
{
    private const int MostNames = 5;

    public ScanFacts Facts(string digest, DateTimeOffset handedIn) => new(
        Tool,
        digest,
        At ?? handedIn,
        Count(Severity.Critical),
        Count(Severity.High),
        Count(Severity.Medium),
        Count(Severity.Low),
        Exploited.Count,
        [.. Found.Where(found => found.Value >= Severity.High || Exploited.Contains(found.Key))
            .OrderByDescending(found => Exploited.Contains(found.Key)).ThenByDescending(found => found.Value).ThenBy(found => found.Key, StringComparer.Ordinal)
            .Take(MostNames).Select(found => found.Key)]);

    private int Count(Severity severity) => Found.Values.Count(each => each == severity);
}

/// <summary>Vulnerabilities as they are come upon; each is kept once, at its worst.</summary>
internal sealed class Findings
{
    private readonly Dictionary<string, Severity> _found = new(StringComparer.Ordinal);
    private readonly HashSet<string> _exploited = new(StringComparer.Ordinal);

    public void Add(string id, Severity severity, bool exploited = false)
    {
        _found[id] = _found.TryGetValue(id, out var before) && before > severity ? before : severity;
        if (exploited)
            _exploited.Add(id);
    }

    public ScanReport Report(string tool, DateTimeOffset? at) => new(tool, at, _found, _exploited);

    public static Severity Named(string severity) => severity.ToUpperInvariant() switch
    {
        "CRITICAL" => Severity.Critical,
        "HIGH" => Severity.High,
        "MEDIUM" or "MODERATE" => Severity.Medium,
        _ => Severity.Low,
    };
}
