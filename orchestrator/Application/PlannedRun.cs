using Refresh.Workflows.Facts;
using Refresh.Workflows.Fleets;
using Refresh.Workflows.Images;
using Refresh.Workflows.Planning;
using Refresh.Workflows.Reasons;
using Refresh.Workflows.Trust;

namespace Refresh.Orchestrator.Application;

/// <summary>A plan with what it was made from. Nothing has been changed to make it.</summary>
/// <param name="Fleet">The fleet.</param>
/// <param name="Image">The image to go to.</param>
/// <param name="Plan">What would be done.</param>
/// <param name="Observed">What was seen of each member.</param>
/// <param name="Obstacles">What stands in the way of a run: gates that refuse the image, adapters that cannot do their part.</param>
/// <param name="PerMember">How long a member took in the last runs of this fleet (the median); null when there are none.</param>
/// <param name="Source">The fleet file.</param>
/// <param name="Gates">What the gates say of the image.</param>
public sealed record PlannedRun(
    Fleet Fleet,
    GoldenImage Image,
    RunPlan Plan,
    IReadOnlyDictionary<MemberId, MemberFacts> Observed,
    IReadOnlyList<Reason> Obstacles,
    TimeSpan? PerMember,
    string Source,
    GateReport? Gates = null)
{
    /// <summary>The fleet's patch windows; null when it has none.</summary>
    public FleetWindows? Windows { get; init; }

    /// <summary>Whoever asks lets it work outside of them.</summary>
    public bool OutsideWindows { get; init; }

    /// <summary>How long it takes when nothing goes wrong, by the measured time per member; null when none was measured.</summary>
    public TimeSpan? Duration => PerMember is { } each ? Planner.Duration(Plan, Fleet.Policy, each) : null;

    /// <summary>How long it takes at least: soaks and bakes alone.</summary>
    public TimeSpan Least => Planner.Duration(Plan, Fleet.Policy, Fleet.Policy.Soak.Duration);
}
