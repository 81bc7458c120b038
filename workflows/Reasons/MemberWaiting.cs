using Refresh.Workflows.Machines;
using Refresh.Workflows.Runs;

namespace Refresh.Workflows.Reasons;

/// <summary>Why a member waits: for its turn, for the pair rule, or for the end of its step.</summary>
internal static class MemberWaiting
{
    public static IEnumerable<Reason> Of(Run run, PairProgress pair, MemberProgress member) => member.State switch
    {
        MemberState.Pending or MemberState.Reverting => Turn(run, pair),
        MemberState.Guarding when Open<Recover>(run, member) is { } recover => [Recovering(run, member, recover)],
        MemberState.Guarding => Guard(run, member),
        MemberState.Failed => member.Failure is { } failure ? [failure] : [],
        _ when Step(run, member) is { } step => [step, .. member.Waits],
        _ => [],
    };

    private static IEnumerable<Reason> Turn(Run run, PairProgress pair) =>
        pair.Active is { } peer ? [new Reason("peer-first", $"one member of a pair at a time: {peer.Id} is {peer.State}", $"{peer.Id} is back in rotation and has soaked")]
        : PairWaiting.Of(run, pair) is { } reason ? [reason]
        : [];

    private static IEnumerable<Reason> Guard(Run run, MemberProgress member)
    {
        var givenUp = Open<Observe>(run, member) is { } observe ? $", or {RunWaiting.At(run, observe.GiveUpAt)} passes: then the pair is frozen, untouched" : string.Empty;
        return member.Waits.Select(reason => reason with { EndsWhen = reason.EndsWhen + givenUp });
    }

    private static Reason? Step(Run run, MemberProgress member) => member.State switch
    {
        MemberState.Draining => new("draining", "it gets no new work and finishes what it has", $"it is empty{By(run, Open<Drain>(run, member))}"),
        MemberState.Rebuilding when Open<Preview>(run, member) is { } preview => new("previewing", "the provisioner is asked what a rebuild would change", $"it has answered{By(run, preview)}"),
        MemberState.Rebuilding when Open<Recover>(run, member) is { } recover => Recovering(run, member, recover),
        MemberState.Rebuilding => new("rebuilding", "its VM is being replaced", $"another VM is seen{By(run, Open<Rebuild>(run, member))}"),
        MemberState.Verifying => new("verifying", "the new VM is being proved", $"it is proved new, on the image and healthy{By(run, Open<Verify>(run, member))}"),
        MemberState.Rejoining => new("rejoining", "it is being put back in rotation", $"the balancer sends it its full share{By(run, Open<Rejoin>(run, member))}"),
        MemberState.PoweringOff => new("powering-off", "it is proved, and goes off again as it was found", $"it is seen off{By(run, Open<PowerOff>(run, member))}"),
        MemberState.Returning => new("returning", $"it goes back in rotation as it was{(member.Failure is { } why ? $": {why.Text}" : string.Empty)}", $"the balancer sends it its full share{By(run, Open<Rejoin>(run, member))}"),
        MemberState.Soaking => new("soaking", "it is back in rotation and watched", Open<Soak>(run, member) is { } soak ? $"it stays good until {RunWaiting.At(run, soak.Until)}" : "it stays good to the end"),
        _ => null,
    };

    private static Reason Recovering(Run run, MemberProgress member, Recover recover) => new(
        "recovering",
        (member.Rebuilds > 0 || member.Unsure ? "it is being found out what became of its rebuild" : "it is being found out how it stands, since its state could not be read") + Tries(recover) + (member.Rung is { } rung ? $"; at the moment: {rung}" : string.Empty),
        $"{(recover.FailedTries > 0 && recover.LastFailure is { } failure ? failure.EndsWhen : "that is known")}{By(run, recover)}");

    private static string Tries(Recover recover) => recover is { FailedTries: > 0, LastFailure: { } failure }
        ? $"; {Counted.Of(recover.FailedTries, "try", "tries")} failed, the last because {failure.Text}"
        : string.Empty;

    private static string By(Run run, Intent? intent) => intent is null ? string.Empty : $", by {RunWaiting.At(run, intent.Deadline)} at the latest";

    private static T? Open<T>(Run run, MemberProgress member)
        where T : Intent =>
        run.Pairs[member.Id.Pair].Open.OfType<T>().FirstOrDefault(intent => intent.Member == member.Id);
}
