using Refresh.EndToEnd.Tests.Stage;
using Refresh.Lab.Client;
using Refresh.Orchestrator.Tests.Lab;
using Refresh.Workflows.Machines;
using Refresh.Workflows.Ports;
using Refresh.Workflows.Runs;
using Xunit;

namespace Refresh.EndToEnd.Tests;

/// <summary>Promise 5: the worker is killed while a clone is under way, and another one goes on; FailpointTests kills it at each step. Each run goes to the image that the lab is not on.</summary>
public sealed class CrashTests(LabStage stage) : IClassFixture<LabStage>
{
    private const string Vm = "web-1-a";

    [Fact]
    public async Task A_clone_that_outlives_its_worker_is_adopted_and_not_repeated()
    {
        var before = await stage.MachinesAsync();
        var version = before[Vm].Version == "1.0.0" ? "1.1.0" : "1.0.0";
        var cloned = await ClonesAsync();
        await using var attendance = await stage.AttendAsync();
        using (var run = stage.Run(stage.Fleet with { Image = $"web@{version}" }))
        {
            await run.UntilAsync(happened => happened is IntentRecorded { Intent: Rebuild });
            await LabFixture.UntilAsync(async () => (await stage.Lab.VmAsync(Vm)).Power != LabPower.On);
            run.Kill();
        }

        using var resume = stage.Refresh("resume", "--json");
        await resume.EndsWithAsync(0);
        await attendance.UnharmedAsync();
        await stage.AllAreNewAsync(before, version);
        Assert.Equal(cloned[Vm] + 1, (await ClonesAsync())[Vm]);
        var history = await stage.HistoryAsync();
        Assert.Equal(RunState.Succeeded, history.Run.State);
        Assert.Contains(history.Entries, entry => entry.Event is OutcomeRecorded { Outcome: Recovered { Recovery.Fate: RebuildFate.Happened } });
    }

    [Fact]
    public async Task A_worker_that_is_killed_while_it_finds_out_about_a_clone_leaves_that_to_the_next()
    {
        var before = await stage.MachinesAsync();
        var version = before[Vm].Version == "1.0.0" ? "1.1.0" : "1.0.0";
        var cloned = await ClonesAsync();
        await stage.Lab.Client.FailAsync(new(Vm, LabFaultKind.CloneHangs), TestContext.Current.CancellationToken);
        await using var attendance = await stage.AttendAsync();
        using (var run = stage.Run(stage.Fleet with { Image = $"web@{version}" }))
        {
            await run.UntilAsync(happened => happened is IntentRecorded { Intent: Rebuild });
            await LabFixture.UntilAsync(async () => (await stage.Lab.VmAsync(Vm)).Power != LabPower.On);
            run.Kill();
        }

        using (var second = stage.Refresh("resume", "--json"))
        {
            await second.UntilAsync(happened => happened is TakenOver);
            await second.UntilAsync(happened => happened is IntentRecorded { Intent: Recover });
            second.Kill();
        }

        using var third = stage.Refresh("resume", "--json");
        await third.UntilAsync(happened => happened is TakenOver);
        await third.UntilAsync(happened => happened is IntentRecorded { Intent: Recover });
        await stage.LetCloneGoOnAsync(Vm);
        await third.EndsWithAsync(0);
        await attendance.UnharmedAsync();
        await stage.AllAreNewAsync(before, version);
        Assert.Equal(cloned[Vm] + 1, (await ClonesAsync())[Vm]);
    }

    private async Task<IReadOnlyDictionary<string, int>> ClonesAsync() =>
        new Dictionary<string, int> { [Vm] = (await stage.ClonesAsync(Vm)).Count, ["web-1-b"] = (await stage.ClonesAsync("web-1-b")).Count };
}
