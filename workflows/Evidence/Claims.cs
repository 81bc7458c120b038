using Refresh.Workflows.Fleets;
using Refresh.Workflows.Images;
using Refresh.Workflows.Machines;
using Refresh.Workflows.Planning;
using Refresh.Workflows.Ports;
using Refresh.Workflows.Reasons;
using Refresh.Workflows.Runs;
using Refresh.Workflows.Trust;

namespace Refresh.Workflows.Evidence;

/// <summary>What a run is claimed to have been: all of it follows from its entries, and from nothing else.</summary>
public sealed record Claims
{
    /// <summary>The run.</summary>
    public required string Run { get; init; }

    /// <summary>Its fleet.</summary>
    public required string Fleet { get; init; }

    /// <summary>The image it went to.</summary>
    public required ImageRef Image { get; init; }

    /// <summary>Who asked for it.</summary>
    public required string By { get; init; }

    /// <summary>Why; may be empty.</summary>
    public required string Why { get; init; }

    /// <summary>The fleet file.</summary>
    public required string Source { get; init; }

    /// <summary>Its state at the last entry.</summary>
    public required RunState State { get; init; }

    /// <summary>Why it is in that state; null if there is nothing to tell.</summary>
    public Reason? Reason { get; init; }

    /// <summary>When it was planned.</summary>
    public required DateTimeOffset PlannedAt { get; init; }

    /// <summary>When it began; null if it has not.</summary>
    public DateTimeOffset? BegunAt { get; init; }

    /// <summary>When it ended; null if it has not.</summary>
    public DateTimeOffset? EndedAt { get; init; }

    /// <summary>How many entries there are.</summary>
    public required long Entries { get; init; }

    /// <summary>The least members that Refresh left in rotation in any pair: 2, 1 or 0.</summary>
    public required int Least { get; init; }

    /// <summary>Pairs of which Refresh had both members out of rotation at once.</summary>
    public required IReadOnlyList<string> TakenDown { get; init; }

    /// <summary>When the peer of a member that was away was seen to be bad.</summary>
    public required IReadOnlyList<Alarm> Alarms { get; init; }

    /// <summary>The plan.</summary>
    public required RunPlan Plan { get; init; }

    /// <summary>What the gates said of the image; null in a journal from before there were gates.</summary>
    public GateReport? Gates { get; init; }

    /// <summary>Who revoked the image while the run went on; null if nobody did.</summary>
    public ImageRevocation? Revoked { get; init; }

    /// <summary>What people asked of the run: approvals, pauses, rollbacks.</summary>
    public required IReadOnlyList<RequestReport> Requests { get; init; }

    /// <summary>The members, before and after.</summary>
    public required IReadOnlyList<MemberClaim> Members { get; init; }

    /// <summary>All that was observed, with time and source; the load balancer's states among it.</summary>
    public required IReadOnlyList<Observation> Observations { get; init; }

    /// <summary>What the provisioner kept beside the journal, with its digests: exports of its state.</summary>
    public required IReadOnlyList<KeptFile> Kept { get; init; }

    /// <summary>Makes the claims that follow from entries.</summary>
    /// <param name="entries">The entries of one run, from the first.</param>
    /// <returns>The claims.</returns>
    /// <exception cref="ArgumentException">There are none, or they do not begin with the plan.</exception>
    public static Claims Of(IReadOnlyList<JournalEntry> entries)
    {
        var report = RunReport.From(entries);
        return new Claims
        {
            Run = report.Run,
            Fleet = report.Fleet,
            Image = report.Image.Ref,
            By = report.By,
            Why = report.Why,
            Source = report.Source,
            State = report.State,
            Reason = report.Reason,
            PlannedAt = report.PlannedAt,
            BegunAt = report.BegunAt,
            EndedAt = report.EndedAt,
            Entries = entries.Count,
            Least = report.Availability.Least,
            TakenDown = [.. report.Pairs.Where(pair => pair.Least == 0).Select(pair => pair.Name)],
            Alarms = [.. report.Pairs.SelectMany(pair => pair.Alarms)],
            Plan = ((RunPlanned)entries[0].Event).Plan,
            Gates = report.Gates,
            Revoked = report.Revoked,
            Requests = report.Requests,
            Members = [.. report.Members().Select(member => new MemberClaim(member.Id, member.State, member.Proved, member.Out, member.Ran, member.Before, member.After, member.Absences))],
            Observations = Observation.Of(entries),
            Kept = [.. entries.Select(entry => entry.Event).OfType<OutcomeRecorded>().Select(recorded => recorded.Outcome).OfType<Previewed>().SelectMany(previewed => previewed.Preview.Kept ?? []).Distinct()],
        };
    }
}

/// <summary>What is claimed of a member.</summary>
/// <param name="Id">The member.</param>
/// <param name="State">Its state at the last entry.</param>
/// <param name="Proved">Whether it is proved to be new and to run the image.</param>
/// <param name="Out">Whether it was left out of rotation.</param>
/// <param name="Ran">The image that it ran when the run was planned; null if that was not seen.</param>
/// <param name="Before">What it was before it was touched; null if it was not seen.</param>
/// <param name="After">What it was afterwards; null if it was not seen.</param>
/// <param name="Absences">When it was out of rotation.</param>
public sealed record MemberClaim(MemberId Id, MemberState State, bool Proved, bool Out, string? Ran, Snapshot? Before, Snapshot? After, IReadOnlyList<Absence> Absences);
