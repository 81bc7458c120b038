using Refresh.Workflows.Machines;
using Refresh.Workflows.Reasons;
using Refresh.Workflows.Runs;

namespace Refresh.Workflows.Decisions;

/// <summary>When so much has failed that no further member is begun. A rollback has the same budget as the way forward, and its own count.</summary>
internal static class BudgetDecisions
{
    /// <summary>Why the run goes no further after a pair was frozen; null while it may.</summary>
    public static Reason? Halts(Run run, PairProgress frozen) =>
        run is { GoingBack: true, RollbackOrder: null } || frozen.Wave < 0 ? null
        : !run.GoingBack && run.Plan.Waves[frozen.Wave].Canary ? new Reason("canary-failed", $"canary pair {frozen.Name} is frozen", "the pair is looked at; then run again, or roll back")
        : Spent(run);

    private static Reason? Spent(Run run)
    {
        var budget = run.Fleet.Policy.FailureBudget;
        var (pairs, members) = run.GoingBack ? FailedOnTheWayBack(run) : (run.FrozenPairs, run.FailedMembers);
        return pairs > budget.Pairs || members > budget.Members
            ? new Reason(
                "budget-spent",
                $"{Counted.FrozenPairs(pairs)} and {Counted.Members(members)} failed{(run.GoingBack ? " on the way back" : string.Empty)}; the failure budget is {Counted.Pairs(budget.Pairs)} and {Counted.Members(budget.Members)}",
                $"the frozen pairs are looked at; then {(run.GoingBack ? "roll back again, or run again" : "run again, or roll back")}")
            : null;
    }

    /// <summary>What failed in this rollback; pairs that were frozen before count no more once it has begun them.</summary>
    private static (int Pairs, int Members) FailedOnTheWayBack(Run run)
    {
        var frozen = run.RollbackOrder!.Take(run.NextRollback).Select(name => run.Pairs[name]).Where(pair => pair.State == PairState.Frozen).ToList();
        return (frozen.Count, frozen.Sum(pair => pair.Members.Count(member => member is { State: MemberState.Failed, GoingBack: true })));
    }
}
