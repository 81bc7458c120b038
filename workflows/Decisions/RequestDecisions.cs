using Refresh.Workflows.Machines;
using Refresh.Workflows.Reasons;
using Refresh.Workflows.Rules;
using Refresh.Workflows.Runs;

namespace Refresh.Workflows.Decisions;

/// <summary>What people ask: each request is answered in the journal, taken up or turned down with the reason.</summary>
internal static class RequestDecisions
{
    public static void Answer(Draft draft, RunRequest request)
    {
        if (RequestRule.Refusal(draft.Run, request.Kind, request.By) is { } refusal)
        {
            draft.Record(new RequestAnswered(request, refusal));
            return;
        }

        if (request.Kind == RequestKind.Approve && draft.Policy.FourEyes && request.By == draft.Run.By)
        {
            draft.Record(new RequestAnswered(request, new Reason(
                "four-eyes",
                $"{request.By} asked for run {draft.Run.Id}, and fleet {draft.Run.Fleet.Name} has another person approve",
                $"somebody else approves: `refresh approve {draft.Run.Id}`")));
            return;
        }

        var rests = draft.Run.State == RunState.Paused;
        draft.Record(new RequestAnswered(request, null));
        var kind = RequestRule.Meant(draft.Run, request.Kind);
        draft.Move(RequestRule.Trigger(kind), new Reason("asked", $"{request.By} asked to {request.Kind.ToString().ToLowerInvariant()}{Because(request)}", "it is done"));
        if (!rests || kind != RequestKind.Pause)
            Follow(draft, kind);
    }

    private static string Because(RunRequest request) => request.Why.Length > 0 ? $": {request.Why}" : string.Empty;

    private static void Follow(Draft draft, RequestKind kind)
    {
        foreach (var pair in draft.Run.InFlight)
        {
            if (kind == RequestKind.Pause)
                PairDecisions.StandDown(draft, pair);
            else if (kind is RequestKind.Cancel or RequestKind.Rollback)
                PairDecisions.CallBack(draft, pair);
            else
                PairDecisions.Continue(draft, pair);
        }

        if (kind is RequestKind.Cancel or RequestKind.Rollback)
            CutBakesShort(draft);
    }

    private static void CutBakesShort(Draft draft)
    {
        foreach (var bake in draft.Run.Open.Values.OfType<Bake>().ToList())
        {
            draft.Withdraw(bake.Member.Pair, "the bake is cut short");
            draft.Move(bake.Member.Pair, PairTrigger.Baked, new Reason("bake-cut-short", $"the bake of {bake.Member.Pair} was cut short by a request", "it is done"));
        }
    }
}
