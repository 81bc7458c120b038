using Refresh.Workflows.Fleets;
using Refresh.Workflows.Machines;

namespace Refresh.Workflows.Evidence;

/// <summary>What happened to one member, as the journal has it.</summary>
public sealed record MemberReport
{
    /// <summary>The member.</summary>
    public required MemberId Id { get; init; }

    /// <summary>Whether the plan had it rebuilt.</summary>
    public required bool Planned { get; init; }

    /// <summary>Why the plan had it rebuilt, or why not.</summary>
    public required string Why { get; init; }

    /// <summary>The image that the plan saw it run, <c>name@version</c>; null if that could not be seen.</summary>
    public string? Ran { get; init; }

    /// <summary>Where it stands.</summary>
    public required MemberState State { get; init; }

    /// <summary>What was seen before anything was done to it; null if it was never begun.</summary>
    public Snapshot? Before { get; init; }

    /// <summary>What was seen of its new VM last; null if it was not rebuilt, or nothing was seen of it since.</summary>
    public Snapshot? After { get; init; }

    /// <summary>What was seen of its new VM last is proved: new, on the image, healthy (promise 2).</summary>
    public bool Proved { get; init; }

    /// <summary>It was found powered off, and is off again with its new VM.</summary>
    public bool PoweredOff { get; init; }

    /// <summary>Patches seen after and not before; empty when either was not read.</summary>
    public required IReadOnlyList<string> PatchesGained { get; init; }

    /// <summary>Patches seen before and not after; empty when either was not read.</summary>
    public required IReadOnlyList<string> PatchesLost { get; init; }

    /// <summary>The steps it went through, in order.</summary>
    public required IReadOnlyList<Step> Steps { get; init; }

    /// <summary>What it waited for, in order (promise 9).</summary>
    public required IReadOnlyList<Wait> Waits { get; init; }

    /// <summary>What failed, and what to do next, in order.</summary>
    public required IReadOnlyList<Failure> Failures { get; init; }

    /// <summary>When it was out of rotation by our doing, in order.</summary>
    public required IReadOnlyList<Absence> Absences { get; init; }

    /// <summary>Every rebuild that was begun, in order.</summary>
    public required IReadOnlyList<RebuildTry> Rebuilds { get; init; }

    /// <summary>Every look at a new VM that was to prove it, in order.</summary>
    public required IReadOnlyList<Proof> Proofs { get; init; }

    /// <summary>A rebuild of it was begun.</summary>
    public bool Touched => Rebuilds.Count > 0;

    /// <summary>It left rotation by our doing and was not seen back.</summary>
    public bool Out => Absences is [.., { To: null }];
}

/// <summary>One step of a member.</summary>
/// <param name="State">Which.</param>
/// <param name="Back">It was on its way to its recorded image.</param>
/// <param name="From">When it began.</param>
/// <param name="To">When it ended; null while it goes on.</param>
public sealed record Step(MemberState State, bool Back, DateTimeOffset From, DateTimeOffset? To)
{
    /// <summary>How long it took; null while it goes on.</summary>
    public TimeSpan? Duration => To - From;
}
