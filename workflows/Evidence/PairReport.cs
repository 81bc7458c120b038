using Refresh.Workflows.Fleets;
using Refresh.Workflows.Machines;
using Refresh.Workflows.Reasons;

namespace Refresh.Workflows.Evidence;

/// <summary>What happened to one pair, as the journal has it.</summary>
public sealed record PairReport
{
    /// <summary>The pair's name.</summary>
    public required string Name { get; init; }

    /// <summary>Its wave's place in the plan, from 0; -1 for a pair that the plan skipped.</summary>
    public required int Wave { get; init; }

    /// <summary>Where it stands.</summary>
    public required PairState State { get; init; }

    /// <summary>Why it stands there, where there is more to say.</summary>
    public Reason? Why { get; init; }

    /// <summary>When its turn came; null if it never did.</summary>
    public DateTimeOffset? Begun { get; init; }

    /// <summary>When it came into the state where it stands; null if it never moved.</summary>
    public DateTimeOffset? Ended { get; init; }

    /// <summary>Both members, in the order in which they were to be touched.</summary>
    public required IReadOnlyList<MemberReport> Members { get; init; }

    /// <summary>The times in which both members were out of rotation by our doing; must be empty (promise 1).</summary>
    public required IReadOnlyList<Overlap> Overlaps { get; init; }

    /// <summary>The times at which the peer of a member that was away went bad.</summary>
    public required IReadOnlyList<Alarm> Alarms { get; init; }

    /// <summary>The least number of members in rotation at any time of the run, counting what we took out: 2, 1 or 0 (promise 10).</summary>
    public int Least => Overlaps.Count > 0 ? 0 : Members.Any(member => member.Absences.Count > 0) ? 1 : 2;
}

/// <summary>A time in which both members of a pair were out of rotation by our doing.</summary>
/// <param name="From">When it began.</param>
/// <param name="To">When it ended; null while it goes on.</param>
/// <param name="FromEntry">The sequence of the entry that it began with.</param>
/// <param name="ToEntry">The sequence of the entry that it ended with.</param>
public sealed record Overlap(DateTimeOffset From, DateTimeOffset? To, long FromEntry, long? ToEntry)
{
    internal static IReadOnlyList<Overlap> Of(IReadOnlyList<Absence> first, IReadOnlyList<Absence> second) =>
        [.. from one in first from other in second where one.Overlaps(other) select Between(one, other)];

    private static Overlap Between(Absence one, Absence other)
    {
        var begin = one.FromEntry > other.FromEntry ? one : other;
        var end = (one.ToEntry ?? long.MaxValue) < (other.ToEntry ?? long.MaxValue) ? one : other;
        return new Overlap(begin.From, end.To, begin.FromEntry, end.ToEntry);
    }
}

/// <summary>The peer of a member that was away went bad. It is no doing of ours, and it is what the watch is for.</summary>
/// <param name="At">When.</param>
/// <param name="Away">The member that was away.</param>
/// <param name="Why">What was seen of the peer.</param>
/// <param name="Until">When the watch saw it well again; null if it did not while the member was away.</param>
public sealed record Alarm(DateTimeOffset At, MemberId Away, IReadOnlyList<Reason> Why, DateTimeOffset? Until = null);
