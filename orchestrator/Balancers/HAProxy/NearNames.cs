using Refresh.Orchestrator.Words;

namespace Refresh.Orchestrator.Balancers.HAProxy;

/// <summary>Names that may have been meant by one that is not known.</summary>
internal static class NearNames
{
    /// <summary>The three nearest by edit distance, within a third of the name's length.</summary>
    /// <param name="name">The name that is not known.</param>
    /// <param name="known">The names that are.</param>
    public static IReadOnlyList<string> Of(string name, IEnumerable<string> known) =>
    [
        .. known.Select(other => (Name: other, Distance: EditDistance.Between(name, other)))
            .Where(near => near.Distance <= Math.Max(2, name.Length / 3))
            .OrderBy(near => near.Distance)
            .ThenBy(near => near.Name, StringComparer.Ordinal)
            .Take(3)
            .Select(near => near.Name),
    ];
}
