using System.Globalization;
using Refresh.Workflows.Reasons;

namespace Refresh.Workflows.Trust.Gates;

/// <summary>Approved by enough people; each counts once.</summary>
internal static class ApprovalGate
{
    public static IEnumerable<Reason> Refusals(ImageFacts facts, ImagePolicy policy)
    {
        var by = facts.Approvals.Select(approval => approval.By).Where(policy.MayDecide).Distinct(StringComparer.Ordinal).ToList();
        if (by.Count < policy.Approvals)
            yield return new Reason(
                "image-not-approved",
                string.Create(CultureInfo.InvariantCulture, $"{facts.Image.Label} has {by.Count} of {policy.Approvals} approvals{(by.Count > 0 ? $", by {string.Join(", ", by)}" : string.Empty)}"),
                $"{policy.Deciders} approves it: `refresh image approve {facts.Image.Label}`");
    }
}
