using Cronos;
using NodaTime;
using NodaTime.Text;
using Refresh.Orchestrator.FleetFiles.Reading;
using Refresh.Orchestrator.FleetFiles.Yaml;
using Refresh.Orchestrator.Settings;
using Refresh.Orchestrator.Windows;
using Refresh.Workflows.Fleets;

namespace Refresh.Orchestrator.FleetFiles.Sections;

/// <summary>When the fleet may be worked on.</summary>
internal static class WindowsSection
{
    private const int Most = 100;

    private static readonly LocalDatePattern s_date = LocalDatePattern.Iso;
    private static readonly LocalDateTimePattern s_minute = LocalDateTimePattern.CreateWithInvariantCulture("uuuu-MM-dd'T'HH:mm");

    /// <summary>The settings for the calendar and the policy for the core; null when there are no windows.</summary>
    public static Windows? Read(Field field, string directory) => field.IsGiven ? field.Mapping(map => Read(map, directory)) : null;

    private static Windows Read(MappingReader map, string directory)
    {
        var settings = new WindowSettings(
            Zone(map.Required("timeZone")) ?? "UTC",
            map.Required("open").List(item => item.Mapping(kinds => kinds.OneOf<OpeningSettings>(("cron", Cron), ("calendar", each => Calendar(each, directory)))), atMost: Most) ?? [],
            map.Optional("freezes").List(item => item.Mapping(kinds => kinds.OneOf<FreezeSettings>(("dates", Dates), ("calendar", each => Freeze(each, directory)))), atMost: Most) ?? [],
            map.Optional("jitter").DurationOrNone() ?? TimeSpan.Zero,
            map.Optional("start").Choice(("none", WindowStart.None), ("propose", WindowStart.Propose), ("run", WindowStart.Run)) ?? WindowStart.None,
            map.Optional("missed").Choice(("skip", MissedWindow.Skip), ("run-once", MissedWindow.RunOnce)) ?? MissedWindow.Skip);
        var policy = new WindowPolicy
        {
            AtEnd = map.Optional("atEnd").Choice(("wait", WindowEnd.Wait), ("cancel", WindowEnd.Cancel)) ?? WindowEnd.Wait,
            Estimate = map.Optional("estimate").Duration(),
        };
        return new Windows(settings, policy);
    }

    private static string? Zone(Field field) => field.Text() is not { } zone ? null
        : DateTimeZoneProviders.Tzdb.GetZoneOrNull(zone) is not null && TimeZoneInfo.TryFindSystemTimeZoneById(zone, out _) ? zone
        : field.Fail<string>($"'{field.Path}' must be an IANA time zone, not {field.Written}", "for example Europe/Stockholm, America/New_York or UTC");

    private static CronOpening? Cron(MappingReader map)
    {
        var at = map.Required("at");
        var duration = map.Required("duration").Duration();
        if (at.Text() is not { } expression)
            return null;
        if (!CronExpression.TryParse(expression, CronFormat.Standard, out var cron))
            return at.Fail<CronOpening>($"'{at.Path}' must be a cron expression of five fields, not {at.Written}", "minute hour day month weekday, for example '0 2 * * TUE#2' for 02:00 on the second Tuesday");
        if (duration is not { } length)
            return null;
        if (!PatchCalendar.Ends(cron, length))
            return at.Fail<CronOpening>($"'{at.Path}' is {at.Written}, whose windows run into each other for more than 31 days", "where work may always be done, leave 'windows' out");
        return new CronOpening(expression, length);
    }

    private static CalendarOpening? Calendar(MappingReader map, string directory) =>
        map.Required("file").File(directory) is { } file ? new CalendarOpening(file) : null;

    private static CalendarFreeze? Freeze(MappingReader map, string directory) =>
        map.Required("file").File(directory) is { } file ? new CalendarFreeze(file) : null;

    private static DateFreeze? Dates(MappingReader map)
    {
        var begin = map.Required("from");
        var end = map.Required("to");
        var why = map.Optional("why").Text() ?? string.Empty;
        return (Time(begin), Time(end)) switch
        {
            ({ } from, { } to) when from < to => new DateFreeze(from, to, why),
            ({ } from, { }) => end.Fail<DateFreeze>($"'{end.Path}' must be later than 'from', which is {s_minute.Format(from)}", "'to' is the first day, or minute, after the freeze"),
            _ => null,
        };
    }

    private static LocalDateTime? Time(Field field)
    {
        if (field.Value is not YamlScalar { Text: var text })
            return field.Fail<LocalDateTime?>($"'{field.Path}' must be a date, not {field.Written}");
        if (s_date.Parse(text) is { Success: true } date)
            return date.Value.AtMidnight();
        return s_minute.Parse(text) is { Success: true } minute
            ? minute.Value
            : field.Fail<LocalDateTime?>($"'{field.Path}' must be a date or a local time, not {field.Written}", "write 2026-12-20 or 2026-12-20T18:00");
    }

    /// <summary>What a file says about windows.</summary>
    /// <param name="Settings">For the calendar.</param>
    /// <param name="Policy">For the core.</param>
    internal sealed record Windows(WindowSettings Settings, WindowPolicy Policy);
}
