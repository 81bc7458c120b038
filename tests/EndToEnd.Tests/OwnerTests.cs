using Refresh.EndToEnd.Tests.Stage;
using Refresh.Lab.Client;
using Refresh.Orchestrator.Tests.Lab;
using Refresh.Workflows.Runs;
using Xunit;

namespace Refresh.EndToEnd.Tests;

/// <summary>Promise 6: a fleet has one run, and a run one worker.</summary>
public sealed class OwnerTests
{
    [Fact]
    public async Task A_second_run_on_the_same_fleet_or_on_the_same_addresses_is_refused()
    {
        await using var stage = await LabStage.StartAsync();
        await stage.Lab.Client.FailAsync(new("web-1-a", LabFaultKind.CloneHangs), TestContext.Current.CancellationToken);
        await using var attendance = await stage.AttendAsync();
        using var run = stage.Run(stage.Fleet);
        await run.UntilAsync(happened => happened is IntentRecorded { Intent: Rebuild });

        using var second = stage.Refresh("run", stage.Write(stage.Fleet), "--yes");
        await second.EndsWithAsync(4);
        Assert.Contains($"worked on by {Environment.MachineName}:{run.Pid}", second.Output, StringComparison.Ordinal);

        using var other = stage.Refresh("run", stage.Write(stage.Fleet with { Name = "other" }), "--yes");
        await other.EndsWithAsync(4);
        Assert.Contains((await stage.HistoryAsync()).Run.Id, other.Output, StringComparison.Ordinal);

        await stage.LetCloneGoOnAsync("web-1-a");
        await run.EndsWithAsync(0);
        await attendance.UnharmedAsync();
        Assert.Single(await stage.ClonesAsync("web-1-a"));
    }

    [Fact]
    public async Task A_worker_that_slept_through_its_lease_does_nothing_more_and_says_whose_the_run_is()
    {
        await using var stage = await LabStage.StartAsync(cloneMs: 1000);
        var before = await stage.MachinesAsync();
        await using var attendance = await stage.AttendAsync();
        using var run = stage.Run(stage.Fleet);
        await run.UntilAsync(happened => happened is IntentRecorded { Intent: Rebuild });
        await LabFixture.UntilAsync(async () => (await stage.Lab.VmAsync("web-1-a")).Power != LabPower.On);
        await run.SignalAsync("STOP");

        using var resume = stage.Refresh("resume", "--json");
        await resume.UntilAsync(happened => happened is TakenOver);
        await run.SignalAsync("CONT");
        await run.EndsWithAsync(6);
        Assert.Contains("is worked on by somebody else now", run.Output, StringComparison.Ordinal);

        await resume.EndsWithAsync(0);
        await attendance.UnharmedAsync();
        await stage.AllAreNewAsync(before, "1.1.0");
        var history = await stage.HistoryAsync();
        Assert.Equal(history.Entries.Select(entry => entry.Epoch).Order(), history.Entries.Select(entry => entry.Epoch));
        Assert.Single(await stage.ClonesAsync("web-1-a"));
        Assert.Single(await stage.ClonesAsync("web-1-b"));
    }
}
