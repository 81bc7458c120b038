using Refresh.Workflows.Machines;
using Refresh.Workflows.Reasons;
using Refresh.Workflows.Runs;

namespace Refresh.Workflows.Decisions;

/// <summary>
/// The heart of Refresh: from the state of a run and what has come, what is to be journaled and done. Pure: the same state,
/// stimulus and instant give the same decision.
/// </summary>
public static class RunDecisions
{
    /// <summary>Decides.</summary>
    /// <param name="run">The run as it is.</param>
    /// <param name="stimulus">What has come.</param>
    /// <param name="at">When.</param>
    /// <returns>What follows. An outcome or a rung of an intent that is no longer open follows nothing: it was withdrawn, or has come already.</returns>
    /// <exception cref="ForbiddenMoveException">A defect: a machine does not permit what was decided.</exception>
    public static Decision Decide(Run run, Stimulus stimulus, DateTimeOffset at)
    {
        ArgumentNullException.ThrowIfNull(run);
        if (stimulus is Arrived { Intent: var ended } && !run.Open.ContainsKey(ended) || stimulus is Climbed { Intent: var climbing } && !run.Open.ContainsKey(climbing))
            return new Decision(run, []);

        var draft = new Draft(run, at);
        switch (stimulus)
        {
            case BeginRun: Begin(draft); break;
            case Arrived arrived: MemberDecisions.Arrived(draft, arrived); break;
            case Climbed climbed: draft.Record(new RungClimbed(climbed.Intent, climbed.Rung)); break;
            case CalendarRead read: WindowDecisions.Seen(draft, read.Outlook); break;
            case Asked asked: RequestDecisions.Answer(draft, asked.Request); break;
            case RevocationSeen seen: RevocationDecisions.Seen(draft, seen.Revocation); break;
            case TakeOver taken:
                TakeOverDecisions.TakeOver(draft, taken.Worker);
                if (draft.Run.State == RunState.Planned)
                    Begin(draft);
                break;
            default: throw new ArgumentException($"Nobody decides about {stimulus?.GetType().Name ?? "null"}.", nameof(stimulus));
        }

        Advance(draft);
        return new Decision(draft.Run, draft.Events);
    }

    private static void Begin(Draft draft) =>
        draft.Move(draft.Policy.ApprovalRequired ? RunTrigger.AskApproval : RunTrigger.Start);

    private static void Advance(Draft draft)
    {
        switch (draft.Run.State)
        {
            case RunState.Waiting when WindowDecisions.Opened(draft):
            case RunState.Running: Forward(draft); break;
            case RunState.RollingBack: RollbackDecisions.Advance(draft); break;
            case RunState.Cancelling when draft.Run.Quiet: draft.Move(RunTrigger.Quiet, draft.Run.Why); break;
        }
    }

    private static void Forward(Draft draft)
    {
        if (draft.Run.Halted is { } halted)
        {
            if (draft.Run.Quiet)
                draft.Move(RunTrigger.GiveUp, halted);
            return;
        }

        while (draft.Run.State == RunState.Running && draft.Run.Halted is null)
        {
            var waves = draft.Run.Plan.Waves;
            var wave = draft.Run.Wave >= 0 ? waves[draft.Run.Wave] : null;
            if (wave is not null && draft.Run.Next < wave.Pairs.Count)
            {
                if (draft.Run.InFlight.Count >= draft.Policy.Waves.MaxPairsAtOnce)
                    return;
                if (!WindowDecisions.MayBegin(draft))
                    return;
                PairDecisions.Begin(draft, wave.Pairs[draft.Run.Next].Name);
            }
            else if (!draft.Run.Quiet)
            {
                return;
            }
            else if (draft.Run.Wave + 1 < waves.Count)
            {
                draft.Record(new WaveBegun(draft.Run.Wave + 1));
            }
            else
            {
                Finish(draft);
            }
        }
    }

    private static void Finish(Draft draft)
    {
        if (draft.Run.FrozenPairs == 0)
            draft.Move(RunTrigger.Complete);
        else
            draft.Move(RunTrigger.GiveUp, new Reason("pairs-frozen", $"{Counted.FrozenPairs(draft.Run.FrozenPairs)}, within the failure budget; all others are done", "the frozen pairs are looked at; then run again"));
    }
}
