using System.Globalization;

namespace Refresh.PulumiStandIn;

/// <summary>Instants as Go writes them.</summary>
internal static class Clock
{
    public static string Now() => DateTime.UtcNow.ToString("yyyy-MM-ddTHH:mm:ss.fffffff'Z'", CultureInfo.InvariantCulture);

    public static long Seconds() => DateTimeOffset.UtcNow.ToUnixTimeSeconds();
}
