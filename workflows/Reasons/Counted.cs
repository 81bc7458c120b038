using System.Globalization;

namespace Refresh.Workflows.Reasons;

/// <summary>Counts in words, so that one is never told as many.</summary>
internal static class Counted
{
    public static string Pairs(int count) => Of(count, "pair", "pairs");

    public static string Members(int count) => Of(count, "member", "members");

    public static string FrozenPairs(int count) => $"{Pairs(count)} {(count == 1 ? "is" : "are")} frozen";

    private static string Of(int count, string one, string many) => string.Create(CultureInfo.InvariantCulture, $"{count} {(count == 1 ? one : many)}");
}
