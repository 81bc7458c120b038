using Refresh.Workflows.Fleets;
using Refresh.Workflows.Machines;
using Refresh.Workflows.Reasons;
using Refresh.Workflows.Runs;
using Refresh.Workflows.Windows;
using Xunit;

namespace Refresh.Workflows.Tests.Decisions;

/// <summary>No pair is begun that could not end in a patch window; one that is under way always ends.</summary>
public sealed class WindowTests
{
    private static readonly PatchWindow s_tonight = new(Seen.At, Seen.At.AddMinutes(3));
    private static readonly PatchWindow s_tomorrow = new(Seen.At.AddDays(1), Seen.At.AddDays(1).AddMinutes(3));

    [Fact]
    public void A_run_is_not_begun_before_its_windows_are_known()
    {
        var story = new Story(policy: Policy());
        Assert.Equal((RunState.Waiting, "window-unknown"), (story.Run.State, Why(story).Code));
        Assert.Equal(RunState.Running, story.Decide(Reads(s_tonight)).Run.State);
    }

    [Fact]
    public void Outside_every_window_the_run_waits_and_says_until_when()
    {
        var story = new Story(policy: Policy()).Decide(Reads(s_tomorrow));
        Assert.Equal(RunState.Waiting, story.Run.State);
        Assert.Contains("2026-11-04 02:00 UTC", Why(story).EndsWhen, StringComparison.Ordinal);
        Assert.Contains("no patch window is open", Assert.Single(Waiting.Of(story.Run, "web-1")).Text, StringComparison.Ordinal);
        story.At = s_tomorrow.Start;
        Assert.Equal(RunState.Running, story.Decide(Reads(s_tomorrow)).Run.State);
        Assert.Equal(RunState.Succeeded, story.ToTheEnd().Run.State);
    }

    [Fact]
    public void A_pair_that_would_not_end_in_the_window_waits_for_the_next_one_and_what_is_under_way_ends_first()
    {
        var story = new Story(2, Policy() with { Waves = new WavePolicy { MaxPairsAtOnce = 1 } }).Decide(Reads(s_tonight, s_tomorrow));
        story.At = s_tonight.Start.AddMinutes(2);
        story.Until<Soak>(Seen.B);
        Assert.Equal((RunState.Running, PairState.Refreshing), (story.Run.State, story.Run.Pairs["web-1"].State));
        story.At = s_tonight.End.AddHours(1);
        story.Out("web-1");
        Assert.Equal((RunState.Waiting, PairState.Refreshed, PairState.Pending), (story.Run.State, story.Run.Pairs["web-1"].State, story.Run.Pairs["web-2"].State));
        story.At = s_tomorrow.Start;
        story.Decide(Reads(s_tomorrow, s_tomorrow with { Start = s_tomorrow.Start.AddDays(1), End = s_tomorrow.End.AddDays(1) }));
        Assert.Equal(PairState.Pending, story.Run.Pairs["web-2"].State);
        Assert.Contains("web-2 takes about 1 h", Why(story).Text, StringComparison.Ordinal);
    }

    [Fact]
    public void What_was_measured_in_this_run_counts_where_it_is_longer_than_the_estimate()
    {
        var story = new Story(2, Policy() with { Waves = new WavePolicy { MaxPairsAtOnce = 1 } }).Decide(Reads(s_tonight, s_tomorrow));
        story.Until<Soak>(Seen.B);
        story.At += TimeSpan.FromMinutes(80);
        story.Out("web-1");
        Assert.InRange(story.Run.Measured!.Value, TimeSpan.FromMinutes(40), TimeSpan.FromMinutes(41));
    }

    [Fact]
    public void The_fleet_may_rather_cancel_what_does_not_fit()
    {
        var story = new Story(2, Policy(WindowEnd.Cancel) with { Waves = new WavePolicy { MaxPairsAtOnce = 1 } }).Decide(Reads(s_tonight, s_tomorrow));
        story.Until<Soak>(Seen.B);
        story.At = s_tonight.End;
        Assert.Equal((RunState.Cancelled, "window"), (story.ToTheEnd().Run.State, story.Run.Why?.Code));
    }

    [Fact]
    public void A_run_that_has_begun_nothing_waits_even_where_the_fleet_cancels() =>
        Assert.Equal(RunState.Waiting, new Story(2, Policy(WindowEnd.Cancel)).Decide(Reads(s_tomorrow)).Run.State);

    [Fact]
    public void A_freeze_that_is_announced_during_the_run_holds_back_the_pairs_not_begun()
    {
        var story = new Story(2, Policy() with { Waves = new WavePolicy { MaxPairsAtOnce = 1 } }).Decide(Reads(s_tonight));
        story.Until<Soak>(Seen.B).Decide(Reads(s_tomorrow)).Out("web-1");
        Assert.Equal((RunState.Waiting, PairState.Pending), (story.Run.State, story.Run.Pairs["web-2"].State));
    }

    [Fact]
    public void No_window_that_is_long_enough_is_named_as_such()
    {
        var story = new Story(policy: Policy() with { Windows = new WindowPolicy { Estimate = TimeSpan.FromHours(2) } }).Decide(Reads(s_tonight, s_tomorrow));
        Assert.Contains("no patch window until", Why(story).EndsWhen, StringComparison.Ordinal);
        Assert.Contains("as long as 4 h 00 min", Why(story).EndsWhen, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(RequestKind.Pause, RunState.Paused)]
    [InlineData(RequestKind.Cancel, RunState.Cancelled)]
    public void A_run_that_waits_can_be_asked(RequestKind kind, RunState state) =>
        Assert.Equal(state, new Story(policy: Policy()).Decide(Reads(s_tomorrow)).Ask(kind).Run.State);

    [Fact]
    public void A_rollback_waits_for_no_window()
    {
        var story = new Story(2, Policy() with { Waves = new WavePolicy { MaxPairsAtOnce = 1 } }).Decide(Reads(s_tonight, s_tomorrow));
        story.Until<Soak>(Seen.B);
        story.At = s_tonight.End;
        story.Out("web-1").Ask(RequestKind.Rollback);
        Assert.Equal(RunState.RolledBack, story.ToTheEnd().Run.State);
    }

    [Fact]
    public void A_worker_that_takes_over_a_run_which_waits_goes_on_waiting()
    {
        var story = new Story(policy: Policy()).Decide(Reads(s_tomorrow)).TakeOver();
        Assert.Equal(RunState.Waiting, story.Run.State);
        story.At = s_tomorrow.Start;
        Assert.Equal(RunState.Running, story.TakeOver().Run.State);
    }

    [Fact]
    public void The_same_windows_are_journaled_once()
    {
        var story = new Story(policy: Policy()).Decide(Reads(s_tomorrow));
        Assert.Empty(story.Decide(Reads(s_tomorrow)).Last);
    }

    private static RefreshPolicy Policy(WindowEnd end = WindowEnd.Wait) =>
        Story.Calm with { Windows = new WindowPolicy { AtEnd = end, Estimate = TimeSpan.FromSeconds(30) } };

    private static CalendarRead Reads(params PatchWindow[] windows) => new(new WindowOutlook(windows, Seen.At.AddDays(400)));

    private static Reason Why(Story story) => Assert.Single(Waiting.Of(story.Run));
}
