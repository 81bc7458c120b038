using Refresh.Orchestrator.Words;

namespace Refresh.Orchestrator.FleetFiles.Reading;

/// <summary>Guesses what a user meant to write.</summary>
internal static class Suggestion
{
    /// <summary>"did you mean …" for a known word that is close, else the list of all of them.</summary>
    public static string For(string word, IReadOnlyCollection<string> known) =>
        Nearest(word, known) is { } nearest ? $"did you mean '{nearest}'?" : $"known here: {string.Join(", ", known)}";

    private static string? Nearest(string word, IReadOnlyCollection<string> known) => known
        .Where(candidate => Math.Abs(word.Length - candidate.Length) <= Tolerance(candidate) + 2)
        .Select(candidate => (Distance: EditDistance.Between(Plain(word), Plain(candidate)), Candidate: candidate))
        .Where(pair => pair.Distance <= Tolerance(pair.Candidate))
        .OrderBy(pair => pair.Distance)
        .FirstOrDefault().Candidate;

    private static int Tolerance(string word) => Math.Max(1, word.Length / 3);

    // Case and dashes count nothing.
    private static string Plain(string word) =>
        word.Replace("-", string.Empty, StringComparison.Ordinal).Replace("_", string.Empty, StringComparison.Ordinal).ToUpperInvariant();
}
