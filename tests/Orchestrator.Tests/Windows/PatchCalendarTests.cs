using System.Globalization;
using NodaTime;
using Refresh.Orchestrator.Settings;
using Refresh.Orchestrator.Windows;
using Refresh.Workflows.Ports;
using Xunit;

namespace Refresh.Orchestrator.Tests.Windows;

/// <summary>Windows by cron and by calendar, on real time zones (reference: windows).</summary>
public sealed class PatchCalendarTests : IDisposable
{
    private readonly string _directory = Directory.CreateTempSubdirectory("refresh-windows-").FullName;

    [Fact]
    public async Task The_second_Tuesday_of_each_month_opens_a_window()
    {
        var windows = await WindowsAsync("2026-11-01T00:00Z", [new CronOpening("0 2 * * TUE#2", TimeSpan.FromHours(4))]);
        Assert.Equal(["2026-11-10T01:00Z 4 h", "2026-12-08T01:00Z 4 h", "2027-01-12T01:00Z 4 h"], windows.Take(3));
    }

    [Fact]
    public async Task Windows_of_many_starts_keep_their_begin_and_those_to_come_are_seen()
    {
        var windows = await WindowsAsync("2026-11-01T12:10Z", [new CronOpening("* 0-22 * * *", TimeSpan.FromMinutes(30))], zone: "UTC");
        Assert.Equal(["2026-11-01T00:00Z 23.48 h", "2026-11-02T00:00Z 23.48 h", "2026-11-03T00:00Z 23.48 h"], windows.Take(3));
        var outlook = await new PatchCalendar("shop", Settings([new CronOpening("* 0-22 * * *", TimeSpan.FromMinutes(30))], zone: "UTC")).LookAsync(At("2026-11-01T12:10Z"), TestContext.Current.CancellationToken);
        Assert.True(outlook.Windows.Count < PatchCalendar.MostWindows && outlook.Until < At("2026-11-20T00:00Z"), "it tells how far it saw");
    }

    [Theory]
    [InlineData("* * * * *", 1, false)]
    [InlineData("0 * * * *", 60, false)]
    [InlineData("0 * * * *", 59, true)]
    [InlineData("* * * 6 *", 60, true)]
    [InlineData("* * * 6-8 *", 60, false)]
    [InlineData("0 2 * * TUE#2", 240, true)]
    [InlineData("0 0 30 2 *", 60, true)]
    public void Windows_that_run_into_each_other_for_ever_are_known(string cron, int minutes, bool ends) =>
        Assert.Equal(ends, PatchCalendar.Ends(Cronos.CronExpression.Parse(cron), TimeSpan.FromMinutes(minutes)));

    [Fact]
    public async Task A_start_in_the_hour_that_spring_leaves_out_is_at_its_end_and_the_window_lasts_as_long()
    {
        var windows = await WindowsAsync("2026-03-28T12:00Z", [new CronOpening("30 2 * * *", TimeSpan.FromHours(2))]);
        Assert.Equal(["2026-03-29T01:00Z 2 h", "2026-03-30T00:30Z 2 h"], windows.Take(2));
    }

    [Fact]
    public async Task A_start_in_the_hour_that_autumn_has_twice_is_once_at_the_first()
    {
        var windows = await WindowsAsync("2026-10-24T12:00Z", [new CronOpening("30 2 * * *", TimeSpan.FromHours(2))]);
        Assert.Equal(["2026-10-25T00:30Z 2 h", "2026-10-26T01:30Z 2 h"], windows.Take(2));
    }

    [Fact]
    public async Task The_zone_is_the_one_of_the_fleet()
    {
        var windows = await WindowsAsync("2026-03-07T12:00Z", [new CronOpening("30 2 * * *", TimeSpan.FromHours(1))], zone: "America/New_York");
        Assert.Equal(["2026-03-08T07:00Z 1 h", "2026-03-09T06:30Z 1 h"], windows.Take(2));
    }

    [Fact]
    public async Task A_window_that_began_before_now_is_the_first()
    {
        var windows = await WindowsAsync("2026-11-10T03:00Z", [new CronOpening("0 2 * * TUE#2", TimeSpan.FromHours(4))]);
        Assert.Equal("2026-11-10T01:00Z 4 h", windows[0]);
    }

