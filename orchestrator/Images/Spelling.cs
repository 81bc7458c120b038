namespace Refresh.Orchestrator.Images;

/// <summary>Finds what a mistyped name may have meant.</summary>
internal static class Spelling
{
    /// <summary>The nearest known name; null where none is near: two letters off, or a third of a longer name.</summary>
    public static string? Nearest(string asked, IReadOnlyList<string> known)
    {
        var nearest = known.MinBy(name => Distance(asked, name));
        return nearest is not null && Distance(asked, nearest) <= Math.Max(2, nearest.Length / 3) ? nearest : null;
    }

    /// <summary>The name without control characters.</summary>
    public static string Printable(string name) => string.Concat(name.Where(character => !char.IsControl(character)));

    // Levenshtein's distance, one row at a time.
    private static int Distance(string left, string right)
    {
        var row = Enumerable.Range(0, right.Length + 1).ToArray();
        for (var i = 1; i <= left.Length; i++)
        {
            var diagonal = row[0];
            row[0] = i;
            for (var j = 1; j <= right.Length; j++)
                (diagonal, row[j]) = (row[j], Math.Min(Math.Min(row[j], row[j - 1]) + 1, diagonal + (left[i - 1] == right[j - 1] ? 0 : 1)));
        }
        return row[^1];
    }
}
