using Refresh.Workflows.Fleets;
using Refresh.Workflows.Machines;
using Refresh.Workflows.Ports;
using Refresh.Workflows.Reasons;
using Refresh.Workflows.Runs;

namespace Refresh.Workflows.Decisions;

/// <summary>After a rebuild that failed or was interrupted: what was observed decides, and it is never repeated blindly (promise 5).</summary>
internal static class RecoveryDecisions
{
    public static void Recovered(Draft draft, MemberId member, RebuildRecovery recovery)
    {
        var progress = draft.Run.Get(member);
        if (progress.State == MemberState.Guarding)
        {
            MemberDecisions.Look(draft, member, draft.At, draft.At + draft.Policy.Guard.Timeout);
            return;
        }

        var peerIsBad = progress.Waits.Count > 0;
        var runEnds = PairDecisions.Ends(draft.Run, draft.Run.Pairs[member.Pair]);
        var mayRetry = progress.Rebuilds <= draft.Policy.Rebuild.Retries;
        switch (recovery.Fate)
        {
            case RebuildFate.Happened when progress.Rebuilds > 0:
                MemberDecisions.Prove(draft, progress.LastRebuild!);
                break;
            case RebuildFate.Happened:
                MemberDecisions.Fail(draft, member, NotOurs(member, recovery));
                break;
            case RebuildFate.Untouched when progress.CanReturn && (peerIsBad || runEnds):
                MemberDecisions.Return(draft, member, null);
                break;
            case RebuildFate.Untouched or RebuildFate.Gone when mayRetry:
                MemberDecisions.AskPreview(draft, member);
                break;
            case RebuildFate.Untouched when progress.CanReturn:
                MemberDecisions.Return(draft, member, NotDone(progress, recovery, "its old VM is untouched and goes back into rotation"));
                break;
            default:
                MemberDecisions.Fail(draft, member, NotDone(progress, recovery, recovery.Fate == RebuildFate.Gone ? "its old VM is gone" : "its old VM is untouched"));
                break;
        }
    }

    /// <summary>Whether a recovery may mend what a preview could not read: once for each rebuild and once before the first, and only where it is known which VM there was.</summary>
    public static bool MayMend(Run run, MemberId member) =>
        run.Get(member) is { Before.Vm.Identity: not null } progress && progress.Recoveries <= progress.Rebuilds;

    /// <summary>The provisioner cannot read the state that it keeps of the member: it is mended and looked at; nothing was begun.</summary>
    public static void Mend(Draft draft, Preview preview, Reason why) => draft.Issue(
        new Recover(draft.NextId(preview.Member), preview.Member, preview.Image, draft.Run.Get(preview.Member).Before!.Vm!, draft.At + draft.Policy.Rebuild.Timeout) { LastFailure = why });

    /// <summary>What became of it could not be found out: it is tried again, after a pause that grows, until the deadline.</summary>
    public static void TryAgain(Draft draft, Recover recover, Failed failed)
    {
        var next = draft.At + Pause(recover.FailedTries);
        if (failed.DeadlinePassed || next >= recover.Deadline)
            MemberDecisions.NotRebuilt(draft, recover.Member, Unknown(draft.Run.Get(recover.Member), recover, failed));
        else
            draft.Issue(recover with { Id = draft.NextId(recover.Member), NotBefore = next, FailedTries = recover.FailedTries + 1, LastFailure = failed.Reason });
    }

    /// <summary>From a second, twice as long each time, to a minute.</summary>
    private static TimeSpan Pause(int failedTries) => TimeSpan.FromSeconds(Math.Min(60, Math.Pow(2, failedTries)));

    private static Reason NotOurs(MemberId member, RebuildRecovery recovery) => new(
        "vm-replaced",
        $"the VM of {member} is another one than was seen before, and this run has not rebuilt it: {string.Join("; ", recovery.Rungs)}",
        "who replaced it is asked; then run again");

    private static Reason Unknown(MemberProgress member, Recover recover, Failed failed)
    {
        var last = failed.DeadlinePassed && recover.LastFailure is { } before ? before : failed.Reason;
        return last with
        {
            Text = $"{(member.Rebuilds > 0 || member.Unsure ? $"what became of the rebuild of {recover.Member} could not be found out" : $"how {recover.Member} stands could not be found out")} in {Counted.Of(recover.FailedTries + 1, "try", "tries")}: {last.Text}",
        };
    }

    private static Reason NotDone(MemberProgress member, RebuildRecovery recovery, string left) => new(
        "rebuild-failed",
        $"{member.Id} could not be rebuilt in {member.Rebuilds} tries, and {left}: {string.Join("; ", recovery.Rungs)}; {recovery.Vm.Detail}",
        "the provisioner is looked at; then run again");
}
