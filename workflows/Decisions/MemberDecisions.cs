using Refresh.Workflows.Fleets;
using Refresh.Workflows.Images;
using Refresh.Workflows.Machines;
using Refresh.Workflows.Ports;
using Refresh.Workflows.Reasons;
using Refresh.Workflows.Rules;
using Refresh.Workflows.Runs;

namespace Refresh.Workflows.Decisions;

/// <summary>The steps of one member: each outcome leads to the next intent, to a wait, back into rotation, or to a frozen pair.</summary>
internal static class MemberDecisions
{
    private const int MaxReturns = 3;

    /// <summary>The pair rule is asked for it; where nobody knows what became of an earlier rebuild, that is found out first (promise 5).</summary>
    public static void Begin(Draft draft, MemberId member, DateTimeOffset? giveUpAt = null)
    {
        draft.Move(member, MemberTrigger.Begin);
        if (draft.Run.Get(member) is { Unsure: true, LastRebuild: { } rebuild })
            FindOut(draft, rebuild);
        else
            Look(draft, member, draft.At, giveUpAt ?? draft.At + draft.Policy.Guard.Timeout);
    }

    public static void Arrived(Draft draft, Arrived arrived)
    {
        var intent = draft.Run.Open[arrived.Intent];
        draft.Record(new OutcomeRecorded(arrived.Intent, arrived.Outcome));
        switch (intent, arrived.Outcome)
        {
            case (Observe observe, Observed seen): GuardDecisions.Observed(draft, observe, seen.Facts); break;
            case (Observe observe, Failed failed): GuardDecisions.Wait(draft, observe.Member, observe.GiveUpAt, [failed.Reason]); break;
            case (Drain, Drained): Emptied(draft, intent.Member); break;
            case (Drain drain, DrainRefused refused): GuardDecisions.Refused(draft, drain, refused); break;
            case (Drain, Failed failed): NotRebuilt(draft, intent.Member, failed.Reason); break;
            case (Preview preview, Previewed previewed): Carry(draft, preview, previewed); break;
            case (Preview preview, Failed { Reason.Code: RebuildPreview.StateDamaged } failed) when RecoveryDecisions.MayMend(draft.Run, preview.Member): RecoveryDecisions.Mend(draft, preview, failed.Reason); break;
            case (Preview, Failed failed): NotRebuilt(draft, intent.Member, failed.Reason); break;
            case (Rebuild rebuild, Rebuilt rebuilt) when rebuilt.Vm.Identity is { } now && now != rebuild.Plan.Before.Identity: Prove(draft, rebuild); break;
            case (Rebuild rebuild, Rebuilt): FindOut(draft, rebuild); break;
            case (Rebuild { MayReturn: true }, RebuildRefused): Return(draft, intent.Member, null); break;
            case (Rebuild, RebuildRefused refused): Fail(draft, intent.Member, Joined("rebuild-refused", new Verdict(refused.Refusals))); break;
            case (Rebuild rebuild, Failed): FindOut(draft, rebuild); break;
            case (Recover, Recovered recovered): RecoveryDecisions.Recovered(draft, intent.Member, recovered.Recovery); break;
            case (Recover recover, Failed failed): RecoveryDecisions.TryAgain(draft, recover, failed); break;
            case (Verify verify, Examined examined): Judge(draft, verify, examined); break;
            case (Verify, Failed failed): Fail(draft, intent.Member, failed.Reason); break;
            case (Rejoin, Rejoined): Back(draft, intent.Member); break;
            case (Rejoin, Failed failed): Fail(draft, intent.Member, failed.Reason); break;
            case (PowerOff off, PoweredOff seen): DormantDecisions.IsOff(draft, off, seen.Vm); break;
            case (PowerOff, Failed failed): Fail(draft, intent.Member, failed.Reason); break;
            case (Soak, Watched watched): Soaked(draft, intent.Member, watched); break;
            case (Soak, Failed failed): Fail(draft, intent.Member, failed.Reason); break;
            case (WatchPeer, Watched { Bad.Count: 0 }): PeerIsWell(draft, intent.Member); break;
            case (WatchPeer watch, Watched watched): PeerWentBad(draft, watch, watched.Bad); break;
            case (WatchPeer watch, Failed failed): PeerWentBad(draft, watch, [failed.Reason]); break;
            case (Bake, Watched watched): Baked(draft, intent.Member, watched.Bad); break;
            case (Bake, Failed failed): Baked(draft, intent.Member, [failed.Reason]); break;
            default: throw new InvalidOperationException($"{arrived.Outcome.GetType().Name} is no outcome of a {intent.GetType().Name} ({intent.Id}).");
        }
    }

