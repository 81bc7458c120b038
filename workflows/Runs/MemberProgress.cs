using Refresh.Workflows.Facts;
using Refresh.Workflows.Fleets;
using Refresh.Workflows.Machines;
using Refresh.Workflows.Reasons;

namespace Refresh.Workflows.Runs;

/// <summary>How far a member is.</summary>
public sealed record MemberProgress
{
    /// <summary>The member.</summary>
    public required MemberId Id { get; init; }

    /// <summary>Whether the plan has it rebuilt.</summary>
    public required bool Planned { get; init; }

    /// <summary>Its state.</summary>
    public MemberState State { get; init; } = MemberState.Pending;

    /// <summary>When it came into that state.</summary>
    public DateTimeOffset Since { get; init; }

    /// <summary>It is on its way to its recorded image, or there already.</summary>
    public bool GoingBack { get; init; }

    /// <summary>It left rotation by our doing, in this run or the one before, or may have, and is not seen back.</summary>
    public bool Away { get; init; }

    /// <summary>A rebuild of it was begun in this run.</summary>
    public bool Touched { get; init; }

    /// <summary>The VM that it had when it was begun is untouched; false from the moment a rebuild begins until it is seen that nothing came of it.</summary>
    public bool Intact { get; init; } = true;

    /// <summary>A rebuild of it was begun, in this run or the one before, and nobody knows what became of it: it may go on still.</summary>
    public bool Unsure { get; init; }

    /// <summary>Its VM was proved new, of the image and healthy, and no other rebuild was begun since.</summary>
    public bool Proved { get; init; }

    /// <summary>What was observed of it before anything was done to it: what a rollback goes back to (promise 4).</summary>
    public MemberFacts? Recorded { get; init; }

    /// <summary>What was observed of it last, before it left rotation.</summary>
    public MemberFacts? Before { get; init; }

    /// <summary>The evidence that its new VM is new, runs the image and is healthy.</summary>
    public VerificationFacts? Proof { get; init; }

    /// <summary>The rebuild that was begun last.</summary>
    public Rebuild? LastRebuild { get; init; }

    /// <summary>Its new VM was powered off again, as it was found.</summary>
    public bool PoweredOff { get; init; }

    /// <summary>How often a rebuild was begun for its present goal.</summary>
    public int Rebuilds { get; init; }

    /// <summary>How often it was begun to find out how it stands, after a rebuild that failed or a preview that could not read its state, for its present goal.</summary>
    public int Recoveries { get; init; }

    /// <summary>What its recovery did last or waits for; null when none goes on.</summary>
    public string? Rung { get; init; }

    /// <summary>How often it was called back before it was rebuilt.</summary>
    public int Returns { get; init; }

    /// <summary>Intents recorded for it, for their ids.</summary>
    public int Intents { get; init; }

    /// <summary>What speaks against its leaving rotation, or, while it is away, against its peer, as seen last; empty when nothing does.</summary>
    public IReadOnlyList<Reason> Waits { get; init; } = [];

    /// <summary>Why it failed, or why it is on its way back; null otherwise.</summary>
    public Reason? Failure { get; init; }

    /// <summary>It left rotation healthy and is untouched since, so that it may go back as it was.</summary>
    public bool CanReturn => Intact && Before is { Serves: true } && State is MemberState.Draining or MemberState.Rebuilding;

    /// <summary>A worker that was lost may have drained it, and it is not seen back: it is to go back as it was, unless it was off and could carry nothing.</summary>
    public bool LeftBehind => State == MemberState.Guarding && Away && Intact && Before is { Balancer.Rotation: Rotation.In, Power: not VmPower.Off };

    /// <summary>Nothing more happens to it unless somebody asks.</summary>
    public bool Settled => State is MemberState.Refreshed or MemberState.Current or MemberState.Left or MemberState.Failed or MemberState.Reverted;

    /// <summary>It has been begun and is not settled.</summary>
    public bool Active => !Settled && State is not (MemberState.Pending or MemberState.Reverting);
}
