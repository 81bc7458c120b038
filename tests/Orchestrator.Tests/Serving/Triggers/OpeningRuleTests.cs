using CsCheck;
using Microsoft.Extensions.Time.Testing;
using Refresh.Orchestrator.Journals.Service;
using Refresh.Orchestrator.Serving.Triggers;
using Refresh.Orchestrator.Settings;
using Refresh.Orchestrator.Windows;
using Refresh.Workflows.Windows;
using Xunit;

namespace Refresh.Orchestrator.Tests.Serving.Triggers;

/// <summary>When a patch window starts a run: in virtual time, on real zones, over restarts.</summary>
public sealed class OpeningRuleTests
{
    private static readonly DateTimeOffset s_two = new(2026, 11, 24, 2, 0, 0, TimeSpan.Zero);
    private static readonly PatchWindow s_window = new(s_two, s_two.AddHours(4));

    /// <summary>Zones with the day on which their clocks change, and how often 02:30 is a time of it.</summary>
    public static TheoryData<string, string> Changes => new()
    {
        { "Europe/Stockholm", "2026-10-25" },
        { "Europe/Stockholm", "2027-03-28" },
        { "America/New_York", "2026-11-01" },
        { "America/New_York", "2027-03-14" },
        { "Australia/Lord_Howe", "2027-04-04" },
        { "Africa/Casablanca", "2027-02-07" },
    };

    [Theory]
    [MemberData(nameof(Changes))]
    public async Task Each_night_has_one_run_also_where_the_clocks_change(string zone, string day)
    {
        var nights = await NightsAsync(zone, day, MissedWindow.Skip, []);
        Assert.Equal(5, nights.Windows.Count);
        Assert.Equal(nights.Windows.Select(window => window.Start), nights.Starts.Select(start => start.Window.Start));
        Assert.All(nights.Starts, start => Assert.Equal(start.Window.Start, start.At));
    }

    [Theory]
    [MemberData(nameof(Changes))]
    public async Task No_window_has_two_runs_and_none_is_forgotten_however_often_the_service_restarts(string zone, string day)
    {
        var windows = (await NightsAsync(zone, day, MissedWindow.Skip, [])).Windows;
        Gen.Select(Gen.Int[0, 5 * 24 * 12], Gen.Int[0, 200], Gen.Bool).Array[0, 12].Sample(downs =>
        {
            foreach (var missed in Enum.GetValues<MissedWindow>())
            {
                var run = Run(windows, missed, [.. downs.Select(down => (down.Item1, down.Item1 + down.Item2))]);
                Assert.Equal(run.Starts.Count, run.Starts.DistinctBy(start => start.Window.Start).Count());
                Assert.All(run.Starts, start => Assert.True(start.Window.Holds(start.At)));
                foreach (var window in windows)
                {
                    var seen = run.Looks.Where(look => window.Holds(look.At)).ToList();
                    var due = seen.Count > 0 && (missed == MissedWindow.RunOnce || seen[0].Since - window.Start <= OpeningRule.Grace);
                    Assert.Equal(due, run.Starts.Any(start => start.Window == window));
                }
            }
        }, iter: 60);
    }

    [Fact]
    public void A_window_whose_opening_was_missed_is_left_out_or_made_up_for_as_the_fleet_says()
    {
        var late = Look() with { Now = s_two.AddHours(1), Since = s_two.AddMinutes(11) };
        Assert.Contains("windows.missed is skip", Assert.IsType<WindowStep.LeaveOut>(OpeningRule.Decide(late)).Why, StringComparison.Ordinal);
        Assert.True(Assert.IsType<WindowStep.Start>(OpeningRule.Decide(late with { Settings = Settings(MissedWindow.RunOnce) })).Late);
        Assert.False(Assert.IsType<WindowStep.Start>(OpeningRule.Decide(late with { Since = s_two.AddMinutes(10) })).Late);
    }

    [Fact]
    public void A_fleet_with_an_unfinished_run_gets_no_other() =>
        Assert.Contains("r1", Assert.IsType<WindowStep.LeaveOut>(OpeningRule.Decide(Look() with { Holder = "r1" })).Why, StringComparison.Ordinal);

