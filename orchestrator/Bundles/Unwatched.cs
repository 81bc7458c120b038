using Refresh.Workflows.Evidence;
using Refresh.Workflows.Fleets;
using Refresh.Workflows.Runs;

namespace Refresh.Orchestrator.Bundles;

/// <summary>A time in which members were away and nobody is known to have watched their peers: from the last entry of a worker that was lost to the take-over.</summary>
/// <param name="From">When the worker before wrote its last entry.</param>
/// <param name="To">When the run was taken over.</param>
/// <param name="Worker">Who took it over.</param>
/// <param name="Away">The members that were out of rotation meanwhile.</param>
internal sealed record Unwatched(DateTimeOffset From, DateTimeOffset To, string Worker, IReadOnlyList<MemberId> Away)
{
    /// <summary>All of a run, in order.</summary>
    public static IReadOnlyList<Unwatched> Of(RunReport report) =>
    [
        .. report.Journal.Zip(report.Journal.Skip(1))
            .Where(entries => entries.Second.Event is TakenOver)
            .Select(entries => new Unwatched(entries.First.At, entries.Second.At, ((TakenOver)entries.Second.Event).Worker, Absent(report, entries.First.At, entries.Second.At)))
            .Where(gap => gap.Away.Count > 0),
    ];

    private static IReadOnlyList<MemberId> Absent(RunReport report, DateTimeOffset from, DateTimeOffset to) =>
        [.. report.Members().Where(member => member.Absences.Any(absence => absence.From < to && (absence.To ?? to) > from)).Select(member => member.Id)];
}
