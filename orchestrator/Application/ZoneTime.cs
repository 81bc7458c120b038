using System.Globalization;
using NodaTime;

namespace Refresh.Orchestrator.Application;

/// <summary>Instants in a fleet's own time.</summary>
internal static class ZoneTime
{
    /// <summary>An instant in a time zone, with what that is from UTC.</summary>
    /// <param name="at">The instant.</param>
    /// <param name="timeZone">The IANA name of the zone.</param>
    /// <returns>For example <c>Tue 2026-12-08 02:00 +01:00</c>.</returns>
    public static string Of(DateTimeOffset at, string timeZone) =>
        Instant.FromDateTimeOffset(at).InZone(DateTimeZoneProviders.Tzdb[timeZone]).ToDateTimeOffset().ToString("ddd yyyy-MM-dd HH:mm zzz", CultureInfo.InvariantCulture);
}
