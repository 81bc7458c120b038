using Refresh.Workflows.Machines;
using Refresh.Workflows.Runs;

namespace Refresh.Workflows.Decisions;

/// <summary>
/// Promise 5: a worker takes a run over. Every intent without an outcome is replaced by one that looks first: a rebuild by
/// finding out what became of it, a rejoin by proving the member again, a watch by a whole new one.
/// </summary>
internal static class TakeOverDecisions
{
    public static void TakeOver(Draft draft, string worker)
    {
        var open = draft.Run.Open.Values.ToList();
        draft.Record(new TakenOver(worker));
        foreach (var intent in open)
        {
            // What was decided about another one may have frozen the pair.
            if (!draft.Run.Open.ContainsKey(intent.Id))
                continue;
            draft.Record(new IntentWithdrawn(intent.Id, "its worker was lost"));
            Replace(draft, intent);
        }
    }

    private static void Replace(Draft draft, Intent intent)
    {
        var member = intent.Member;
        var id = draft.NextId(member);
        switch (intent)
        {
            case Observe observe:
                MemberDecisions.Look(draft, member, draft.At, Later(observe.GiveUpAt, draft.At + draft.Policy.Guard.Interval));
                break;
            case Drain drain:
                draft.Issue(drain with { Id = id, Deadline = Later(drain.Deadline, draft.At + Margins.Look) });
                break;
            case Preview:
                MemberDecisions.AskPreview(draft, member);
                break;
            case Rebuild rebuild:
                MemberDecisions.FindOut(draft, rebuild);
                break;
            case Recover recover:
                draft.Issue(recover with { Id = id, Deadline = draft.At + draft.Policy.Rebuild.Timeout, NotBefore = null });
                break;
            case Verify verify:
                draft.Issue(verify with { Id = id, Deadline = Later(verify.Deadline, draft.At + LeastProof(draft)) });
                break;
            case Rejoin when draft.Run.Get(member).State == MemberState.Rejoining:
                draft.Move(member, MemberTrigger.Interrupted);
                MemberDecisions.Prove(draft, draft.Run.Get(member).LastRebuild!, draft.At + draft.Policy.Verify.Timeout);
                break;
            case Rejoin:
                MemberDecisions.PutBack(draft, member);
                break;
            case PowerOff off:
                DormantDecisions.PutOffAgain(draft, off);
                break;
            case Soak:
                MemberDecisions.SoakFor(draft, member);
                break;
            case WatchPeer watch:
                draft.Issue(watch with { Id = id });
                break;
            case Bake bake:
                var until = draft.At + draft.Run.Plan.Waves[draft.Run.Pairs[member.Pair].Wave].Bake;
                draft.Issue(bake with { Id = id, Until = until, Deadline = Margins.After(until) });
                break;
            default:
                throw new InvalidOperationException($"Nobody takes over a {intent.GetType().Name} ({intent.Id}).");
        }
    }

    private static TimeSpan LeastProof(Draft draft) => draft.Policy.Verify.Interval * (draft.Policy.Verify.Passes * 2) + Margins.Look;

    private static DateTimeOffset Later(DateTimeOffset one, DateTimeOffset other) => one > other ? one : other;
}
