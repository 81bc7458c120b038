using Refresh.Workflows.Fleets;
using Refresh.Workflows.Ports;
using Refresh.Workflows.Reasons;

namespace Refresh.Workflows.Evidence;

/// <summary>A time in which a member waited for one and the same thing.</summary>
/// <param name="From">When it was first said.</param>
/// <param name="To">When it ended; null while it goes on.</param>
/// <param name="Times">How often it was said.</param>
/// <param name="Why">Everything that spoke against going on, as seen last.</param>
public sealed record Wait(DateTimeOffset From, DateTimeOffset? To, int Times, IReadOnlyList<Reason> Why);

/// <summary>Something that failed.</summary>
/// <param name="At">When.</param>
/// <param name="Step">The step that failed, for example <c>Rebuilding</c>.</param>
/// <param name="Reason">What happened and what to do next.</param>
/// <param name="Final">The member was given up for; otherwise the run tried on, or put it back as it was.</param>
public sealed record Failure(DateTimeOffset At, string Step, Reason Reason, bool Final);

/// <summary>
/// A time in which a member was out of rotation by our doing, never shown shorter than it was: it begins when the drain was
/// journaled, before anything was done, and ends when the journal has it seen back in rotation.
/// </summary>
/// <param name="From">When it began.</param>
/// <param name="To">When it ended; null while it was not seen back.</param>
/// <param name="FromEntry">The sequence of the entry that it began with.</param>
/// <param name="ToEntry">The sequence of the entry that it ended with.</param>
/// <param name="Served">It served until then. A member that did not costs no capacity by being held out.</param>
/// <param name="Cut">Sessions that were cut because the drain took too long.</param>
/// <param name="EmptyAt">When it was seen empty and held out; null if it never was.</param>
/// <param name="Peer">What was seen of its peer immediately before (promise 1); null if the drain did not come to its end.</param>
public sealed record Absence(
    DateTimeOffset From,
    DateTimeOffset? To,
    long FromEntry,
    long? ToEntry,
    bool Served,
    int Cut,
    DateTimeOffset? EmptyAt,
    PeerSeen? Peer)
{
    /// <summary>How long it lasted.</summary>
    /// <param name="asOf">The instant up to which one that goes on is counted.</param>
    /// <returns>The time, never negative.</returns>
    public TimeSpan Duration(DateTimeOffset asOf) => (To ?? asOf) > From ? (To ?? asOf) - From : TimeSpan.Zero;

    /// <summary>Whether two absences share a time, by the order of the journal, which no clock can bend.</summary>
    /// <param name="other">The other one.</param>
    /// <returns>True when they do.</returns>
    public bool Overlaps(Absence other)
    {
        ArgumentNullException.ThrowIfNull(other);
        return FromEntry < (other.ToEntry ?? long.MaxValue) && other.FromEntry < (ToEntry ?? long.MaxValue);
    }
}

/// <summary>The peer that carried the load, as seen immediately before a drain.</summary>
/// <param name="Id">The peer.</param>
/// <param name="Served">In rotation with its full share, up for the balancer, healthy for our own probe.</param>
/// <param name="Balancer">What the balancer said, in its own words.</param>
/// <param name="Probe">What our own probe saw.</param>
/// <param name="At">When it was read; null if it could not be.</param>
public sealed record PeerSeen(MemberId Id, bool Served, string Balancer, string Probe, DateTimeOffset? At);

/// <summary>A rebuild that was begun.</summary>
/// <param name="Image">The image it was to be made from, <c>name@version</c>.</param>
/// <param name="From">When it was begun.</param>
/// <param name="To">When it was seen to have ended; null while it goes on.</param>
/// <param name="Happened">Another VM was seen afterwards.</param>
/// <param name="WorkerLost">Its worker was lost while it went on.</param>
/// <param name="Failure">Why it failed; null if it did not.</param>
/// <param name="Fate">What was found to have become of it, where that had to be found out.</param>
/// <param name="Rungs">What was looked at and cleared to find out, in order.</param>
public sealed record RebuildTry(
    string Image,
    DateTimeOffset From,
    DateTimeOffset? To,
    bool Happened,
    bool WorkerLost,
    Reason? Failure,
    RebuildFate? Fate,
    IReadOnlyList<string> Rungs);

/// <summary>A look at a new VM that was to prove it.</summary>
/// <param name="At">When the journal has it.</param>
/// <param name="Expected">The image that it should run.</param>
/// <param name="Seen">What was seen.</param>
/// <param name="Passes">Healthy probes in a row.</param>
/// <param name="Probe">What the last probe saw.</param>
/// <param name="Verified">It proved new, on the image and healthy (promise 2).</param>
public sealed record Proof(DateTimeOffset At, string Expected, Snapshot Seen, int Passes, string Probe, bool Verified);
