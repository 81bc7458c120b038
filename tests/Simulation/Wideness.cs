using System.Diagnostics;
using System.Globalization;
using Refresh.Simulation.Faults;
using Refresh.Workflows.Machines;

namespace Refresh.Simulation;

/// <summary>A large calm fleet, measured.</summary>
/// <param name="Pairs">Its pairs.</param>
/// <param name="Broken">The promise that was broken, or null.</param>
/// <param name="Ended">How the run ended; a pair that was never begun lets none succeed.</param>
/// <param name="Real">The time it took.</param>
/// <param name="Virtual">The virtual time it took.</param>
/// <param name="MostPairsOut">The most pairs that had a member out at once.</param>
/// <param name="LongestPair">The virtual time that the slowest pair took, from its begin to its end.</param>
/// <param name="Entries">Entries in the journal.</param>
/// <param name="Memory">Bytes that are alive at the end, the journal in memory included.</param>
internal sealed record Wideness(int Pairs, string? Broken, RunState? Ended, TimeSpan Real, TimeSpan Virtual, int MostPairsOut, TimeSpan LongestPair, int Entries, long Memory)
{
    public static Wideness Measure(int seed, int pairs, int atOnce)
    {
        var play = new Play(new Setting(seed) { CalmPairs = pairs, AtOnce = atOnce });
        var watch = Stopwatch.StartNew();
        var played = play.ToTheEnd();
        watch.Stop();
        var memory = GC.GetTotalMemory(forceFullCollection: true);
        var began = new Dictionary<string, DateTimeOffset>(StringComparer.Ordinal);
        var longest = TimeSpan.Zero;
        foreach (var entry in play.World.Journal.Entries)
        {
            if (entry.Event is Workflows.Runs.PairMoved { To: PairState.Refreshing } begun)
                began[begun.Pair] = entry.At;
            else if (entry.Event is Workflows.Runs.PairMoved { To: PairState.Refreshed } done && entry.At - began[done.Pair] > longest)
                longest = entry.At - began[done.Pair];
        }

        return new Wideness(pairs, played.Broken, played.Run?.State, watch.Elapsed, played.Time, play.World.Observer.MostPairsOut, longest, play.World.Journal.Entries.Count, memory);
    }

    public override string ToString() => string.Create(
        CultureInfo.InvariantCulture,
        $"{Pairs:N0} pairs, {Ended}, at most {MostPairsOut} reduced at once: {Virtual.TotalHours:0.0} h of virtual time in {Real.TotalSeconds:0.0} s ({Pairs / Real.TotalSeconds:N0} pairs per second); the slowest pair took {LongestPair.TotalSeconds:0} s; {Entries:N0} journal entries; {Memory / 1048576.0:N0} MiB in all, {Memory / 1024.0 / Pairs:N0} KiB a pair{(Broken is null ? string.Empty : "; " + Broken)}");
}
