using System.Globalization;
using Refresh.Orchestrator.Engine;
using Refresh.Orchestrator.Journals;
using Refresh.Workflows.Fleets;
using Refresh.Workflows.Machines;
using Refresh.Workflows.Runs;

namespace Refresh.Benchmarks.Lab;

/// <summary>Where the time of a run went, from its journal: the mean of each step over all members.</summary>
internal static class StepTimes
{
    private static readonly MemberState[] s_steps = [MemberState.Guarding, MemberState.Draining, MemberState.Rebuilding, MemberState.Verifying, MemberState.Rejoining, MemberState.Soaking];

    public static string Header => $"| Pairs | {string.Join(" | ", s_steps.Select(step => $"{step} (s)"))} | Before the first, after the last (s) |\n|---:|{string.Concat(s_steps.Select(_ => "---:|"))}---:|";

    /// <summary>The row of the latest run in a journal.</summary>
    /// <param name="pairs">The pairs of its fleet.</param>
    /// <param name="path">The journal.</param>
    public static async Task<string> RowAsync(int pairs, string path)
    {
        await using var journal = await SqliteRunJournal.OpenAsync(path, TimeProvider.System, CancellationToken.None);
        var latest = (await journal.RunsAsync(null, 1, CancellationToken.None))[0];
        var entries = (await RunHistory.ReadAsync(journal, latest.Run, CancellationToken.None)).Entries;
        var since = new Dictionary<MemberId, DateTimeOffset>();
        var times = s_steps.ToDictionary(step => step, _ => new List<double>());
        DateTimeOffset? first = null, last = null;
        foreach (var entry in entries)
        {
            if (entry.Event is not MemberMoved moved)
                continue;
            if (times.TryGetValue(moved.From, out var step))
                step.Add((entry.At - since[moved.Member]).TotalSeconds);
            since[moved.Member] = entry.At;
            first ??= entry.At;
            last = entry.At;
        }

        var around = (first - entries[0].At + (entries[^1].At - last))?.TotalSeconds;
        return string.Create(CultureInfo.InvariantCulture, $"| {pairs} | {string.Join(" | ", s_steps.Select(step => times[step].DefaultIfEmpty().Average().ToString("0.00", CultureInfo.InvariantCulture)))} | {around:0.00} |");
    }
}