    [Fact]
    public async Task A_freeze_takes_its_days_out_and_cuts_what_reaches_into_it()
    {
        var freeze = new DateFreeze(new LocalDateTime(2026, 11, 2, 3, 0), new LocalDateTime(2026, 11, 4, 0, 0), "trade");
        var windows = await WindowsAsync("2026-11-01T12:00Z", [new CronOpening("0 2 * * *", TimeSpan.FromHours(4))], [freeze]);
        Assert.Equal(["2026-11-02T01:00Z 1 h", "2026-11-04T01:00Z 4 h"], windows.Take(2));
    }

    [Fact]
    public async Task A_freeze_until_an_hour_that_is_there_twice_ends_at_the_second()
    {
        var freeze = new DateFreeze(new LocalDateTime(2026, 10, 24, 0, 0), new LocalDateTime(2026, 10, 25, 2, 30), "trade");
        var windows = await WindowsAsync("2026-10-24T12:00Z", [new CronOpening("0 0 * * SUN", TimeSpan.FromHours(6))], [freeze]);
        Assert.Equal("2026-10-25T01:30Z 2.5 h", windows[0]);
    }

    [Fact]
    public async Task Windows_that_touch_are_one()
    {
        var windows = await WindowsAsync("2026-11-01T12:00Z", [new CronOpening("0 2 2 11 *", TimeSpan.FromHours(2)), new CronOpening("0 4 2 11 *", TimeSpan.FromHours(2))]);
        Assert.Equal("2026-11-02T01:00Z 4 h", windows[0]);
    }

    [Fact]
    public async Task Events_of_a_calendar_are_windows_without_those_that_are_excepted_moved_or_cancelled()
    {
        var file = Calendar("""
            BEGIN:VEVENT
            UID:1
            DTSTART;TZID=Europe/Stockholm:20261101T020000
            DTEND;TZID=Europe/Stockholm:20261101T040000
            RRULE:FREQ=WEEKLY;BYDAY=SU
            EXDATE;TZID=Europe/Stockholm:20261108T020000
            END:VEVENT
            BEGIN:VEVENT
            UID:1
            RECURRENCE-ID;TZID=Europe/Stockholm:20261115T020000
            DTSTART;TZID=Europe/Stockholm:20261116T020000
            DTEND;TZID=Europe/Stockholm:20261116T030000
            END:VEVENT
            BEGIN:VEVENT
            UID:2
            STATUS:CANCELLED
            DTSTART:20261109T000000Z
            DTEND:20261110T000000Z
            END:VEVENT
            """);
        var windows = await WindowsAsync("2026-10-31T00:00Z", [new CalendarOpening(file)]);
        Assert.Equal(["2026-11-01T01:00Z 2 h", "2026-11-16T01:00Z 1 h", "2026-11-22T01:00Z 2 h"], windows.Take(3));
    }

    [Fact]
    public async Task Times_without_a_zone_and_whole_days_are_those_of_the_fleet()
    {
        var file = Calendar("""
            BEGIN:VEVENT
            UID:1
            DTSTART:20261102T013000
            DURATION:PT2H
            END:VEVENT
            BEGIN:VEVENT
            UID:2
            DTSTART;VALUE=DATE:20261110
            DTEND;VALUE=DATE:20261111
            END:VEVENT
            """);
        var windows = await WindowsAsync("2026-10-31T00:00Z", [new CalendarOpening(file)]);
        Assert.Equal(["2026-11-02T00:30Z 2 h", "2026-11-09T23:00Z 24 h"], windows);
    }

    [Fact]
    public async Task Events_of_a_calendar_freeze()
    {
        var file = Calendar("""
            BEGIN:VEVENT
            UID:1
            DTSTART;VALUE=DATE:20261102
            DTEND;VALUE=DATE:20261104
            END:VEVENT
            """);
        var windows = await WindowsAsync("2026-11-01T12:00Z", [new CronOpening("0 2 * * *", TimeSpan.FromHours(4))], [new CalendarFreeze(file)]);
        Assert.Equal("2026-11-04T01:00Z 4 h", windows[0]);
    }