    public static void Look(Draft draft, MemberId member, DateTimeOffset notBefore, DateTimeOffset giveUpAt) =>
        draft.Issue(new Observe(draft.NextId(member), member, notBefore, giveUpAt, notBefore + Margins.Look));

    /// <summary>The member still lives: it goes back into rotation as it was. With a failure its pair is frozen afterwards, without one it may be begun again.</summary>
    public static void Return(Draft draft, MemberId member, Reason? failure)
    {
        draft.Withdraw(member.Pair, "the member goes back into rotation", intent => intent is not WatchPeer);
        draft.Move(member, MemberTrigger.Return, failure);
        PutBack(draft, member);
        if (!draft.Run.Pairs[member.Pair].Open.Exists(intent => intent is WatchPeer))
            Watch(draft, member);
    }

    /// <summary>The peer is watched during the whole absence (promise 1).</summary>
    public static void Watch(Draft draft, MemberId member, bool peerIsBad = false) =>
        draft.Issue(new WatchPeer(draft.NextId(member), member, DateTimeOffset.MaxValue) { PeerIsBad = peerIsBad });

    public static void Fail(Draft draft, MemberId member, Reason why)
    {
        draft.Move(member, MemberTrigger.Fail, why);
        PairDecisions.Freeze(draft, member, why);
    }

    public static void AskPreview(Draft draft, MemberId member, MemberTrigger? moved = null)
    {
        if (moved is { } trigger)
            draft.Move(member, trigger);
        if (RevocationDecisions.Forbids(draft.Run, Goal(draft.Run, member)) is { } revoked)
            NotRebuilt(draft, member, revoked);
        else
            draft.Issue(new Preview(draft.NextId(member), member, Goal(draft.Run, member), draft.At + draft.Policy.Rebuild.Timeout));
    }

    public static void Prove(Draft draft, Rebuild rebuild)
    {
        draft.Move(rebuild.Member, MemberTrigger.Rebuilt);
        Prove(draft, rebuild, draft.At + draft.Policy.Verify.Timeout);
    }

    public static void Prove(Draft draft, Rebuild rebuild, DateTimeOffset deadline) =>
        draft.Issue(new Verify(draft.NextId(rebuild.Member), rebuild.Member, rebuild.Image, rebuild.Plan.Before, draft.Run.Get(rebuild.Member).Before?.Guest, deadline));

    public static void PutBack(Draft draft, MemberId member) =>
        draft.Issue(new Rejoin(draft.NextId(member), member, draft.At + draft.Policy.Rejoin.Timeout));

    public static void FindOut(Draft draft, Rebuild rebuild) =>
        draft.Issue(new Recover(draft.NextId(rebuild.Member), rebuild.Member, rebuild.Image, rebuild.Plan.Before, draft.At + draft.Policy.Rebuild.Timeout));

    public static void SoakFor(Draft draft, MemberId member)
    {
        var until = draft.At + draft.Policy.Soak.Duration;
        draft.Issue(new Soak(draft.NextId(member), member, until, Margins.After(until)));
    }

    /// <summary>The image that a member is on its way to: the run's, or on a rollback the one recorded for it (promise 4).</summary>
    public static ImageRef Goal(Run run, MemberId member)
    {
        var progress = run.Get(member);
        return progress.GoingBack ? progress.Recorded!.Guest!.Image : run.Image.Ref;
    }

    /// <summary>It is not going to be rebuilt: a member that served and is untouched goes back as it was; any other stays out.</summary>
    public static void NotRebuilt(Draft draft, MemberId member, Reason why)
    {
        if (draft.Run.Get(member).CanReturn)
            Return(draft, member, why);
        else
            Fail(draft, member, why);
    }

