using Refresh.Workflows.Fleets;
using Refresh.Workflows.Machines;
using Refresh.Workflows.Reasons;
using Refresh.Workflows.Runs;

namespace Refresh.Workflows.Decisions;

/// <summary>One member at a time (promise 3): which member of a pair is next, and when a pair is done or frozen.</summary>
internal static class PairDecisions
{
    public static void Begin(Draft draft, string pair)
    {
        draft.Move(pair, PairTrigger.Begin);
        Continue(draft, pair);
    }

    public static void Continue(Draft draft, string name)
    {
        var pair = draft.Run.Pairs[name];
        if (pair.State is not (PairState.Refreshing or PairState.RollingBack) || pair.Active is not null)
            return;

        var waiting = pair.State == PairState.RollingBack ? MemberState.Reverting : MemberState.Pending;
        var next = pair.Members.Where(member => member.State == waiting).MinBy(member => !member.Away);
        if (next is null)
            Done(draft, pair);
        else if (MayBegin(draft.Run, pair))
            MemberDecisions.Begin(draft, next.Id);
        else if (Ends(draft.Run, pair))
            Stop(draft, pair);
    }

    /// <summary>No member of this pair is begun any more, and no pause will end.</summary>
    public static bool Ends(Run run, PairProgress pair) => run.State != RunState.Paused && !MayBegin(run, pair);

    /// <summary>Nothing is done to a member that has not left rotation yet.</summary>
    public static void StandDown(Draft draft, string name)
    {
        var active = draft.Run.Pairs[name].Active;
        if (active is { LeftBehind: true })
        {
            MemberDecisions.Return(draft, active.Id, null);
        }
        else if (active is { State: MemberState.Guarding } guarding)
        {
            draft.Withdraw(name, "no further member is begun");
            draft.Move(guarding.Id, MemberTrigger.StandDown);
        }

        Continue(draft, name);
    }

    /// <summary>As <see cref="StandDown"/>, and a member that is drained and untouched goes back as it was.</summary>
    public static void CallBack(Draft draft, string name)
    {
        if (draft.Run.Pairs[name].Active is { CanReturn: true } untouched)
            MemberDecisions.Return(draft, untouched.Id, null);
        StandDown(draft, name);
    }

    public static void Freeze(Draft draft, MemberId member, Reason why)
    {
        draft.Withdraw(member.Pair, "the pair is frozen");
        draft.Move(member.Pair, PairTrigger.Freeze, why);
        if (draft.Run.Halted is null && BudgetDecisions.Halts(draft.Run, draft.Run.Pairs[member.Pair]) is { } halts)
            Halt(draft, halts);
    }

    private static void Halt(Draft draft, Reason why)
    {
        draft.Record(new RunHalted(why));
        foreach (var pair in draft.Run.InFlight)
            CallBack(draft, pair);
    }

    private static bool MayBegin(Run run, PairProgress pair) =>
        run.Halted is null && run.State == (pair.State == PairState.RollingBack ? RunState.RollingBack : RunState.Running);

    private static void Stop(Draft draft, PairProgress pair)
    {
        var untouched = pair.State == PairState.Refreshing && !pair.Members.Any(member => member.Touched);
        if (pair.Members.FirstOrDefault(member => member.Away) is { } away)
            draft.Move(pair.Name, PairTrigger.Freeze, LeftOut(away, "the run ends before it could be brought back"));
        else
            draft.Move(pair.Name, untouched ? PairTrigger.StandDown : PairTrigger.Halt);
    }

    private static Reason LeftOut(MemberProgress away, string why) =>
        new("left-out", $"{away.Id} is out of rotation still, and {why}", "the member is looked at and put back in rotation; then run again");

    private static void Done(Draft draft, PairProgress pair)
    {
        if (pair.State == PairState.RollingBack && pair.Members.FirstOrDefault(member => member.Away) is { } away)
        {
            draft.Move(pair.Name, PairTrigger.Freeze, LeftOut(away, "there is no rebuild of it to take back"));
        }
        else if (pair.State == PairState.RollingBack)
        {
            draft.Move(pair.Name, PairTrigger.Reverted);
        }
        else if (!pair.Members.Any(member => member.State == MemberState.Refreshed))
        {
            draft.Move(pair.Name, PairTrigger.NothingToDo);
        }
        else
        {
            draft.Move(pair.Name, PairTrigger.MembersDone);
            Bake(draft, pair);
        }
    }

    private static void Bake(Draft draft, PairProgress pair)
    {
        var bake = draft.Run.Plan.Waves[pair.Wave].Bake;
        if (bake == TimeSpan.Zero || draft.Run.GoingBack || draft.Run.State == RunState.Cancelling)
            draft.Move(pair.Name, PairTrigger.Baked);
        else
            draft.Issue(new Bake(draft.NextId(pair.Second.Id), pair.Second.Id, draft.At + bake, Margins.After(draft.At + bake)));
    }
}
