using Refresh.Workflows.Machines;
using Refresh.Workflows.Reasons;
using Refresh.Workflows.Runs;

namespace Refresh.Workflows.Decisions;

/// <summary>What people ask: each request is answered in the journal, taken up or turned down with the reason.</summary>
internal static class RequestDecisions
{
    public static void Answer(Draft draft, RunRequest request)
    {
        // A rollback that is paused is gone on with by asking for it again, too.
        var kind = request.Kind == RequestKind.Rollback && draft.Run is { State: RunState.Paused, GoingBack: true } ? RequestKind.Resume : request.Kind;
        var trigger = Trigger(kind);
        if (!RunMachine.CanFire(draft.Run.State, trigger, draft.Run.GoingBack))
        {
            draft.Record(new RequestAnswered(request, new Reason(
                "request-refused",
                $"run {draft.Run.Id} is {draft.Run.State}, and cannot {request.Kind.ToString().ToLowerInvariant()}",
                WhatIsPossible(draft.Run))));
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

        draft.Record(new RequestAnswered(request, null));
        draft.Move(trigger, new Reason("asked", $"{request.By} asked to {request.Kind.ToString().ToLowerInvariant()}{Because(request)}", "it is done"));
        Follow(draft, kind);
    }

    private static RunTrigger Trigger(RequestKind kind) => kind switch
    {
        RequestKind.Approve => RunTrigger.Approve,
        RequestKind.Pause => RunTrigger.Pause,
        RequestKind.Resume => RunTrigger.Resume,
        RequestKind.Cancel => RunTrigger.Cancel,
        RequestKind.Rollback => RunTrigger.Rollback,
        _ => throw new ArgumentOutOfRangeException(nameof(kind), kind, "A request of no known kind."),
    };

    private static string WhatIsPossible(Run run) => run.State switch
    {
        RunState.Planned => $"its worker begins it: `refresh resume {run.Id}` where it has none",
        RunState.AwaitingApproval => $"`refresh approve {run.Id}`, or `refresh cancel {run.Id}`",
        RunState.Paused => $"`refresh resume {run.Id}` goes on with it, `refresh cancel {run.Id}` ends it",
        RunState.Cancelling => "it has ended; then a new run is possible: `refresh run`",
        RunState.Waiting or RunState.Running or RunState.RollingBack => $"it goes on by itself: `refresh status {run.Id}` shows how",
        _ => "it has ended: `refresh run` begins another",
    };

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
