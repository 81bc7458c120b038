namespace Refresh.Orchestrator.FleetFiles.Reading;

/// <summary>Guesses what a user meant to write.</summary>
internal static class Suggestion
{
    /// <summary>"did you mean …" for a known word that is close, else the list of all of them.</summary>
    public static string For(string word, IReadOnlyCollection<string> known) =>
        Nearest(word, known) is { } nearest ? $"did you mean '{nearest}'?" : $"known here: {string.Join(", ", known)}";

    private static string? Nearest(string word, IReadOnlyCollection<string> known) => known
        .Where(candidate => Math.Abs(word.Length - candidate.Length) <= Tolerance(candidate) + 2)
        .Select(candidate => (Distance: Distance(word, candidate), Candidate: candidate))
        .Where(pair => pair.Distance <= Tolerance(pair.Candidate))
        .OrderBy(pair => pair.Distance)
        .FirstOrDefault().Candidate;

    private static int Tolerance(string word) => Math.Max(1, word.Length / 3);

    /// <summary>Edits between two words: insert, remove, replace, swap two neighbours; case and dashes count nothing.</summary>
    private static int Distance(string left, string right)
    {
        string a = Plain(left), b = Plain(right);
        var table = new int[a.Length + 1, b.Length + 1];
        for (var i = 0; i <= a.Length; i++)
        {
            for (var j = 0; j <= b.Length; j++)
                table[i, j] = Cell(table, a, b, i, j);
        }

        return table[a.Length, b.Length];
    }

    private static int Cell(int[,] table, string a, string b, int i, int j)
    {
        if (i == 0 || j == 0)
            return i + j;
        var best = Math.Min(table[i - 1, j], table[i, j - 1]) + 1;
        best = Math.Min(best, table[i - 1, j - 1] + (a[i - 1] == b[j - 1] ? 0 : 1));
        var swapped = i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1];
        return swapped ? Math.Min(best, table[i - 2, j - 2] + 1) : best;
    }

    private static string Plain(string word) =>
        word.Replace("-", string.Empty, StringComparison.Ordinal).Replace("_", string.Empty, StringComparison.Ordinal).ToUpperInvariant();
}