    [Fact]
    public void What_was_refused_is_tried_again_while_the_window_is_open_and_no_sooner_than_it_should()
    {
        var refused = new HandledTrigger("shop", TriggerKind.Window, "w", s_window.Start, s_window.End, s_two, null) { Order = "o1", State = OrderState.Refused };
        Assert.IsType<WindowStep.Nothing>(OpeningRule.Decide(Look() with { Last = refused, Now = s_two.AddMinutes(9) }));
        Assert.IsType<WindowStep.TryAgain>(OpeningRule.Decide(Look() with { Last = refused, Now = s_two.AddMinutes(10) }));
        Assert.IsType<WindowStep.Nothing>(OpeningRule.Decide(Look() with { Last = refused, Now = s_two.AddMinutes(10), Holder = "r1" }));
        Assert.IsType<WindowStep.Nothing>(OpeningRule.Decide(Look() with { Last = refused, Now = s_window.End }));
    }

    [Theory]
    [InlineData(OrderState.Begun)]
    [InlineData(OrderState.Needless)]
    [InlineData(OrderState.Withdrawn)]
    [InlineData(OrderState.Waiting)]
    public void What_is_left_of_a_window_that_a_freeze_has_cut_is_no_other_window(object state)
    {
        var done = new HandledTrigger("shop", TriggerKind.Window, "w", s_window.Start, s_window.End, s_two, null) { Order = "o1", State = (OrderState)state };
        var cut = new WindowOutlook([new PatchWindow(s_two.AddHours(3), s_window.End)], s_two.AddDays(400));
        Assert.IsType<WindowStep.Nothing>(OpeningRule.Decide(Look() with { Last = done, Outlook = cut, Now = s_two.AddHours(3) }));
    }

    [Fact]
    public void A_fleet_whose_windows_start_nothing_is_left_alone() =>
        Assert.IsType<WindowStep.Nothing>(OpeningRule.Decide(Look() with { Settings = Settings() with { Start = WindowStart.None } }));

    private static WindowLook Look() => new(Settings(), new WindowOutlook([s_window], s_two.AddDays(400)), s_two, s_two.AddDays(-1), null, null);

    private static WindowSettings Settings(MissedWindow missed = MissedWindow.Skip, string zone = "UTC") =>
        new(zone, [new CronOpening("30 2 * * *", TimeSpan.FromMinutes(45))], [], TimeSpan.Zero, WindowStart.Run, missed);

    /// <summary>Five nights around a day, with the service always there.</summary>
    private static async Task<Lived> NightsAsync(string zone, string day, MissedWindow missed, IReadOnlyList<(int From, int To)> down)
    {
        var begin = DateTimeOffset.Parse($"{day}T12:00Z", System.Globalization.CultureInfo.InvariantCulture).AddDays(-3);
        var outlook = await new PatchCalendar("shop", Settings(missed, zone)).LookAsync(begin, TestContext.Current.CancellationToken);
        return Run([.. outlook.Windows.Take(5)], missed, down);
    }

    /// <summary>Lives through windows, looking every five minutes but while the service is down.</summary>
    private static Lived Run(IReadOnlyList<PatchWindow> windows, MissedWindow missed, IReadOnlyList<(int From, int To)> down)
    {
        var begin = windows[0].Start.AddHours(-12);
        var clock = new FakeTimeProvider(begin);
        var (starts, looks) = (new List<(PatchWindow, DateTimeOffset)>(), new List<(DateTimeOffset, DateTimeOffset)>());
        HandledTrigger? last = null;
        DateTimeOffset? since = null;
        for (var step = 0; clock.GetUtcNow() <= windows[^1].End; step++, clock.Advance(TimeSpan.FromMinutes(5)))
        {
            if (down.Any(span => span.From <= step && step < span.To))
            {
                since = null;
                continue;
            }

            var now = clock.GetUtcNow();
            since ??= now;
            looks.Add((now, since.Value));
            switch (OpeningRule.Decide(new WindowLook(Settings(missed), new WindowOutlook([.. windows.Where(window => window.End > now)], begin.AddDays(400)), now, since.Value, last, null)))
            {
                case WindowStep.Start start:
                    starts.Add((start.Window, now));
                    last = Handled(start.Window, now) with { Order = "o", State = OrderState.Begun };
                    break;
                case WindowStep.LeaveOut left:
                    last = Handled(left.Window, now);
                    break;
            }
        }

        return new Lived(windows, [.. starts], [.. looks]);
    }

    private static HandledTrigger Handled(PatchWindow window, DateTimeOffset at) => new("shop", TriggerKind.Window, "w", window.Start, window.End, at, null);

    private sealed record Lived(IReadOnlyList<PatchWindow> Windows, IReadOnlyList<(PatchWindow Window, DateTimeOffset At)> Starts, IReadOnlyList<(DateTimeOffset At, DateTimeOffset Since)> Looks);
}
