using System.Text.Json.Serialization;
using Refresh.Workflows.Fleets;
using Refresh.Workflows.Images;
using Refresh.Workflows.Machines;
using Refresh.Workflows.Planning;
using Refresh.Workflows.Reasons;
using Refresh.Workflows.Trust;

namespace Refresh.Workflows.Runs;

/// <summary>Something that happened in a run, as the journal keeps it. The state of a run is the fold over its events.</summary>
[JsonPolymorphic(TypeDiscriminatorPropertyName = "event")]
[JsonDerivedType(typeof(RunPlanned), "run-planned")]
[JsonDerivedType(typeof(RunMoved), "run-moved")]
[JsonDerivedType(typeof(PairMoved), "pair-moved")]
[JsonDerivedType(typeof(MemberMoved), "member-moved")]
[JsonDerivedType(typeof(MemberWaits), "member-waits")]
[JsonDerivedType(typeof(WaveBegun), "wave-begun")]
[JsonDerivedType(typeof(RunHalted), "run-halted")]
[JsonDerivedType(typeof(RollbackOrdered), "rollback-ordered")]
[JsonDerivedType(typeof(IntentRecorded), "intent-recorded")]
[JsonDerivedType(typeof(IntentWithdrawn), "intent-withdrawn")]
[JsonDerivedType(typeof(OutcomeRecorded), "outcome-recorded")]
[JsonDerivedType(typeof(RequestAnswered), "request-answered")]
[JsonDerivedType(typeof(TakenOver), "taken-over")]
[JsonDerivedType(typeof(WindowsSeen), "windows-seen")]
[JsonDerivedType(typeof(ImageRevoked), "image-revoked")]
[JsonDerivedType(typeof(RungClimbed), "rung-climbed")]
public abstract record RunEvent;

/// <summary>A run was planned. Always the first event.</summary>
/// <param name="Run">The run's id.</param>
/// <param name="Fleet">The fleet with its policy, as it was then.</param>
/// <param name="Image">The image that it goes to.</param>
/// <param name="Plan">What it is to do.</param>
/// <param name="By">Who asked for it.</param>
/// <param name="Why">The reason that was given; may be empty.</param>
/// <param name="Source">The fleet file it came from, for people and for resuming.</param>
/// <param name="Gates">What was read of the image and what the gates said; null in journals from before there were gates.</param>
public sealed record RunPlanned(string Run, Fleet Fleet, GoldenImage Image, RunPlan Plan, string By, string Why, string Source, GateReport? Gates = null) : RunEvent
{
    /// <summary>Where it was asked from, for example an address; null when on the worker's own machine.</summary>
    public string? From { get; init; }

    /// <summary>The person who asked for it lets it work outside the fleet's patch windows.</summary>
    public bool OutsideWindows { get; init; }

    /// <summary>The fleet's patch windows when the run was planned; null when it has none.</summary>
    public Windows.WindowOutlook? Outlook { get; init; }

    /// <summary>How long a member took in earlier runs of the fleet; null when there were none.</summary>
    public TimeSpan? PerMember { get; init; }
}

/// <summary>The run moved.</summary>
/// <param name="From">From.</param>
/// <param name="To">To.</param>
/// <param name="Trigger">By.</param>
/// <param name="Why">Why, where there is more to say.</param>
public sealed record RunMoved(RunState From, RunState To, RunTrigger Trigger, Reason? Why) : RunEvent;

/// <summary>A pair moved.</summary>
/// <param name="Pair">The pair.</param>
/// <param name="From">From.</param>
/// <param name="To">To.</param>
/// <param name="Trigger">By.</param>
/// <param name="Why">Why, where there is more to say.</param>
public sealed record PairMoved(string Pair, PairState From, PairState To, PairTrigger Trigger, Reason? Why) : RunEvent;

/// <summary>A member moved.</summary>
/// <param name="Member">The member.</param>
/// <param name="From">From.</param>
/// <param name="To">To.</param>
/// <param name="Trigger">By.</param>
/// <param name="Why">Why, where there is more to say.</param>
public sealed record MemberMoved(MemberId Member, MemberState From, MemberState To, MemberTrigger Trigger, Reason? Why) : RunEvent;

/// <summary>A member may not leave rotation yet, or is away while its peer is bad (promise 9).</summary>
/// <param name="Member">The member.</param>
/// <param name="Why">Everything that speaks against it, or against its peer; empty when the peer of a member that is away is well again.</param>
public sealed record MemberWaits(MemberId Member, IReadOnlyList<Reason> Why) : RunEvent;

/// <summary>A wave began.</summary>
/// <param name="Wave">Its place in the plan, from 0.</param>
public sealed record WaveBegun(int Wave) : RunEvent;

/// <summary>No further member is begun: a canary failed, or the failure budget is spent.</summary>
/// <param name="Why">Which.</param>
public sealed record RunHalted(Reason Why) : RunEvent;

/// <summary>The pairs that a rollback takes back, in order.</summary>
/// <param name="Pairs">Those with a member that was touched, last touched first.</param>
public sealed record RollbackOrdered(IReadOnlyList<string> Pairs) : RunEvent;

/// <summary>An intent was recorded; the engine carries it out after this is on disk.</summary>
/// <param name="Intent">The intent.</param>
public sealed record IntentRecorded(Intent Intent) : RunEvent;

/// <summary>An intent is no longer wanted; the engine ends it.</summary>
/// <param name="Intent">Its id.</param>
/// <param name="Why">Why.</param>
public sealed record IntentWithdrawn(string Intent, string Why) : RunEvent;

/// <summary>What came of an intent.</summary>
/// <param name="Intent">Its id.</param>
/// <param name="Outcome">What was observed.</param>
public sealed record OutcomeRecorded(string Intent, Outcome Outcome) : RunEvent;

/// <summary>A recovery looked at something, cleared it, or waits for it. It is written while the recovery goes on, so that a crash leaves it.</summary>
/// <param name="Intent">The id of the <see cref="Recover"/>.</param>
/// <param name="Rung">What was done or is waited for, with the evidence, in the provisioner's words.</param>
public sealed record RungClimbed(string Intent, string Rung) : RunEvent;

/// <summary>A request was taken up or turned down.</summary>
/// <param name="Request">The request.</param>
/// <param name="Refusal">Why it was turned down; null when it was taken up.</param>
public sealed record RequestAnswered(RunRequest Request, Reason? Refusal) : RunEvent;

/// <summary>A worker took the run over; whatever was under way is looked at first.</summary>
/// <param name="Worker">The worker.</param>
public sealed record TakenOver(string Worker) : RunEvent;

/// <summary>The fleet's patch windows were read, and are others than were known.</summary>
/// <param name="Outlook">The windows.</param>
public sealed record WindowsSeen(Windows.WindowOutlook Outlook) : RunEvent;

/// <summary>The catalogue was seen to say that the image of the run is revoked.</summary>
/// <param name="Revocation">Who revoked it, when and why.</param>
public sealed record ImageRevoked(ImageRevocation Revocation) : RunEvent;
