using Refresh.Workflows.Fleets;
using Refresh.Workflows.Machines;

namespace Refresh.Workflows.Planning;

/// <summary>What a run would do, as pure data.</summary>
/// <param name="Waves">The waves in order; the canaries, if any, are the first.</param>
/// <param name="Skipped">Pairs that need nothing, with the reason for each member.</param>
public sealed record RunPlan(IReadOnlyList<PlannedWave> Waves, IReadOnlyList<PlannedPair> Skipped)
{
    /// <summary>All pairs that are to be worked on, in order.</summary>
    public IEnumerable<PlannedPair> Pairs() => Waves.SelectMany(wave => wave.Pairs);

    /// <summary>How many members are to be rebuilt.</summary>
    public int Rebuilds() => Pairs().Sum(pair => pair.Members.Count(member => member.Rebuild));
}

/// <summary>Pairs that may be worked on together.</summary>
/// <param name="Canary">These go first, and none of them may fail.</param>
/// <param name="Pairs">The pairs, in order.</param>
/// <param name="Bake">How long each is watched once both its members are done.</param>
public sealed record PlannedWave(bool Canary, IReadOnlyList<PlannedPair> Pairs, TimeSpan Bake);

/// <summary>A pair of a plan.</summary>
/// <param name="Name">The pair.</param>
/// <param name="Members">Both members, in the order in which they are touched: one that does not serve goes first.</param>
public sealed record PlannedPair(string Name, IReadOnlyList<PlannedMember> Members);

/// <summary>A member of a plan.</summary>
/// <param name="Id">The member.</param>
/// <param name="Rebuild">Whether it is to be rebuilt.</param>
/// <param name="Runs">The image it was seen to run, <c>name@version</c>; null if that could not be seen.</param>
/// <param name="Why">Why it is to be rebuilt, or why not.</param>
/// <param name="LeftOut">The run before has left it out of rotation, so that this one may put it back.</param>
/// <param name="Left">It is not current and left as it is all the same: it is powered off, or its peer is.</param>
public sealed record PlannedMember(MemberId Id, bool Rebuild, string? Runs, string Why, bool LeftOut = false, bool Left = false)
{
    /// <summary>The state that it begins in.</summary>
    internal MemberState Begins => Rebuild ? MemberState.Pending : Left ? MemberState.Left : MemberState.Current;

    /// <summary>The rebuild that the run before has begun and could not find out the end of; null when there is none, and in journals of versions that did not ask.</summary>
    public Runs.Rebuild? Unsure { get; init; }
}
