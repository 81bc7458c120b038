using Refresh.Workflows.Decisions;
using Refresh.Workflows.Fleets;
using Refresh.Workflows.Images;
using Refresh.Workflows.Machines;
using Refresh.Workflows.Runs;

namespace Refresh.Workflows.Planning;

/// <summary>What taking a run back would do as it is now (promise 4). A projection of the run: it decides nothing.</summary>
public static class RollbackPlan
{
    /// <summary>The members that go back, in the order in which they are begun, pair by pair.</summary>
    /// <param name="run">The run.</param>
    /// <returns>The steps; none when it has touched no member.</returns>
    public static IReadOnlyList<RollbackStep> Of(Run run)
    {
        ArgumentNullException.ThrowIfNull(run);
        return
        [
            .. RollbackDecisions.Ahead(run)
                .SelectMany(pair => run.Pairs[pair].Members.Where(GoesBack).OrderBy(member => !member.Away))
                .Select(member => new RollbackStep(member.Id, member.Touched, member.Recorded?.Guest?.Image)),
        ];
    }

    /// <summary>Members that were found powered off and refreshed: nobody could ask what they ran, so that they stay off, on the new image.</summary>
    /// <param name="run">The run.</param>
    public static IReadOnlyList<MemberId> LeftOff(Run run)
    {
        ArgumentNullException.ThrowIfNull(run);
        return [.. run.Pairs.Values.SelectMany(pair => pair.Members).Where(RollbackDecisions.IsLeftOff).Select(member => member.Id).Order()];
    }

    // A member that is away and untouched goes back as it was when the run is called back, unless that has failed.
    private static bool GoesBack(MemberProgress member) =>
        !RollbackDecisions.IsLeftOff(member) && member.State != MemberState.Reverted && (member.Touched || member is { Away: true, State: MemberState.Failed });
}

/// <summary>What becomes of a member when its run is taken back.</summary>
/// <param name="Member">The member.</param>
/// <param name="Rebuilt">A rebuild of it was begun: it is rebuilt again. False for one that was only left out of rotation and is put back as it is.</param>
/// <param name="Image">The image that was recorded for it before it was touched; null when none could be read, and its pair is frozen.</param>
public sealed record RollbackStep(MemberId Member, bool Rebuilt, ImageRef? Image);
