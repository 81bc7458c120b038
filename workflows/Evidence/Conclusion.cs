using Refresh.Workflows.Machines;
using Refresh.Workflows.Reasons;

namespace Refresh.Workflows.Evidence;

/// <summary>How a run is to be taken.</summary>
public enum Tone
{
    /// <summary>All is as it should be.</summary>
    Good,

    /// <summary>Nothing failed, and something is open or was left undone.</summary>
    Open,

    /// <summary>A person must look.</summary>
    Bad,
}

/// <summary>What a run comes to, in plain words.</summary>
/// <param name="Tone">How it is to be taken.</param>
/// <param name="Headline">The verdict.</param>
/// <param name="Sentences">What the verdict rests on.</param>
/// <param name="Next">What to do next; empty when nothing is.</param>
public sealed record Conclusion(Tone Tone, string Headline, IReadOnlyList<string> Sentences, IReadOnlyList<string> Next)
{
    /// <summary>Draws the conclusion from a report.</summary>
    /// <param name="report">The report.</param>
    /// <returns>The conclusion.</returns>
    public static Conclusion Of(RunReport report)
    {
        ArgumentNullException.ThrowIfNull(report);
        return new Conclusion(ToneOf(report), HeadlineOf(report), [.. Sentence(report)], [.. NextSteps(report).Distinct(StringComparer.Ordinal)]);
    }

    /// <summary>Says whether any pair was ever without a member in rotation by our doing.</summary>
    /// <param name="report">The report.</param>
    /// <returns>One sentence.</returns>
    public static string InRotation(RunReport report)
    {
        ArgumentNullException.ThrowIfNull(report);
        var availability = report.Availability;
        return availability switch
        {
            { Absences: 0 } => "No member was taken out of rotation.",
            { Least: > 0 } => $"Refresh never took both members of a pair out of rotation: {Counted.Of(availability.Absences, "absence", "absences")}, never two in one pair at once.",
            _ => $"{Counted.Of(availability.PairsReducedToNone, "pair", "pairs")} had both members out of rotation at once: "
                + string.Join("; ", report.Pairs.SelectMany(pair => pair.Overlaps.Select(overlap => $"{pair.Name} from {overlap.From:u} {(overlap.To is { } to ? $"to {to:u}" : "on")}"))) + ".",
        };
    }

    private static Tone ToneOf(RunReport report) => report.State switch
    {
        _ when report.Availability.Least == 0 => Tone.Bad,
        RunState.Failed => Tone.Bad,
        _ when report.EndedAt is not null && report.Members().Any(member => member.Out) => Tone.Bad,
        RunState.Succeeded or RunState.RolledBack => Tone.Good,
        _ => Tone.Open,
    };

    private static string HeadlineOf(RunReport report)
    {
        var image = report.Image.Ref.Label;
        var frozen = report.Pairs.Count(pair => pair.State == PairState.Frozen);
        return report.State switch
        {
            RunState.Succeeded when report.Members().Any(member => member.State == MemberState.Refreshed) => $"Succeeded: the fleet runs {image}{LeftOver(report)}",
            RunState.Succeeded => $"Nothing was done: every member ran {image} already",
            RunState.Failed when frozen == 0 && report.Reason is { } reason => $"Failed: {reason.Text}",
            RunState.Failed => $"Failed: {Counted.Of(frozen, "pair is", "pairs are")} frozen",
            RunState.Cancelled when !report.Members().Any(member => member.Touched) => "Cancelled before any member was rebuilt",
            RunState.Cancelled => "Cancelled: the fleet was left between two images",
            RunState.RolledBack => "Rolled back: what was touched runs its recorded image again",
            RunState.Planned or RunState.AwaitingApproval => "Not begun",
            RunState.Waiting => "Waiting for a patch window",
            var state => $"Under way: {(state == RunState.RollingBack ? "rolling back" : state.ToString().ToLowerInvariant())}",
        };
    }

    private static string LeftOver(RunReport report) =>
        report.Members().Count(member => member.State == MemberState.Left) is > 0 and var left ? $", but for {Counted.Of(left, "member that was", "members that were")} left as {(left == 1 ? "it is" : "they are")}" : string.Empty;

    private static IEnumerable<string> Sentence(RunReport report)
    {
        var members = report.Members().ToList();
        var refreshed = members.Count(member => member.State == MemberState.Refreshed);
        var reverted = members.Count(member => member.State == MemberState.Reverted);
        var current = members.Count(member => member.State == MemberState.Current);
        var left = members.Count(member => member.State == MemberState.Left);
        if (report.State == RunState.RolledBack)
            yield return $"{reverted} of {Counted.Of(members.Count, "member", "members")} {(reverted == 1 ? "was" : "were")} taken back to the recorded image and proved to run it.";
        else
            yield return $"{refreshed} of {Counted.Of(members.Count, "member", "members")} {(refreshed == 1 ? "was" : "were")} rebuilt and proved to run {report.Image.Ref.Label}"
                + (current > 0 ? $"; {current} ran it already" : string.Empty)
                + (left > 0 ? $"; {left} {(left == 1 ? "was" : "were")} left as {(left == 1 ? "it was" : "they were")}" : string.Empty)
                + (reverted > 0 ? $"; {reverted} {(reverted == 1 ? "was" : "were")} taken back to the recorded image and proved" : string.Empty) + ".";
        yield return InRotation(report);
        foreach (var member in members.Where(member => member.State == MemberState.Left))
            yield return $"{member.Id}: {member.Why}.";
        foreach (var member in members.Where(member => member is { State: MemberState.Refreshed, PoweredOff: true }))
            yield return $"{member.Id} was found powered off, and is off and out of rotation again; whoever wakes it puts it in rotation.";
        foreach (var pair in report.Pairs)
            foreach (var member in pair.Members.Where(member => member.Out))
                yield return $"{member.Id} is out of rotation{(report.EndedAt is null ? " at the moment" : " still")}{NotOut(pair, member)}.";
        var alarms = report.Pairs.Sum(pair => pair.Alarms.Count);
        if (alarms > 0)
            yield return $"The peer of a member that was away went bad {(alarms == 1 ? "once" : $"{alarms} times")}.";
    }

    private static IEnumerable<string> NextSteps(RunReport report)
    {
        if (report.State is RunState.Succeeded or RunState.RolledBack)
            yield break;
        foreach (var pair in report.Pairs.Where(pair => pair is { State: PairState.Frozen, Why: not null }))
            yield return $"{pair.Name} stays frozen until a person has looked at it: {pair.Why!.Text}. It is good when: {pair.Why.EndsWhen}.";
        if (report is { Halted: { } halted, EndedAt: null })
            yield return $"The run goes no further until {halted.EndsWhen}.";
        else if (report is { State: RunState.Failed, Reason: { } reason })
            yield return $"The fleet is whole when {reason.EndsWhen}.";
    }

    private static string NotOut(PairReport pair, MemberReport member) =>
        pair.Members.FirstOrDefault(other => other != member && !other.Out) is { } peer ? $"; its peer {peer.Id} is not" : string.Empty;
}
