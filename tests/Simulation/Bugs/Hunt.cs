using Refresh.Simulation.Faults;

namespace Refresh.Simulation.Bugs;

/// <summary>Looks for a planted bug.</summary>
internal static class Hunt
{
    /// <summary>Plays seeds until a promise is broken.</summary>
    /// <returns>After how many seeds, and what was broken; null when nothing was.</returns>
    public static (int Seeds, string Broken)? For(PlantedBug bug, int from, int seeds, CancellationToken cancellation)
    {
        for (var played = 1; played <= seeds && !cancellation.IsCancellationRequested; played++)
        {
            if (Playing.One(new Setting(from + played - 1) { Bug = bug.Fresh() }).Broken is { } broken)
                return (played, broken);
        }

        return null;
    }
}
