using Refresh.Workflows.Images;
using Refresh.Workflows.Machines;
using Refresh.Workflows.Reasons;
using Refresh.Workflows.Runs;
using Refresh.Workflows.Trust;

namespace Refresh.Workflows.Decisions;

/// <summary>The image of a run is revoked while it goes on: nothing more is made from it, and the run ends at the next safe step.</summary>
internal static class RevocationDecisions
{
    public static void Seen(Draft draft, ImageRevocation revocation)
    {
        if (draft.Run.Finished || draft.Run.Revoked is not null)
            return;
        draft.Record(new ImageRevoked(revocation));
        var why = Why(draft.Run, revocation);
        switch (draft.Run.State)
        {
            case RunState.AwaitingApproval or RunState.Waiting or RunState.Paused when !draft.Run.GoingBack:
                draft.Move(RunTrigger.Cancel, why);
                break;
            case RunState.Running when draft.Run.Halted is null:
                draft.Record(new RunHalted(why));
                break;
            default:
                // A run that is on its way back or to its end makes nothing more from it.
                return;
        }

        foreach (var pair in draft.Run.InFlight)
            PairDecisions.CallBack(draft, pair);
    }

    /// <summary>Why nothing is made from an image; null while it may be. What was begun before its image was revoked is done; nothing is begun after.</summary>
    public static Reason? Forbids(Run run, ImageRef image) => run.Revoked is { } revocation && image == run.Image.Ref ? Why(run, revocation) : null;

    private static Reason Why(Run run, ImageRevocation revocation) => new(
        "image-revoked",
        $"{run.Image.Ref.Label} was revoked by {revocation.By}: {revocation.Why}",
        $"`refresh rollback {run.Id}` takes back the members that run it, or a run to another image replaces it; what was begun is done first");
}
