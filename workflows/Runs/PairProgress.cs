using System.Collections.Immutable;
using Refresh.Workflows.Fleets;
using Refresh.Workflows.Machines;
using Refresh.Workflows.Reasons;

namespace Refresh.Workflows.Runs;

/// <summary>How far a pair is.</summary>
public sealed record PairProgress
{
    /// <summary>The pair as the fleet has it.</summary>
    public required Pair Pair { get; init; }

    /// <summary>The pair's name.</summary>
    public string Name => Pair.Name;

    /// <summary>Its wave's place in the plan, from 0; -1 for a pair that the plan skips.</summary>
    public required int Wave { get; init; }

    /// <summary>The member that is touched first.</summary>
    public required MemberProgress First { get; init; }

    /// <summary>The member that is touched second.</summary>
    public required MemberProgress Second { get; init; }

    /// <summary>Its state.</summary>
    public PairState State { get; init; } = PairState.Pending;

    /// <summary>When it came into that state.</summary>
    public DateTimeOffset Since { get; init; }

    /// <summary>Why it is frozen, or why its bake was cut short; null otherwise.</summary>
    public Reason? Why { get; init; }

    /// <summary>Its intents without an outcome, oldest first: those of <see cref="Run.Open"/> that are about it.</summary>
    public ImmutableList<Intent> Open { get; init; } = [];

    /// <summary>Both members, in the order in which they are touched.</summary>
    public IEnumerable<MemberProgress> Members => [First, Second];

    /// <summary>The member that is being worked on; null when none is.</summary>
    public MemberProgress? Active => First.Active ? First : Second.Active ? Second : null;

    /// <summary>The other member.</summary>
    /// <param name="member">One of the two.</param>
    /// <returns>Its peer.</returns>
    public MemberProgress PeerOf(MemberId member) => First.Id == member ? Second : First;

    /// <summary>One member.</summary>
    /// <param name="member">One of the two.</param>
    /// <returns>How far it is.</returns>
    public MemberProgress Get(MemberId member) => First.Id == member ? First : Second;

    internal PairProgress With(MemberProgress member) =>
        First.Id == member.Id ? this with { First = member } : this with { Second = member };
}
