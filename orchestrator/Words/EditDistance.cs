namespace Refresh.Orchestrator.Words;

/// <summary>How far two words are apart, for guesses at what was meant.</summary>
internal static class EditDistance
{
    /// <summary>Edits between two words: insert, remove, replace, swap two neighbours.</summary>
    /// <param name="one">A word.</param>
    /// <param name="other">Another.</param>
    /// <returns>0 when they are the same.</returns>
    public static int Between(string one, string other)
    {
        var table = new int[one.Length + 1, other.Length + 1];
        for (var i = 0; i <= one.Length; i++)
        {
            for (var j = 0; j <= other.Length; j++)
                table[i, j] = Cell(table, one, other, i, j);
        }

        return table[one.Length, other.Length];
    }

    private static int Cell(int[,] table, string one, string other, int i, int j)
    {
        if (i == 0 || j == 0)
            return i + j;
        var best = Math.Min(table[i - 1, j], table[i, j - 1]) + 1;
        best = Math.Min(best, table[i - 1, j - 1] + (one[i - 1] == other[j - 1] ? 0 : 1));
        var swapped = i > 1 && j > 1 && one[i - 1] == other[j - 2] && one[i - 2] == other[j - 1];
        return swapped ? Math.Min(best, table[i - 2, j - 2] + 1) : best;
    }
}
