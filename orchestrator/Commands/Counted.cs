using System.Globalization;

namespace Refresh.Orchestrator.Commands;

/// <summary>Numbers of things.</summary>
internal static class Counted
{
    /// <summary>A number with its thing: <c>1 pair</c>, <c>2 pairs</c>.</summary>
    public static string Of(long number, string one, string? many = null) =>
        string.Create(CultureInfo.InvariantCulture, $"{number} {(number == 1 ? one : many ?? one + "s")}");
}