    /// <summary>Its peer may have gone bad before it was known that the member left rotation well.</summary>
    private static void Emptied(Draft draft, MemberId member)
    {
        if (draft.Run.Get(member) is { CanReturn: true, Waits.Count: > 0 })
            Return(draft, member, null);
        else
            AskPreview(draft, member, MemberTrigger.Emptied);
    }

    private static void Carry(Draft draft, Preview preview, Previewed previewed)
    {
        var verdict = PlanGuard.Check(previewed.Preview, preview.Member);
        if (RevocationDecisions.Forbids(draft.Run, preview.Image) is { } revoked)
            NotRebuilt(draft, preview.Member, revoked);
        else if (verdict.Allowed)
            draft.Issue(new Rebuild(draft.NextId(preview.Member), preview.Member, preview.Image, previewed.Preview, preview.Deadline) { MayReturn = draft.Run.Get(preview.Member).CanReturn });
        else
            NotRebuilt(draft, preview.Member, Joined("plan-refused", verdict));
    }

    private static void Judge(Draft draft, Verify verify, Examined examined)
    {
        // What the catalogue has now may have changed under its label; what the run asked for has not.
        var facts = examined.Facts with { Expected = examined.Facts.Expected with { Ref = verify.Image } };
        var verdict = VerificationRule.Judge(verify.Member, facts, verify.VmBefore, verify.GuestBefore, draft.Policy.Verify.Passes);
        if (verdict.Allowed && DormantDecisions.StaysOff(draft.Run, draft.Run.Get(verify.Member).Recorded))
        {
            DormantDecisions.PutOff(draft, verify.Member);
        }
        else if (verdict.Allowed)
        {
            draft.Move(verify.Member, MemberTrigger.Verified);
            PutBack(draft, verify.Member);
        }
        else
        {
            Fail(draft, verify.Member, Joined("not-verified", verdict));
        }
    }

    private static void Back(Draft draft, MemberId member)
    {
        var progress = draft.Run.Get(member);
        draft.Withdraw(member.Pair, "the member is back", intent => intent is WatchPeer);
        if (progress.State == MemberState.Rejoining)
        {
            draft.Move(member, MemberTrigger.Rejoined);
            SoakFor(draft, member);
        }
        else if (progress.Failure is { } failure)
        {
            Fail(draft, member, failure);
        }
        else if (progress.Returns >= MaxReturns)
        {
            Fail(draft, member, new Reason("called-back-too-often", $"{member} was called back {progress.Returns + 1} times because its peer went bad while it drained", "the peer is looked at; then run again"));
        }
        else
        {
            draft.Move(member, MemberTrigger.Returned);
            PairDecisions.Continue(draft, member.Pair);
        }
    }

    private static void Soaked(Draft draft, MemberId member, Watched watched)
    {
        if (watched.Bad.Count > 0)
        {
            Fail(draft, member, Joined("soak-failed", new Verdict(watched.Bad)));
            return;
        }

        draft.Move(member, MemberTrigger.Soaked);
        PairDecisions.Continue(draft, member.Pair);
    }

    private static void Baked(Draft draft, MemberId member, IReadOnlyList<Reason> bad)
    {
        if (bad.Count > 0)
            PairDecisions.Freeze(draft, member, Joined("bake-failed", new Verdict(bad)));
        else
            draft.Move(member.Pair, PairTrigger.Baked);
    }

    /// <summary>The peer of a member that is away went bad: a member that still lives rejoins at once (promise 1); one that is being rebuilt can only hurry on.</summary>
    private static void PeerWentBad(Draft draft, WatchPeer watch, IReadOnlyList<Reason> bad)
    {
        Watch(draft, watch.Member, peerIsBad: true);
        if (draft.Run.Get(watch.Member).CanReturn)
            Return(draft, watch.Member, null);
        if (!watch.PeerIsBad)
            draft.Record(new MemberWaits(watch.Member, bad));
    }

    private static void PeerIsWell(Draft draft, MemberId member)
    {
        Watch(draft, member);
        draft.Record(new MemberWaits(member, []));
    }

    private static Reason Joined(string code, Verdict verdict) => new(
        code,
        string.Join("; ", verdict.Refusals.Select(reason => reason.Text)),
        string.Join("; ", verdict.Refusals.Select(reason => reason.EndsWhen).Distinct()));
}
