using Refresh.Orchestrator.Commands.Views;
using Refresh.Workflows.Fleets;
using Refresh.Workflows.Ports;
using Refresh.Workflows.Runs;
using Refresh.Workflows.Tests.Evidence;
using Xunit;

namespace Refresh.Orchestrator.Tests.Commands;

/// <summary>The lines that are told off a terminal.</summary>
public sealed class PlainViewTests
{
    [Fact]
    public void The_canary_wave_is_called_so()
    {
        var lines = Lines(new ScriptedRun(ScriptedRun.FleetOf(2)).Begin().Continue());
        Assert.Contains(lines, line => line.EndsWith(" the canary wave begins", StringComparison.Ordinal));
        Assert.Contains(lines, line => line.EndsWith(" wave 2 begins", StringComparison.Ordinal));
    }

    [Fact]
    public void What_somebody_asked_for_is_told_without_what_would_end_it()
    {
        var lines = Lines(new ScriptedRun(ScriptedRun.FleetOf(1)).Begin().Ask(RequestKind.Pause));
        Assert.Contains(lines, line => line.Contains(" run Paused: ", StringComparison.Ordinal) && !line.Contains('(', StringComparison.Ordinal));
    }

    [Fact]
    public void A_peer_that_serves_again_is_told_as_that()
    {
        var run = new ScriptedRun(ScriptedRun.FleetOf(1)).Begin().Run;
        var line = EventText.Of(run, new JournalEntry(run.Id, 9, run.StartedAt, 1, new MemberWaits(new MemberId("web-1", "a"), [])));
        Assert.Equal("web-1/a: its peer serves again", line);
    }

    [Fact]
    public void What_a_recovery_does_or_waits_for_is_told_with_its_member()
    {
        var run = new ScriptedRun(ScriptedRun.FleetOf(1)).Begin().Run;
        var line = EventText.Of(run, new JournalEntry(run.Id, 9, run.StartedAt, 1, new RungClimbed("web-1/a#4", "waiting: ann has the lock")));
        Assert.Equal("web-1/a: waiting: ann has the lock", line);
    }

    [Fact]
    public void A_run_that_is_taken_up_begins_with_one_line_on_how_it_stands()
    {
        var scripted = new ScriptedRun(ScriptedRun.FleetOf(2)).Begin().Continue();
        using var output = new StringWriter();
        new PlainView(output, TimeProvider.System).TakenUp(scripted.Run, [.. scripted.Journal]);
        Assert.EndsWith("Succeeded; 2 of 2 pairs done, 0 frozen   capacity 4 of 4 members, every pair at least 2\n", output.ToString(), StringComparison.Ordinal);
        Assert.Single(output.ToString().Split('\n', StringSplitOptions.RemoveEmptyEntries));
    }

    private static string[] Lines(ScriptedRun scripted)
    {
        using var output = new StringWriter();
        new PlainView(output, TimeProvider.System).Advanced(scripted.Run, [.. scripted.Journal]);
        return output.ToString().Split('\n');
    }
}
