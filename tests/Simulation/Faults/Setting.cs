using System.Collections.Immutable;
using Refresh.Simulation.Bugs;

namespace Refresh.Simulation.Faults;

/// <summary>What is played: a seed, and what is left out of what it stands for.</summary>
/// <param name="Seed">The seed.</param>
internal sealed record Setting(int Seed)
{
    /// <summary>At most so many pairs.</summary>
    public int MaxPairs { get; init; } = 4;

    /// <summary>Faults that never strike.</summary>
    public ImmutableHashSet<Fault> Off { get; init; } = [];

    /// <summary>Strikes that are left out, by their number.</summary>
    public ImmutableHashSet<(Fault Fault, int Strike)> Spared { get; init; } = [];

    /// <summary>A planted bug, or null.</summary>
    public PlantedBug? Bug { get; init; }

    /// <summary>The first worker is killed before this step; 0 for never.</summary>
    public long KillAt { get; init; }

    /// <summary>Nothing goes wrong, with exactly so many pairs; 0 for what the seed says.</summary>
    public int CalmPairs { get; init; }

    /// <summary>Pairs at once in a calm fleet.</summary>
    public int AtOnce { get; init; } = 100;
}
