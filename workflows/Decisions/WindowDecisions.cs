using Refresh.Workflows.Fleets;
using Refresh.Workflows.Machines;
using Refresh.Workflows.Rules;
using Refresh.Workflows.Windows;

namespace Refresh.Workflows.Decisions;

/// <summary>Patch windows: no pair is begun that could not end in one; a pair that is under way is never stopped by one.</summary>
internal static class WindowDecisions
{
    public static void Seen(Draft draft, WindowOutlook outlook)
    {
        if (draft.Policy.Windows is not null && !draft.Run.Finished && !outlook.Agrees(draft.Run.Outlook))
            draft.Record(new Runs.WindowsSeen(outlook));
    }

    /// <summary>Whether the next pair may be begun; when not and nothing is under way, the run waits or ends.</summary>
    public static bool MayBegin(Draft draft)
    {
        if (WindowRule.Refusal(draft.Run, draft.At) is not { } refusal)
            return true;
        if (!draft.Run.Quiet)
            return false;
        var begun = draft.Run.Pairs.Values.Any(pair => pair.State is not (PairState.Pending or PairState.Skipped));
        if (begun && draft.Policy.Windows?.AtEnd == WindowEnd.Cancel)
        {
            draft.Move(RunTrigger.Cancel, refusal);
            draft.Move(RunTrigger.Quiet, refusal);
        }
        else
        {
            draft.Move(RunTrigger.WindowClosed, refusal);
        }

        return false;
    }

    /// <summary>A run that waits for a window goes on once one is open that its next pair fits into.</summary>
    public static bool Opened(Draft draft)
    {
        if (WindowRule.Refusal(draft.Run, draft.At) is not null)
            return false;
        draft.Move(RunTrigger.WindowOpened);
        return true;
    }
}
