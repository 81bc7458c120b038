using System.Globalization;

namespace Refresh.Orchestrator.Reports;

/// <summary>Instants in reports: always UTC, and always said so.</summary>
internal static class Instants
{
    public static string Full(DateTimeOffset at) => at.UtcDateTime.ToString("yyyy-MM-dd HH:mm:ss 'UTC'", CultureInfo.InvariantCulture);

    public static string Full(DateTimeOffset? at) => at is { } known ? Full(known) : "not yet";

    public static string Exact(DateTimeOffset at) => at.UtcDateTime.ToString("yyyy-MM-dd HH:mm:ss.fff", CultureInfo.InvariantCulture);

    public static string Clock(DateTimeOffset at) => at.UtcDateTime.ToString("HH:mm:ss", CultureInfo.InvariantCulture);

    public static string Clock(DateTimeOffset? at) => at is { } known ? Clock(known) : "now";
}
