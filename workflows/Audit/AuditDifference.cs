namespace Refresh.Workflows.Audit;

/// <summary>What changed between two audits.</summary>
/// <param name="Since">When the earlier one was made.</param>
/// <param name="New">Findings that it did not have, or had with less risk.</param>
/// <param name="Gone">Findings of it that are no more. What could not be looked at now is not gone: it stands.</param>
public sealed record AuditDifference(DateTimeOffset Since, IReadOnlyList<Finding> New, IReadOnlyList<Finding> Gone)
{
    /// <summary>Findings that it had with more risk.</summary>
    public IReadOnlyList<Finding> Lessened { get; init; } = [];

    /// <summary>Compares two audits.</summary>
    /// <param name="since">When the earlier one was made.</param>
    /// <param name="before">What it found.</param>
    /// <param name="now">What was found now.</param>
    /// <returns>The difference; findings are the same when rule, fleet and subject are.</returns>
    public static AuditDifference Of(DateTimeOffset since, IReadOnlyList<Finding> before, IReadOnlyList<Finding> now)
    {
        ArgumentNullException.ThrowIfNull(before);
        ArgumentNullException.ThrowIfNull(now);
        var (was, has) = (Worst(before), Worst(now));
        return new AuditDifference(
            since,
            [.. now.Where(finding => !was.TryGetValue(finding.Key, out var risk) || risk < finding.Risk)],
            [.. before.Where(finding => !has.ContainsKey(finding.Key))])
        {
            Lessened = [.. now.Where(finding => was.TryGetValue(finding.Key, out var risk) && risk > has[finding.Key])],
        };
    }

    private static Dictionary<string, Risk> Worst(IReadOnlyList<Finding> findings) =>
        findings.GroupBy(finding => finding.Key, StringComparer.Ordinal).ToDictionary(same => same.Key, same => same.Max(finding => finding.Risk), StringComparer.Ordinal);
}
