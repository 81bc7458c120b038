using Refresh.Workflows.Evidence;
using Refresh.Workflows.Runs;
using Xunit;

namespace Refresh.Workflows.Tests.Evidence;

/// <summary>Duration against its lower bound.</summary>
public sealed class PaceTests
{
    [Fact]
    public void The_lower_bound_is_the_critical_path_of_rebuilds_soaks_and_bakes()
    {
        // A pair: 2 * (8 + 5) = 26 s. The canary and its bake: 26 + 6. Three more pairs, two at once: 52.
        var pace = RunReport.From(Sample.Success().Journal).Pace;

        Assert.Equal(TimeSpan.FromSeconds(84), pace.LowerBound);
        Assert.True(pace.Duration > pace.LowerBound);
        Assert.Equal(pace.Duration / pace.LowerBound!.Value, pace.Ratio);
    }

    [Fact]
    public void A_run_in_which_all_else_takes_no_time_meets_its_lower_bound()
    {
        var run = new ScriptedRun(ScriptedRun.FleetOf(5))
        {
            Takes = intent => TimeSpan.FromSeconds(intent switch { Rebuild => 8, Soak => 5, Bake => 6, _ => 0 }),
        };

        Assert.Equal(1.0, RunReport.From(run.Begin().Continue().Journal).Pace.Ratio);
    }

    [Fact]
    public void A_run_that_did_not_succeed_has_no_lower_bound() =>
        Assert.Null(RunReport.From(Sample.Frozen().Journal).Pace.LowerBound);

    [Fact]
    public void Time_waiting_for_approval_is_no_part_of_the_duration()
    {
        var run = new ScriptedRun(ScriptedRun.FleetOf(1, policy => policy with { ApprovalRequired = true })).Begin();
        run.Wait(TimeSpan.FromHours(8)).Ask(RequestKind.Approve).Continue();

        var report = RunReport.From(run.Journal);
        Assert.Equal(TimeSpan.FromHours(8), report.BegunAt - report.PlannedAt);
        Assert.Equal(report.EndedAt - report.BegunAt, report.Pace.Duration);
    }

    [Fact]
    public void The_night_between_a_run_and_its_rollback_is_no_part_of_the_duration()
    {
        var run = Sample.Success(1);
        var there = RunReport.From(run.Journal).Pace.Duration;
        run.Wait(TimeSpan.FromHours(8)).Ask(RequestKind.Rollback).Continue();

        Assert.True(RunReport.From(run.Journal).Pace.Duration < there + TimeSpan.FromHours(1));
    }

    [Theory]
    [InlineData(0.04, "0.0 s")]
    [InlineData(9.94, "9.9 s")]
    [InlineData(14.5, "14.5 s")]
    [InlineData(59.96, "1 min 00 s")]
    [InlineData(192, "3 min 12 s")]
    [InlineData(3900, "1 h 05 min")]
    [InlineData(90000, "25 h 00 min")]
    public void A_duration_is_written_in_words(double seconds, string words) =>
        Assert.Equal(words, Durations.InWords(TimeSpan.FromSeconds(seconds)));
}
