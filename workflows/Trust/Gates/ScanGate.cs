using System.Globalization;
using Refresh.Workflows.Reasons;

namespace Refresh.Workflows.Trust.Gates;

/// <summary>Scanned lately; the latest scan of each tool is below the thresholds.</summary>
internal static class ScanGate
{
    public static IEnumerable<Reason> Refusals(ImageFacts facts, ScanPolicy policy, DateTimeOffset now)
    {
        var next = $"it is scanned again: `refresh image scan {facts.Image.Label} REPORT`";
        if (facts.Scans.Count == 0)
        {
            yield return new Reason("scan-missing", $"there is no scan of {facts.Image.Label}", next);
            yield break;
        }

        var newest = facts.Scans.MaxBy(scan => scan.ScannedAt)!;
        if (newest.ScannedAt - now > AgeGate.Tolerance)
            yield return new Reason("scan-from-future", $"the scan of {facts.Image.Label} by {newest.Tool} is from {Words.Day(newest.ScannedAt)}, which is not yet", "the clock of the machine that scans, or of this one, is set right");
        if (now - newest.ScannedAt > policy.MaxAge)
            yield return new Reason("scan-stale", $"the newest scan of {facts.Image.Label}, by {newest.Tool}, is {Words.Span(now - newest.ScannedAt)} old, and may be {Words.Span(policy.MaxAge)}", next);
        foreach (var scan in facts.Scans)
        {
            foreach (var above in Above(scan, policy))
                yield return new Reason("scan-above-threshold", $"{scan.Tool} finds too much in {facts.Image.Label}: {above}{(scan.Worst.Count > 0 ? $" ({string.Join(", ", scan.Worst)})" : string.Empty)}", "an image without them is built and used");
        }
    }

    private static IEnumerable<string> Above(ScanFacts scan, ScanPolicy policy)
    {
        (string Name, int Found, int? Most)[] counts =
        [
            ("critical", scan.Critical, policy.Critical),
            ("high", scan.High, policy.High),
            ("medium", scan.Medium, policy.Medium),
            ("low", scan.Low, policy.Low),
            ("known to be exploited", scan.KnownExploited, policy.KnownExploited),
        ];
        foreach (var (name, found, most) in counts)
        {
            if (found > most)
                yield return string.Create(CultureInfo.InvariantCulture, $"{found} {name}, and {most} may be");
        }
    }
}
