using System.Text.Json.Serialization;
using Refresh.Workflows.Facts;
using Refresh.Workflows.Ports;
using Refresh.Workflows.Reasons;

namespace Refresh.Workflows.Runs;

/// <summary>What came of an intent: what was observed, never what was meant (promise 8).</summary>
[JsonPolymorphic(TypeDiscriminatorPropertyName = "outcome")]
[JsonDerivedType(typeof(Observed), "observed")]
[JsonDerivedType(typeof(Drained), "drained")]
[JsonDerivedType(typeof(DrainRefused), "drain-refused")]
[JsonDerivedType(typeof(Previewed), "previewed")]
[JsonDerivedType(typeof(Rebuilt), "rebuilt")]
[JsonDerivedType(typeof(RebuildRefused), "rebuild-refused")]
[JsonDerivedType(typeof(Recovered), "recovered")]
[JsonDerivedType(typeof(Examined), "examined")]
[JsonDerivedType(typeof(Rejoined), "rejoined")]
[JsonDerivedType(typeof(PoweredOff), "powered-off")]
[JsonDerivedType(typeof(Watched), "watched")]
[JsonDerivedType(typeof(Failed), "failed")]
public abstract record Outcome;

/// <summary>What was seen of a member and its peer.</summary>
/// <param name="Facts">All of it.</param>
public sealed record Observed(PairFacts Facts) : Outcome;

/// <summary>The member is empty and held out.</summary>
/// <param name="Permitted">The facts that the pair rule let pass immediately before the drain.</param>
/// <param name="Balancer">What the balancer says of the member now.</param>
/// <param name="Cut">Sessions that were cut because the drain took too long; 0 when it emptied.</param>
public sealed record Drained(PairFacts Permitted, BalancerFacts Balancer, int Cut) : Outcome;

/// <summary>The pair rule no longer held immediately before the drain: nothing was done.</summary>
/// <param name="Facts">What was seen.</param>
/// <param name="Refusals">Why.</param>
public sealed record DrainRefused(PairFacts Facts, IReadOnlyList<Reason> Refusals) : Outcome
{
    /// <summary>Whether an earlier, interrupted drain has left a member out of rotation that was in it.</summary>
    /// <param name="before">What was seen of the member before it was drained.</param>
    /// <returns>True when it is to go back; false as well when it was off and could carry nothing, and when the balancer could not be read, which is no reason to do anything.</returns>
    public bool LeftBehind(MemberFacts? before) => before is { Balancer.Rotation: Rotation.In, Power: not VmPower.Off } && Facts.Member.Balancer is { Rotation: not Rotation.In };
}

/// <summary>What a rebuild would change.</summary>
/// <param name="Preview">The preview.</param>
public sealed record Previewed(RebuildPreview Preview) : Outcome;

/// <summary>The provisioner says it is done; this is the VM that it shows.</summary>
/// <param name="Vm">The VM.</param>
public sealed record Rebuilt(VmFacts Vm) : Outcome;

/// <summary>Immediately before the VM would have been destroyed its member was not out of rotation, or the peer of one that may return was not seen to serve: nothing was done.</summary>
/// <param name="Peer">What was seen of the peer.</param>
/// <param name="Refusals">Why.</param>
public sealed record RebuildRefused(MemberFacts Peer, IReadOnlyList<Reason> Refusals) : Outcome
{
    /// <summary>What the balancer said of the member; null in journals of versions that did not ask.</summary>
    public BalancerFacts? Member { get; init; }
}

/// <summary>What became of an interrupted or failed rebuild.</summary>
/// <param name="Recovery">The fate and the rungs that led to it.</param>
public sealed record Recovered(RebuildRecovery Recovery) : Outcome;

/// <summary>What was seen of a rebuilt VM, at the moment it was proved or the time was up.</summary>
/// <param name="Facts">All of it.</param>
public sealed record Examined(VerificationFacts Facts) : Outcome;

/// <summary>The member is in rotation with its full share.</summary>
/// <param name="Balancer">What the balancer says.</param>
public sealed record Rejoined(BalancerFacts Balancer) : Outcome;

/// <summary>A VM was told to go off; this is what is seen of it.</summary>
/// <param name="Vm">The VM.</param>
public sealed record PoweredOff(VmFacts Vm) : Outcome;

/// <summary>A watch ended.</summary>
/// <param name="Bad">Why it ended badly; empty when it stayed good to the end.</param>
/// <param name="Last">What was seen last of those who were watched.</param>
/// <param name="Looks">How often they were looked at.</param>
public sealed record Watched(IReadOnlyList<Reason> Bad, IReadOnlyList<MemberFacts> Last, int Looks) : Outcome;

/// <summary>The intent failed, or its deadline passed.</summary>
/// <param name="Reason">What happened and what to do next.</param>
/// <param name="DeadlinePassed">Its deadline passed.</param>
public sealed record Failed(Reason Reason, bool DeadlinePassed) : Outcome;
