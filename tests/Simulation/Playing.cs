using System.Collections.Concurrent;
using Refresh.Simulation.Faults;
using Refresh.Simulation.Proof;

namespace Refresh.Simulation;

/// <summary>Plays many seeds, as many at once as there are cores; each on a thread of its own.</summary>
internal static class Playing
{
    /// <summary>Plays one seed.</summary>
    public static Played One(Setting setting) => new Play(setting).ToTheEnd();

    /// <summary>Plays seeds until all are played or so many have broken a promise.</summary>
    /// <param name="settings">What to play.</param>
    /// <param name="most">Stop after so many that broke a promise.</param>
    /// <param name="cancellation">Ends the play.</param>
    public static Many All(IEnumerable<Setting> settings, int most, CancellationToken cancellation)
    {
        var coverage = new Coverage();
        var broken = new ConcurrentBag<(Setting Setting, string Broken)>();
        var (seeds, steps, time) = (0L, 0L, TimeSpan.Zero);
        Parallel.ForEach(Partitioner.Create(settings, EnumerablePartitionerOptions.NoBuffering), (setting, loop) =>
        {
            if (cancellation.IsCancellationRequested)
                loop.Stop();
            var played = One(setting);
            if (played.Broken is { } promise)
                broken.Add((setting, promise));
            lock (coverage)
            {
                coverage.Add(played.Coverage);
                (seeds, steps, time) = (seeds + 1, steps + played.Steps, time + played.Time);
            }

            if (broken.Count >= most)
                loop.Stop();
        });
        return new Many(seeds, steps, time, coverage, [.. broken.OrderBy(each => each.Setting.Seed)]);
    }
}

/// <summary>What came of playing many seeds.</summary>
/// <param name="Seeds">How many were played.</param>
/// <param name="Steps">The steps they took.</param>
/// <param name="Time">The virtual time they took.</param>
/// <param name="Coverage">What was counted.</param>
/// <param name="Broken">Those that broke a promise.</param>
internal sealed record Many(long Seeds, long Steps, TimeSpan Time, Coverage Coverage, IReadOnlyList<(Setting Setting, string Broken)> Broken);
