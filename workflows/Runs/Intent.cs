using System.Text.Json.Serialization;
using Refresh.Workflows.Facts;
using Refresh.Workflows.Fleets;
using Refresh.Workflows.Images;
using Refresh.Workflows.Ports;
using Refresh.Workflows.Reasons;

namespace Refresh.Workflows.Runs;

/// <summary>
/// Something that the engine is to do or to look at, journaled before it does (promise 5). Its id is made from the member
/// and a counter, so that the same history gives the same ids.
/// </summary>
/// <param name="Id">A unique id in its run, for example <c>web-1/a#3</c>.</param>
/// <param name="Member">The member it is about.</param>
/// <param name="Deadline">When it must have ended; past that its outcome is <see cref="Failed"/>.</param>
[JsonPolymorphic(TypeDiscriminatorPropertyName = "intent")]
[JsonDerivedType(typeof(Observe), "observe")]
[JsonDerivedType(typeof(Drain), "drain")]
[JsonDerivedType(typeof(Preview), "preview")]
[JsonDerivedType(typeof(Rebuild), "rebuild")]
[JsonDerivedType(typeof(Recover), "recover")]
[JsonDerivedType(typeof(Verify), "verify")]
[JsonDerivedType(typeof(Rejoin), "rejoin")]
[JsonDerivedType(typeof(PowerOff), "power-off")]
[JsonDerivedType(typeof(Soak), "soak")]
[JsonDerivedType(typeof(WatchPeer), "watch-peer")]
[JsonDerivedType(typeof(Bake), "bake")]
public abstract record Intent(string Id, MemberId Member, DateTimeOffset Deadline)
{
    /// <summary>Whether carrying it out can change the world. The others only look.</summary>
    [JsonIgnore]
    public virtual bool Acts => false;
}

/// <summary>Look at a member and its peer, for the pair rule. Outcome: <see cref="Observed"/>.</summary>
/// <param name="Id">Its id.</param>
/// <param name="Member">The member.</param>
/// <param name="NotBefore">When to look.</param>
/// <param name="GiveUpAt">When the pair rule has refused for long enough.</param>
/// <param name="Deadline">When the look must have ended.</param>
public sealed record Observe(string Id, MemberId Member, DateTimeOffset NotBefore, DateTimeOffset GiveUpAt, DateTimeOffset Deadline)
    : Intent(Id, Member, Deadline);

/// <summary>Apply the pair rule to what the balancer says at that very moment, then drain, wait until empty and hold out. Outcomes: <see cref="Drained"/>, <see cref="DrainRefused"/>.</summary>
/// <param name="Id">Its id.</param>
/// <param name="Member">The member.</param>
/// <param name="GiveUpAt">When the pair rule has refused for long enough.</param>
/// <param name="Deadline">When the member must be empty.</param>
public sealed record Drain(string Id, MemberId Member, DateTimeOffset GiveUpAt, DateTimeOffset Deadline) : Intent(Id, Member, Deadline)
{
    /// <inheritdoc />
    [JsonIgnore]
    public override bool Acts => true;
}

/// <summary>Ask the provisioner what a rebuild would change. Outcome: <see cref="Previewed"/>.</summary>
/// <param name="Id">Its id.</param>
/// <param name="Member">The member.</param>
/// <param name="Image">The image to rebuild from.</param>
/// <param name="Deadline">When preview and rebuild must have ended.</param>
public sealed record Preview(string Id, MemberId Member, ImageRef Image, DateTimeOffset Deadline) : Intent(Id, Member, Deadline);

/// <summary>Carry out a preview that the plan guard let pass. Outcomes: <see cref="Rebuilt"/>, <see cref="RebuildRefused"/>.</summary>
/// <param name="Id">Its id.</param>
/// <param name="Member">The member.</param>
/// <param name="Image">The image to rebuild from.</param>
/// <param name="Plan">The preview.</param>
/// <param name="Deadline">When it must have ended.</param>
public sealed record Rebuild(string Id, MemberId Member, ImageRef Image, RebuildPreview Plan, DateTimeOffset Deadline) : Intent(Id, Member, Deadline)
{
    /// <summary>The old VM could still go back into rotation: it is not destroyed unless its peer is seen to serve at that moment (promise 1).</summary>
    public bool MayReturn { get; init; }

