using System.Text.RegularExpressions;
using Refresh.Orchestrator.Commands;
using Refresh.Workflows.Images;
using Refresh.Workflows.Planning;
using Refresh.Workflows.Ports;
using Refresh.Workflows.Tests.Evidence;
using Refresh.Workflows.Trust;
using Spectre.Console;
using Xunit;

namespace Refresh.Orchestrator.Tests.Commands;

public sealed class RollbackTextTests
{
    [Fact]
    public void Each_member_is_told_with_what_it_runs_and_what_it_goes_back_to()
    {
        var scripted = new ScriptedRun(ScriptedRun.FleetOf(2)).Begin().Continue();
        var told = Told(scripted, null);
        foreach (var member in scripted.Run.Fleet.Members())
            Assert.Matches($@"{member.Id} +{Regex.Escape(scripted.Run.Image.Ref.Label)} +{Regex.Escape(scripted.Run.Get(member.Id).Recorded!.Guest!.Image.Label)}", told);
        Assert.Contains("In this order, one member of a pair at a time", told, StringComparison.Ordinal);
    }

    [Fact]
    public void A_later_run_of_the_fleet_is_warned_of()
    {
        var told = Told(new ScriptedRun(ScriptedRun.FleetOf(1)).Begin().Continue(), new RunHead("r2", "shop", "web@1.2.0", "Succeeded", true, 9, ScriptedRun.Start, ScriptedRun.Start));
        Assert.Contains("r2 to web@1.2.0 began later", told, StringComparison.Ordinal);
    }

    [Fact]
    public void A_run_that_has_touched_nobody_is_said_to_only_end() =>
        Assert.Contains("has touched no member", Told(new ScriptedRun(ScriptedRun.FleetOf(1)).Begin(), null), StringComparison.Ordinal);

    [Fact]
    public void An_image_that_it_goes_back_to_and_that_is_revoked_is_named()
    {
        var scripted = new ScriptedRun(ScriptedRun.FleetOf(1)).Begin().Continue();
        var back = scripted.Run.Get(scripted.Run.Fleet.Members().First().Id).Recorded!.Guest!.Image;
        var told = Told(scripted, null, new() { [back] = new ImageRevocation("ann", ScriptedRun.Start, "backdoor") });
        Assert.Contains($"{back.Label}, REVOKED", told, StringComparison.Ordinal);
        Assert.Contains($"{back.Label} is REVOKED, by ann", told, StringComparison.Ordinal);
        Assert.DoesNotContain("REVOKED", Told(scripted, null), StringComparison.Ordinal);
    }

    private static string Told(ScriptedRun scripted, RunHead? latest, Dictionary<ImageRef, ImageRevocation>? revoked = null)
    {
        using var output = new StringWriter();
        var terminal = AnsiConsole.Create(new AnsiConsoleSettings { Ansi = AnsiSupport.No, Out = new AnsiConsoleOutput(output) });
        terminal.Profile.Width = 160;
        new RollbackText(scripted.Run, RollbackPlan.Of(scripted.Run), latest, revoked ?? []).Write(Screen.Of(output, terminal));
        return output.ToString();
    }
}
