using System.Collections.Immutable;
using Refresh.Workflows.Fleets;
using Refresh.Workflows.Images;
using Refresh.Workflows.Machines;
using Refresh.Workflows.Planning;
using Refresh.Workflows.Reasons;
using Refresh.Workflows.Trust;

namespace Refresh.Workflows.Runs;

/// <summary>How far a run is: the fold over its events. Counters are kept beside the pairs, so that a decision does not look at all of them.</summary>
public sealed record Run
{
    /// <summary>The run's id.</summary>
    public required string Id { get; init; }

    /// <summary>The fleet, as it was when the run was planned.</summary>
    public required Fleet Fleet { get; init; }

    /// <summary>The image that it goes to.</summary>
    public required GoldenImage Image { get; init; }

    /// <summary>What it is to do.</summary>
    public required RunPlan Plan { get; init; }

    /// <summary>Who asked for it.</summary>
    public required string By { get; init; }

    /// <summary>The fleet file it came from.</summary>
    public required string Source { get; init; }

    /// <summary>When it was planned.</summary>
    public required DateTimeOffset StartedAt { get; init; }

    /// <summary>Its pairs by name, those that the plan skips included.</summary>
    public required ImmutableDictionary<string, PairProgress> Pairs { get; init; }

    /// <summary>Its state.</summary>
    public RunState State { get; init; } = RunState.Planned;

    /// <summary>When its last event was decided.</summary>
    public DateTimeOffset UpdatedAt { get; init; }

    /// <summary>Why it is in its state, where there is more to say.</summary>
    public Reason? Why { get; init; }

    /// <summary>Who asked for its last pause; null when it was never paused.</summary>
    public string? PausedBy { get; init; }

    /// <summary>It was asked to roll back: it never goes forward again.</summary>
    public bool GoingBack { get; init; }

    /// <summary>Why no further member is begun; null while they may be.</summary>
    public Reason? Halted { get; init; }

    /// <summary>Who revoked its image, as far as it was seen; null while nobody did.</summary>
    public ImageRevocation? Revoked { get; init; }

    /// <summary>Intents without an outcome, by id.</summary>
    public ImmutableSortedDictionary<string, Intent> Open { get; init; } = ImmutableSortedDictionary.Create<string, Intent>(StringComparer.Ordinal);

    /// <summary>Pairs that are being refreshed or rolled back.</summary>
    public ImmutableSortedSet<string> InFlight { get; init; } = ImmutableSortedSet.Create<string>(StringComparer.Ordinal);

    /// <summary>The wave that is being worked on, from 0; -1 before the first.</summary>
    public int Wave { get; init; } = -1;

    /// <summary>The next pair of that wave, from 0.</summary>
    public int Next { get; init; }

    /// <summary>Pairs that are baking.</summary>
    public int Baking { get; init; }

    /// <summary>Pairs that are frozen.</summary>
    public int FrozenPairs { get; init; }

    /// <summary>Members that failed.</summary>
    public int FailedMembers { get; init; }

    /// <summary>Pairs that a rollback takes back, in order; null while there is none.</summary>
    public IReadOnlyList<string>? RollbackOrder { get; init; }

    /// <summary>The next pair of a rollback, from 0.</summary>
    public int NextRollback { get; init; }

    /// <summary>It may work outside the fleet's patch windows.</summary>
    public bool OutsideWindows { get; init; }

    /// <summary>The patch windows as they were last read; null before.</summary>
    public Windows.WindowOutlook? Outlook { get; init; }

    /// <summary>How long a member took in earlier runs; null when there were none.</summary>
    public TimeSpan? MeasuredBefore { get; init; }

    /// <summary>How long a rebuilt member took in the slowest pair of this run so far; null before the first is done.</summary>
    public TimeSpan? Measured { get; init; }

    /// <summary>The run has ended.</summary>
    public bool Finished => RunMachine.IsFinal(State);

    /// <summary>Nothing is away or being watched because of this run.</summary>
    public bool Quiet => InFlight.IsEmpty && Baking == 0;

    /// <summary>How far a member is.</summary>
    /// <param name="member">The member.</param>
    /// <returns>How far it is.</returns>
    public MemberProgress Get(MemberId member) => Pairs[member.Pair].Get(member);
}
