using Refresh.Workflows.Facts;
using Refresh.Workflows.Fleets;
using Refresh.Workflows.Machines;
using Refresh.Workflows.Reasons;
using Refresh.Workflows.Rules;
using Refresh.Workflows.Runs;

namespace Refresh.Workflows.Decisions;

/// <summary>Before a member leaves rotation: the pair rule, and the waits that it causes.</summary>
internal static class GuardDecisions
{
    public static void Observed(Draft draft, Observe observe, PairFacts facts)
    {
        var member = observe.Member;
        if (facts.Member is { Serves: true, Guest: { } guest } && guest.Image == MemberDecisions.Goal(draft.Run, member))
        {
            draft.Move(member, MemberTrigger.FoundCurrent);
            PairDecisions.Continue(draft, member.Pair);
            return;
        }

        if (DormantDecisions.Settles(draft, facts.Member))
            return;
        if (IsHeldBySomebody(draft.Run, facts.Member))
        {
            Wait(draft, member, observe.GiveUpAt, [Held(facts.Member)]);
            return;
        }

        var verdict = PairRule.MayLeave(draft.Run.Pairs[member.Pair].Pair, facts, draft.At, draft.Policy.Guard.MaxAge);
        if (verdict.Allowed)
            Leave(draft, observe);
        else if (MayComeBack(draft.Run.Get(member), facts.Member))
            MemberDecisions.Return(draft, member, null);
        else if (draft.At < observe.GiveUpAt && PeerIsToGoFirst(draft.Run, facts))
            Swap(draft, observe);
        else
            Wait(draft, member, observe.GiveUpAt, verdict.Refusals);
    }

    public static void Wait(Draft draft, MemberId member, DateTimeOffset giveUpAt, IReadOnlyList<Reason> why)
    {
        var next = draft.At + draft.Policy.Guard.Interval;
        if (next > giveUpAt)
        {
            GiveUp(draft, draft.Run.Get(member), why);
            return;
        }

        draft.Record(new MemberWaits(member, why));
        MemberDecisions.Look(draft, member, next, giveUpAt);
    }

    private static void GiveUp(Draft draft, MemberProgress member, IReadOnlyList<Reason> why)
    {
        var left = member switch
        {
            { LeftBehind: true } => "it goes back in rotation as it was",
            { Away: true } => "it is left out of rotation",
            _ => "nothing was done to it",
        };
        var reason = new Reason(
            "guard-timeout",
            $"{member.Id} could not leave rotation within {draft.Policy.Guard.Timeout.TotalSeconds:0.#} s, and {left}: {string.Join("; ", why.Select(reason => reason.Text))}",
            string.Join("; ", why.Select(reason => reason.EndsWhen).Distinct()) + "; then run again");
        if (member.LeftBehind)
            MemberDecisions.Return(draft, member.Id, reason);
        else
            MemberDecisions.Fail(draft, member.Id, reason);
    }

    public static void Refused(Draft draft, Drain drain, DrainRefused refused)
    {
        if (refused.LeftBehind(draft.Run.Get(drain.Member).Before))
        {
            MemberDecisions.Return(draft, drain.Member, null);
            return;
        }

        draft.Withdraw(drain.Member.Pair, "the drain was refused");
        draft.Move(drain.Member, MemberTrigger.Refuse);
        Wait(draft, drain.Member, drain.GiveUpAt, refused.Refusals);
    }

    private static void Leave(Draft draft, Observe observe)
    {
        var member = observe.Member;
        draft.Move(member, MemberTrigger.Allow);
        draft.Issue(new Drain(draft.NextId(member), member, observe.GiveUpAt, draft.At + draft.Policy.Drain.Timeout));
        MemberDecisions.Watch(draft, member);
    }

    /// <summary>The broken member of a pair is repaired first: it costs nothing, and then it can carry the load.</summary>
    private static bool PeerIsToGoFirst(Run run, PairFacts facts) =>
        facts is { Member.Serves: true, Peer.Serves: false, ClaimedBy: null }
        && !IsHeldBySomebody(run, facts.Peer)
        && run.Get(facts.Peer.Id).State == (run.Get(facts.Member.Id).GoingBack ? MemberState.Reverting : MemberState.Pending);

    /// <summary>It is out by our doing and could carry the load that its peer does not: it is the VM that served before, or one that was proved and is healthy.</summary>
    private static bool MayComeBack(MemberProgress member, MemberFacts seen) =>
        seen.Balancer is not null
        && (member.LeftBehind || (member is { Away: true, Proved: true, Proof.Vm.Identity: { } proved } && seen is { Vm.Identity: { } now, Probe.Healthy: true } && now == proved));

    /// <summary>It is out of rotation, and not by our doing: whoever took it out has a reason, and nobody else puts it back. One that stays off stays out as well.</summary>
    private static bool IsHeldBySomebody(Run run, MemberFacts member) =>
        member.Balancer is { Rotation: Rotation.Out or Rotation.Draining } && !run.Get(member.Id).Away && !DormantDecisions.StaysOff(run, member);

    private static Reason Held(MemberFacts member) => new(
        "held-by-somebody",
        $"{member.Id} is out of rotation, and neither this run nor the one before took it out: {member.Balancer!.Detail}",
        $"whoever took {member.Id} out puts it back in rotation");

    private static void Swap(Draft draft, Observe observe)
    {
        var peer = draft.Run.Pairs[observe.Member.Pair].PeerOf(observe.Member).Id;
        draft.Move(observe.Member, MemberTrigger.StandDown);
        MemberDecisions.Begin(draft, peer, observe.GiveUpAt);
    }
}
