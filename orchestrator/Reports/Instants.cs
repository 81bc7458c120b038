using System.Globalization;

namespace Refresh.Orchestrator.Reports;

internal static class Instants
{
    public static string Full(DateTimeOffset at) => at.UtcDateTime.ToString("yyyy-MM-dd HH:mm:ss 'UTC'", CultureInfo.InvariantCulture);

    public static string Full(DateTimeOffset? at) => at is { } known ? Full(known) : "not yet";

    public static string Exact(DateTimeOffset at) => at.UtcDateTime.ToString("yyyy-MM-dd HH:mm:ss.fff", CultureInfo.InvariantCulture);

    public static string Clock(DateTimeOffset at) => at.UtcDateTime.ToString("HH:mm:ss", CultureInfo.InvariantCulture);

    public static string Tenths(DateTimeOffset at) => at.UtcDateTime.ToString("HH:mm:ss.f", CultureInfo.InvariantCulture);

    public static string Tenths(DateTimeOffset? at) => at is { } known ? Tenths(known) : "now";
}
