using Refresh.Simulation.Faults;

namespace Refresh.Simulation.Bugs;

/// <summary>Looks for a planted bug.</summary>
internal static class Hunt
{
    /// <summary>Plays seeds until the promise is broken that the bug was to break. What else it breaks on the way does not count.</summary>
    /// <returns>After how many seeds, and what was broken; null when that was not.</returns>
    public static (int Seeds, string Broken)? For(Planted planted, int from, int seeds, CancellationToken cancellation)
    {
        for (var played = 1; played <= seeds && !cancellation.IsCancellationRequested; played++)
        {
            if (Playing.One(new Setting(from + played - 1) { Bug = planted.Bug.Fresh() }).Broken is { } broken && planted.IsFoundBy(broken))
                return (played, broken);
        }

        return null;
    }
}
