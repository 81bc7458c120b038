using Refresh.Workflows.Evidence;
using Refresh.Workflows.Fleets;
using Refresh.Workflows.Machines;
using Refresh.Workflows.Reasons;

namespace Refresh.Workflows.Audit;

/// <summary>What the runs of a fleet have left behind, by the journal.</summary>
/// <param name="AwaySince">Members that a run took out of rotation and nobody was seen to put back, and since when.</param>
/// <param name="Frozen">Pairs that are frozen.</param>
/// <param name="Open">The unfinished run; null if there is none.</param>
public sealed record FleetHistory(
    IReadOnlyDictionary<MemberId, DateTimeOffset> AwaySince,
    IReadOnlyList<FrozenPair> Frozen,
    OpenRun? Open)
{
    /// <summary>A fleet without a run.</summary>
    public static FleetHistory None { get; } = new(new Dictionary<MemberId, DateTimeOffset>(), [], null);

    /// <summary>Reads it out of runs. A pair is as the latest run left it that worked on it.</summary>
    /// <param name="runs">The runs of the fleet, the latest first.</param>
    /// <param name="worker">Who works on the latest; null if nobody does.</param>
    /// <returns>The history.</returns>
    public static FleetHistory Of(IEnumerable<RunReport> runs, string? worker)
    {
        ArgumentNullException.ThrowIfNull(runs);
        var left = new Dictionary<string, (PairReport Pair, RunReport Run)>(StringComparer.Ordinal);
        OpenRun? open = null;
        foreach (var run in runs)
        {
            if (run.EndedAt is null)
                open ??= new OpenRun(run.Run, run.State, run.AsOf, worker, [.. run.Pairs.Where(pair => pair.State is PairState.Refreshing or PairState.Soaking or PairState.RollingBack).Select(pair => pair.Name)]);
            foreach (var pair in run.Pairs.Where(pair => pair.State is not (PairState.Skipped or PairState.Pending)))
                left.TryAdd(pair.Name, (pair, run));
        }

        return new FleetHistory(
            left.Values.SelectMany(last => last.Pair.Members).Where(member => member.Out).ToDictionary(member => member.Id, member => member.Absences[^1].From),
            [.. left.Values.Where(last => last.Pair.State == PairState.Frozen).Select(last => new FrozenPair(last.Pair.Name, last.Run.Run, last.Pair.Ended ?? last.Run.AsOf, last.Pair.Why))],
            open);
    }
}

/// <summary>A pair that a run froze.</summary>
/// <param name="Pair">The pair.</param>
/// <param name="Run">The run.</param>
/// <param name="Since">Since when.</param>
/// <param name="Why">Why; null if the journal does not say.</param>
public sealed record FrozenPair(string Pair, string Run, DateTimeOffset Since, Reason? Why);

/// <summary>A run that has not ended.</summary>
/// <param name="Run">Its id.</param>
/// <param name="State">Its state.</param>
/// <param name="AsOf">When it wrote its last entry.</param>
/// <param name="Worker">Who works on it; null if nobody does.</param>
/// <param name="Pairs">The pairs that it is working on.</param>
public sealed record OpenRun(string Run, RunState State, DateTimeOffset AsOf, string? Worker, IReadOnlyList<string> Pairs);
