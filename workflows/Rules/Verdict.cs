using Refresh.Workflows.Reasons;

namespace Refresh.Workflows.Rules;

/// <summary>What a rule says: yes, or all that speaks against it.</summary>
/// <param name="Refusals">All that speaks against it; empty means yes.</param>
public sealed record Verdict(IReadOnlyList<Reason> Refusals)
{
    /// <summary>Nothing speaks against it.</summary>
    public bool Allowed => Refusals.Count == 0;
}
