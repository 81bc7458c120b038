using Refresh.Workflows.Evidence;

namespace Refresh.Orchestrator.Bundles;

/// <summary>Something of a bundle that was checked.</summary>
/// <param name="Name">What: <c>file</c>, <c>signature</c>, <c>form</c>, <c>chain</c>, <c>fold</c>, <c>claims</c> or <c>page</c>.</param>
/// <param name="Holds">Whether it holds.</param>
/// <param name="Detail">What was found, in words.</param>
internal sealed record BundleCheck(string Name, bool Holds, string Detail);

/// <summary>What is to be said of a bundle.</summary>
/// <param name="Checks">What was checked, in order; the last is the first that does not hold, if one does not.</param>
/// <param name="Signed">Whether a key signed it that was named by who checks.</param>
/// <param name="Claims">What follows from its entries; null unless everything holds.</param>
/// <param name="Report">The report that follows from its entries; null unless everything holds.</param>
internal sealed record BundleVerdict(IReadOnlyList<BundleCheck> Checks, bool Signed, Claims? Claims, RunReport? Report)
{
    /// <summary>Why it is to be taken with care though everything holds: its key is revoked; null otherwise.</summary>
    public string? Caution { get; init; }

    /// <summary>The report as a page, made from the entries; null unless everything holds.</summary>
    public string? Page { get; init; }

    /// <summary>What an auditor asks, answered from the entries; empty unless everything holds.</summary>
    public IReadOnlyList<string> Answers { get; init; } = [];

    /// <summary>Whether everything holds; an unsigned bundle may.</summary>
    public bool Holds => Fault is null;

    /// <summary>The first that does not hold; null if everything does.</summary>
    public BundleCheck? Fault => Checks.FirstOrDefault(check => !check.Holds);
}
