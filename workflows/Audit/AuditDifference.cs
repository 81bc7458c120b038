namespace Refresh.Workflows.Audit;

/// <summary>What changed between two audits.</summary>
/// <param name="Since">When the earlier one was made.</param>
/// <param name="New">Findings that it did not have, or had with less risk.</param>
/// <param name="Gone">Findings of it that are no more, or have less risk now.</param>
public sealed record AuditDifference(DateTimeOffset Since, IReadOnlyList<Finding> New, IReadOnlyList<Finding> Gone)
{
    /// <summary>Compares two audits.</summary>
    /// <param name="since">When the earlier one was made.</param>
    /// <param name="before">What it found.</param>
    /// <param name="now">What was found now.</param>
    /// <returns>The difference; findings are the same when rule, fleet and subject are.</returns>
    public static AuditDifference Of(DateTimeOffset since, IReadOnlyList<Finding> before, IReadOnlyList<Finding> now)
    {
        ArgumentNullException.ThrowIfNull(before);
        ArgumentNullException.ThrowIfNull(now);
        return new AuditDifference(since, More(now, before), More(before, now));
    }

    private static IReadOnlyList<Finding> More(IReadOnlyList<Finding> findings, IReadOnlyList<Finding> than)
    {
        var known = than.GroupBy(finding => finding.Key, StringComparer.Ordinal).ToDictionary(same => same.Key, same => same.Max(finding => finding.Risk), StringComparer.Ordinal);
        return [.. findings.Where(finding => !known.TryGetValue(finding.Key, out var risk) || risk < finding.Risk)];
    }
}
