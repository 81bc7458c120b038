using Refresh.Workflows.Fleets;

namespace Refresh.Workflows.Reasons;

/// <summary>Why a run is refused over a member that is powered off.</summary>
public static class DormantReason
{
    /// <summary>The fleet file says to refuse.</summary>
    /// <param name="member">The member.</param>
    /// <returns>The reason.</returns>
    public static Reason Refused(MemberId member) =>
        new("member-dormant", $"{member} is powered off, and the fleet file says to refuse then", $"{member} is powered on, or `dormant` in the fleet file says what becomes of it");
}
