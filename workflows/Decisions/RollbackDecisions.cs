using Refresh.Workflows.Machines;
using Refresh.Workflows.Reasons;
using Refresh.Workflows.Runs;

namespace Refresh.Workflows.Decisions;

/// <summary>
/// Promise 4: what was touched goes back to the image recorded for it, last touched first, pair rule and failure budget
/// included. A pair that could not go back the last time comes last, so that it does not keep the others.
/// </summary>
internal static class RollbackDecisions
{
    public static void Advance(Draft draft)
    {
        if (draft.Run.RollbackOrder is null)
        {
            if (!draft.Run.Quiet)
                return;
            draft.Record(new RollbackOrdered([.. Touched(draft.Run)]));
        }

        while (draft.Run.State == RunState.RollingBack)
        {
            if (draft.Run.Halted is null && draft.Run.NextRollback < draft.Run.RollbackOrder!.Count)
            {
                var next = draft.Run.RollbackOrder[draft.Run.NextRollback];
                // One that is to fail waits until it can halt no other.
                if (draft.Run.InFlight.Count >= (Unrecorded(draft.Run.Pairs[next]) is null ? draft.Policy.Waves.MaxPairsAtOnce : 1))
                    return;
                Revert(draft, next);
            }
            else if (!draft.Run.Quiet)
            {
                return;
            }
            else if (draft.Run.Halted is { } halted)
            {
                draft.Move(RunTrigger.GiveUp, halted);
            }
            else if (draft.Run.FrozenPairs == 0)
            {
                draft.Move(RunTrigger.Complete);
            }
            else
            {
                draft.Move(RunTrigger.GiveUp, new Reason("pairs-frozen", $"{Counted.FrozenPairs(draft.Run.FrozenPairs)}; all others that were touched run their recorded images", "the frozen pairs are looked at; then roll back again, or run again"));
            }
        }
    }

    /// <summary>The pairs that go back, as the run is now; one that is under way still is among them.</summary>
    public static IEnumerable<string> Ahead(Run run) => run is { State: RunState.RollingBack or RunState.Paused, RollbackOrder: { } order }
        ? run.InFlight.Concat(order.Skip(run.NextRollback))
        : Touched(run);

    private static IEnumerable<string> Touched(Run run) =>
        run.Plan.Pairs().Select(planned => run.Pairs[planned.Name])
            .Where(pair => pair.Members.Any(ToRevert) && pair.State is PairState.Refreshing or PairState.Soaking or PairState.Refreshed or PairState.Frozen or PairState.Halted)
            .OrderBy(pair => Unrecorded(pair) is not null)
            .ThenBy(HasFailedToGoBack)
            .ThenByDescending(pair => pair.Since)
            .ThenBy(pair => pair.Name, StringComparer.Ordinal)
            .Select(pair => pair.Name);

    private static bool HasFailedToGoBack(PairProgress pair) => pair.Members.Any(member => member is { State: MemberState.Failed, GoingBack: true });

    /// <summary>What was touched, and what a failure left out of rotation before it was.</summary>
    private static bool ToRevert(MemberProgress member) => (member.Touched || member.Away) && !IsLeftOff(member);

    /// <summary>It was found off, so that nobody could ask it what it ran, and is off again: it carries nothing, and stays as it is.</summary>
    public static bool IsLeftOff(MemberProgress member) => member is { PoweredOff: true, Recorded.Guest: null };

    /// <summary>A member that is to go back, and of which nobody knows to what.</summary>
    private static MemberProgress? Unrecorded(PairProgress pair) => pair.Members.FirstOrDefault(member => MayRevert(member) && member.Recorded?.Guest is null);

    private static bool MayRevert(MemberProgress member) => ToRevert(member) && member.State is MemberState.Refreshed or MemberState.Failed;

    private static void Revert(Draft draft, string name)
    {
        draft.Move(name, PairTrigger.Revert);
        if (Unrecorded(draft.Run.Pairs[name]) is { } unknown)
        {
            draft.Move(unknown.Id, MemberTrigger.Revert);
            MemberDecisions.Fail(draft, unknown.Id, new Reason("nothing-recorded", $"what {unknown.Id} ran before it was touched could not be read, so there is nothing to go back to", "a run to the wanted image refreshes it"));
            return;
        }

        foreach (var member in draft.Run.Pairs[name].Members.Where(MayRevert))
            draft.Move(member.Id, MemberTrigger.Revert);
        PairDecisions.Continue(draft, name);
    }
}