    /// <inheritdoc />
    [JsonIgnore]
    public override bool Acts => true;
}

/// <summary>Find out what became of a rebuild that was interrupted or failed. Outcome: <see cref="Recovered"/>.</summary>
/// <param name="Id">Its id.</param>
/// <param name="Member">The member.</param>
/// <param name="Image">The image it was being rebuilt from.</param>
/// <param name="Before">The VM that it had before.</param>
/// <param name="Deadline">When it must have ended.</param>
public sealed record Recover(string Id, MemberId Member, ImageRef Image, VmFacts Before, DateTimeOffset Deadline) : Intent(Id, Member, Deadline)
{
    /// <summary>When to look; null for at once. After a try that failed there is a pause.</summary>
    public DateTimeOffset? NotBefore { get; init; }

    /// <summary>How many tries have failed.</summary>
    public int FailedTries { get; init; }

    /// <summary>Why the last try failed; null before the first has.</summary>
    public Reason? LastFailure { get; init; }

    /// <inheritdoc />
    [JsonIgnore]
    public override bool Acts => true;
}

/// <summary>Prove a rebuilt VM (promise 2). Outcome: <see cref="Examined"/>.</summary>
/// <param name="Id">Its id.</param>
/// <param name="Member">The member.</param>
/// <param name="Image">The image it should run.</param>
/// <param name="VmBefore">The VM that it had before.</param>
/// <param name="GuestBefore">The guest that it had before; null if it could not be read.</param>
/// <param name="Deadline">When it must be proved.</param>
public sealed record Verify(string Id, MemberId Member, ImageRef Image, VmFacts VmBefore, GuestFacts? GuestBefore, DateTimeOffset Deadline)
    : Intent(Id, Member, Deadline);

/// <summary>Put a member back in rotation. Outcome: <see cref="Rejoined"/>.</summary>
/// <param name="Id">Its id.</param>
/// <param name="Member">The member, verified or untouched.</param>
/// <param name="Deadline">When it must have its full share.</param>
public sealed record Rejoin(string Id, MemberId Member, DateTimeOffset Deadline) : Intent(Id, Member, Deadline)
{
    /// <inheritdoc />
    [JsonIgnore]
    public override bool Acts => true;
}

/// <summary>Power a member off that was found off, is proved and is out of rotation. Outcome: <see cref="PoweredOff"/>.</summary>
/// <param name="Id">Its id.</param>
/// <param name="Member">The member.</param>
/// <param name="Vm">The VM that was proved; no other is powered off.</param>
/// <param name="Deadline">When it must be off.</param>
public sealed record PowerOff(string Id, MemberId Member, VmIdentity Vm, DateTimeOffset Deadline) : Intent(Id, Member, Deadline)
{
    /// <inheritdoc />
    [JsonIgnore]
    public override bool Acts => true;
}

/// <summary>Watch a member that rejoined. Outcome: <see cref="Watched"/>.</summary>
/// <param name="Id">Its id.</param>
/// <param name="Member">The member.</param>
/// <param name="Until">How long.</param>
/// <param name="Deadline">When it must have ended.</param>
public sealed record Soak(string Id, MemberId Member, DateTimeOffset Until, DateTimeOffset Deadline) : Intent(Id, Member, Deadline);

/// <summary>Watch the peer of a member that is away, until it goes bad, or is well again if it was bad, or the watch is withdrawn (promise 1). Outcome: <see cref="Watched"/>.</summary>
/// <param name="Id">Its id.</param>
/// <param name="Member">The member that is away.</param>
/// <param name="Deadline">No deadline: the end of time.</param>
public sealed record WatchPeer(string Id, MemberId Member, DateTimeOffset Deadline) : Intent(Id, Member, Deadline)
{
    /// <summary>The peer was seen bad: the watch ends when it is well again.</summary>
    public bool PeerIsBad { get; init; }
}

/// <summary>Watch both members of a pair that is done. Outcome: <see cref="Watched"/>.</summary>
/// <param name="Id">Its id.</param>
/// <param name="Member">The member of the pair that was done last.</param>
/// <param name="Until">How long.</param>
/// <param name="Deadline">When it must have ended.</param>
public sealed record Bake(string Id, MemberId Member, DateTimeOffset Until, DateTimeOffset Deadline) : Intent(Id, Member, Deadline);
