using System.Globalization;

namespace Refresh.Workflows.Reasons;

/// <summary>Counts in words, so that one is never told as many.</summary>
public static class Counted
{
    internal static string Pairs(int count) => Of(count, "pair");

    internal static string Members(int count) => Of(count, "member");

    internal static string FrozenPairs(int count) => $"{Pairs(count)} {(count == 1 ? "is" : "are")} frozen";

    /// <summary>A number with its thing: <c>1 pair</c>, <c>2 pairs</c>.</summary>
    /// <param name="count">How many.</param>
    /// <param name="one">The word for one.</param>
    /// <param name="many">The word for any other number; null where it only takes an s.</param>
    /// <returns>The words.</returns>
    public static string Of(long count, string one, string? many = null) =>
        string.Create(CultureInfo.InvariantCulture, $"{count} {(count == 1 ? one : many ?? one + "s")}");
}
