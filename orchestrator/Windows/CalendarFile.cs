using System.Runtime.Serialization;
using Ical.Net;
using Ical.Net.CalendarComponents;
using Ical.Net.DataTypes;
using NodaTime;
using NodaTime.TimeZones;
using Refresh.Workflows.Ports;
using Refresh.Workflows.Reasons;
using Refresh.Workflows.Windows;
using Calendar = Ical.Net.Calendar;
using Period = Ical.Net.DataTypes.Period;

namespace Refresh.Orchestrator.Windows;

/// <summary>The events of an iCalendar file (RFC 5545): recurrences with their exceptions, without those that are cancelled.</summary>
internal static class CalendarFile
{
    /// <summary>The largest file that is read: 1 MiB.</summary>
    private const int MaxBytes = 1024 * 1024;

    /// <summary>More events in one horizon are a mistake, and looking for them takes time.</summary>
    private const int MostEvents = 20_000;

    /// <summary>Reads a file.</summary>
    /// <param name="path">The full path.</param>
    /// <param name="cancellation">Ends the call.</param>
    /// <returns>The calendar.</returns>
    /// <exception cref="AdapterException">It cannot be read, or holds no calendar.</exception>
    public static async Task<Calendar> ReadAsync(string path, CancellationToken cancellation)
    {
        try
        {
            if (new FileInfo(path).Length > MaxBytes)
                throw Unreadable(path, $"it is larger than {MaxBytes / 1024 / 1024} MiB");
            return Calendar.Load(await File.ReadAllTextAsync(path, cancellation)) ?? throw Unreadable(path, "it holds no VCALENDAR");
        }
        catch (Exception problem) when (problem is IOException or UnauthorizedAccessException or SerializationException or FormatException or ArgumentException or InvalidOperationException)
        {
            throw Unreadable(path, problem.Message);
        }
    }

    /// <summary>The times of its events in a horizon.</summary>
    /// <param name="calendar">The calendar.</param>
    /// <param name="path">Where it is, for messages.</param>
    /// <param name="zone">The zone of times that name none.</param>
    /// <param name="from">The begin of the horizon.</param>
    /// <param name="until">Its end.</param>
    /// <returns>Each event's time; an all-day event lasts from midnight to midnight.</returns>
    /// <exception cref="AdapterException">A recurrence or a time zone in it cannot be made sense of.</exception>
    public static IReadOnlyList<PatchWindow> Times(Calendar calendar, string path, DateTimeZone zone, DateTimeOffset from, DateTimeOffset until)
    {
        try
        {
            var times = calendar.GetOccurrences<CalendarEvent>(new CalDateTime(from.UtcDateTime))
                .Where(occurrence => !string.Equals(((CalendarEvent)occurrence.Source).Status, EventStatus.Cancelled, StringComparison.OrdinalIgnoreCase))
                .Select(occurrence => Time(occurrence.Period, zone))
                .TakeWhile(time => time.Start < until)
                .Take(MostEvents)
                .ToList();
            return times.Count < MostEvents ? times : throw Unreadable(path, $"it has {MostEvents} events or more until {until:yyyy-MM-dd}");
        }
        catch (Exception problem) when (problem is not AdapterException and not OutOfMemoryException)
        {
            // The library answers damaged recurrences and zones with exceptions of many kinds.
            throw Unreadable(path, problem.Message);
        }
    }

    private static PatchWindow Time(Period period, DateTimeZone zone)
    {
        var start = Instant(period.StartTime, zone, Resolvers.LenientResolver);
        var end = period.EffectiveEndTime is { } told ? Instant(told, zone, Resolvers.LenientResolver) : start;
        return new PatchWindow(start, end);
    }

    private static DateTimeOffset Instant(CalDateTime time, DateTimeZone zone, ZoneLocalMappingResolver resolve) => time.IsFloating
        ? LocalDateTime.FromDateTime(time.Value).InZone(zone, resolve).ToDateTimeOffset().ToUniversalTime()
        : new DateTimeOffset(time.AsUtc, TimeSpan.Zero);

    private static AdapterException Unreadable(string path, string why) =>
        new(new Reason("calendar-unreadable", $"calendar {path} cannot be read: {why}", "the file is mended; nothing is begun before, unless its windows were known already"));
}
