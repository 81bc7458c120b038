using Refresh.Orchestrator.Words;

namespace Refresh.Orchestrator.Images;

/// <summary>Finds what a mistyped name may have meant.</summary>
internal static class Spelling
{
    /// <summary>The nearest known name; null where none is near: two letters off, or a third of a longer name.</summary>
    public static string? Nearest(string asked, IReadOnlyList<string> known)
    {
        var nearest = known.MinBy(name => EditDistance.Between(asked, name));
        return nearest is not null && EditDistance.Between(asked, nearest) <= Math.Max(2, nearest.Length / 3) ? nearest : null;
    }

    /// <summary>The name without control characters.</summary>
    public static string Printable(string name) => string.Concat(name.Where(character => !char.IsControl(character)));
}