    [Fact]
    public async Task Jitter_puts_a_fleets_windows_off_by_the_same_share_each_time_and_other_fleets_by_others()
    {
        var delays = Enumerable.Range(0, 50).Select(number => new PatchCalendar($"shop-{number}", Settings([new CronOpening("0 2 * * *", TimeSpan.FromHours(4))]) with { Jitter = TimeSpan.FromMinutes(10) }).Delay).ToList();
        Assert.All(delays, delay => Assert.InRange(delay, TimeSpan.Zero, TimeSpan.FromMinutes(10)));
        Assert.True(delays.Distinct().Count() > 40);
        var calendar = new PatchCalendar("shop-1", Settings([new CronOpening("0 2 * * *", TimeSpan.FromHours(4))]) with { Jitter = TimeSpan.FromMinutes(10) });
        var first = (await calendar.LookAsync(At("2026-11-01T12:00Z"), TestContext.Current.CancellationToken)).Windows[0];
        Assert.Equal((At("2026-11-02T01:00Z") + delays[1], At("2026-11-02T05:00Z")), (first.Start, first.End));
    }

    [Theory]
    [InlineData("")]
    [InlineData("hello")]
    [InlineData("BEGIN:VCALENDAR\nBEGIN:VEVENT\n")]
    [InlineData("BEGIN:VCALENDAR\nBEGIN:VEVENT\nUID:1\nDTSTART:99999999T999999\nRRULE:FREQ=SOMETIMES\nEND:VEVENT\nEND:VCALENDAR\n")]
    [InlineData("BEGIN:VCALENDAR\nBEGIN:VEVENT\nUID:1\nDTSTART;TZID=Nowhere/Land:20261102T013000\nDURATION:PT2H\nEND:VEVENT\nEND:VCALENDAR\n")]
    [InlineData("BEGIN:VCALENDAR\nBEGIN:VEVENT\nUID:1\nDTSTART:20261102T013000Z\nDURATION:PT1S\nRRULE:FREQ=SECONDLY\nEND:VEVENT\nEND:VCALENDAR\n")]
    public async Task A_calendar_that_cannot_be_made_sense_of_opens_nothing_and_is_named(string text)
    {
        var file = Path.Combine(_directory, "bad.ics");
        await File.WriteAllTextAsync(file, text, TestContext.Current.CancellationToken);
        var refused = await Assert.ThrowsAsync<AdapterException>(() => WindowsAsync("2026-11-01T12:00Z", [new CalendarOpening(file)]));
        Assert.Contains(file, refused.Reason.Text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_calendar_that_is_not_there_is_named()
    {
        var file = Path.Combine(_directory, "none.ics");
        var refused = await Assert.ThrowsAsync<AdapterException>(() => WindowsAsync("2026-11-01T12:00Z", [new CalendarOpening(file)]));
        Assert.Contains(file, refused.Reason.Text, StringComparison.Ordinal);
    }

    public void Dispose() => Directory.Delete(_directory, recursive: true);

    private string Calendar(string events)
    {
        var file = Path.Combine(_directory, $"{Guid.NewGuid():N}.ics");
        File.WriteAllText(file, $"BEGIN:VCALENDAR\r\nVERSION:2.0\r\nPRODID:-//shop//EN\r\n{events.ReplaceLineEndings("\r\n")}\r\nEND:VCALENDAR\r\n");
        return file;
    }

    private static WindowSettings Settings(IReadOnlyList<OpeningSettings> open, IReadOnlyList<FreezeSettings>? freezes = null, string zone = "Europe/Stockholm") =>
        new(zone, open, freezes ?? [], TimeSpan.Zero, WindowStart.None, MissedWindow.Skip);

    private static async Task<List<string>> WindowsAsync(string at, IReadOnlyList<OpeningSettings> open, IReadOnlyList<FreezeSettings>? freezes = null, string zone = "Europe/Stockholm")
    {
        var outlook = await new PatchCalendar("shop", Settings(open, freezes, zone)).LookAsync(At(at), TestContext.Current.CancellationToken);
        return [.. outlook.Windows.Select(window => string.Create(CultureInfo.InvariantCulture, $"{window.Start.UtcDateTime:yyyy-MM-dd'T'HH:mm}Z {window.Length.TotalHours:0.##} h"))];
    }

    private static DateTimeOffset At(string text) => DateTimeOffset.Parse(text, CultureInfo.InvariantCulture);
}
