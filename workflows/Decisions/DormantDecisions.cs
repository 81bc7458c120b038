using Refresh.Workflows.Facts;
using Refresh.Workflows.Fleets;
using Refresh.Workflows.Machines;
using Refresh.Workflows.Reasons;
using Refresh.Workflows.Runs;

namespace Refresh.Workflows.Decisions;

/// <summary>Members that are found powered off: whether anything is done to them, and that they are off again afterwards.</summary>
internal static class DormantDecisions
{
    /// <summary>It is powered off, is refreshed, and is to be left as it was found, out of rotation all the while.</summary>
    public static bool StaysOff(Run run, MemberFacts? found) => run.Fleet.Policy.Dormant == DormantAction.Refresh && found is { Power: VmPower.Off };

    /// <summary>A member whose turn has come is powered off, and the fleet file says to do nothing to it.</summary>
    /// <returns>Whether that settles it.</returns>
    public static bool Settles(Draft draft, MemberFacts found)
    {
        if (found.Power != VmPower.Off || draft.Run.Get(found.Id).GoingBack)
            return false;
        switch (draft.Policy.Dormant)
        {
            case DormantAction.Leave:
                draft.Move(found.Id, MemberTrigger.FoundOff);
                PairDecisions.Continue(draft, found.Id.Pair);
                return true;
            case DormantAction.Refuse:
                MemberDecisions.Fail(draft, found.Id, DormantReason.Refused(found.Id));
                return true;
            default:
                return false;
        }
    }

    /// <summary>It is proved: its VM goes off again, and its member stays held out.</summary>
    public static void PutOff(Draft draft, MemberId member)
    {
        draft.Move(member, MemberTrigger.VerifiedOff);
        draft.Issue(new PowerOff(draft.NextId(member), member, draft.Run.Get(member).Proof!.Vm!.Identity!, Deadline(draft)));
    }

    public static void PutOffAgain(Draft draft, PowerOff lost) =>
        draft.Issue(lost with { Id = draft.NextId(lost.Member), Deadline = Deadline(draft) });

    public static void IsOff(Draft draft, PowerOff intent, VmFacts seen)
    {
        var member = intent.Member;
        if (seen.Power != VmPower.Off || seen.Identity != intent.Vm)
        {
            MemberDecisions.Fail(draft, member, new Reason("not-off", $"{member} was to go off again as VM {intent.Vm}, and is seen as {seen.Identity?.ToString() ?? "none"}, {seen.Power}: {seen.Detail}", "it is looked at and powered off"));
            return;
        }

        draft.Withdraw(member.Pair, "the member is off again", watch => watch is WatchPeer);
        draft.Move(member, MemberTrigger.PoweredOff);
        PairDecisions.Continue(draft, member.Pair);
    }

    private static DateTimeOffset Deadline(Draft draft) => draft.At + draft.Policy.Rebuild.Timeout;
}
