using Refresh.EndToEnd.Tests.Stage;
using Refresh.Lab.Client;
using Refresh.Orchestrator.Journals;
using Refresh.Orchestrator.Tests.Lab;
using Refresh.Orchestrator.Tests.Serving;
using Refresh.Workflows.Runs;
using Xunit;

namespace Refresh.EndToEnd.Tests;

/// <summary>The service ends in the middle of a run, asked or not: another worker goes on, nothing is done twice, and no user sees it.</summary>
public sealed class ServeTests
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_stop_whose_time_is_over_hands_the_run_back_and_another_worker_finishes_it()
    {
        await using var stage = await LabStage.StartAsync(cloneMs: 3000);
        var before = await stage.MachinesAsync();
        await using var attendance = await stage.AttendAsync();
        using (var serve = await ServeAsync(stage, new { stopWithin = "300ms" }))
        {
            await BeginAsync(stage, serve);
            await serve.SignalAsync("TERM");
            Assert.Equal(0, await serve.EndAsync());
        }

        Assert.NotEmpty((await stage.HistoryAsync()).Run.Open);
        Assert.Null(await HolderAsync(stage));
        using var another = await ServeAsync(stage, new { });
        await SucceedsAsync(stage, another);
        await attendance.UnharmedAsync();
        await stage.AllAreNewAsync(before, "1.1.0");
        await NothingWasDoneTwiceAsync(stage);
    }

    [Fact]
    public async Task A_service_that_is_killed_and_started_again_takes_the_run_up()
    {
        await using var stage = await LabStage.StartAsync(cloneMs: 2000);
        var before = await stage.MachinesAsync();
        await using var attendance = await stage.AttendAsync();
        using var serve = await ServeAsync(stage, new { });
        await BeginAsync(stage, serve);
        await serve.KillAsync();
        Assert.NotNull(await HolderAsync(stage));
        await serve.StartAsync();
        await SucceedsAsync(stage, serve);
        await attendance.UnharmedAsync();
        await stage.AllAreNewAsync(before, "1.1.0");
        await NothingWasDoneTwiceAsync(stage);
        Assert.Single((await stage.HistoryAsync()).Entries, entry => entry.Event is TakenOver);
    }

    private static async Task<ServeProcess> ServeAsync(LabStage stage, object configuration)
    {
        var serve = new ServeProcess(stage.Journal) { Configuration = configuration };
        serve.Write("fleets/lab.yaml", stage.Fleet.ToString());
        await serve.StartAsync();
        return serve;
    }

    /// <summary>Starts a run, and waits until a clone is under way.</summary>
    private static async Task BeginAsync(LabStage stage, ServeProcess serve)
    {
        using var ada = await serve.ClientAsync("ada", "operator");
        (await ada.PostAsync("/v1/runs", new { fleet = "lab" })).Is(201);
        await LabFixture.UntilAsync(async () => (await stage.Lab.VmAsync("web-1-a")).Power != LabPower.On);
    }

    private static async Task SucceedsAsync(LabStage stage, ServeProcess serve)
    {
        using var ada = await serve.ClientAsync("ada", "viewer");
        var run = (await stage.HistoryAsync()).Run.Id;
        await ada.UntilAsync($"/v1/runs/{run}", status => status.GetProperty("finished").GetBoolean());
        Assert.Equal("Succeeded", (await ada.GetAsync($"/v1/runs/{run}")).Json.GetProperty("state").GetString());
    }

    private static async Task<object?> HolderAsync(LabStage stage)
    {
        await using var journal = await SqliteRunJournal.OpenAsync(stage.Journal, TimeProvider.System, Cancellation);
        return await journal.HolderAsync("lab", Cancellation);
    }

    private static async Task NothingWasDoneTwiceAsync(LabStage stage)
    {
        var intents = (await stage.HistoryAsync()).Entries.Select(entry => entry.Event).OfType<IntentRecorded>().Select(recorded => recorded.Intent).ToList();
        foreach (var vm in await stage.Lab.Client.VmsAsync(Cancellation))
        {
            Assert.Single(await stage.ClonesAsync(vm.Name));
            Assert.Single(intents, intent => intent is Drain && $"{intent.Member.Pair}-{intent.Member.Name}" == vm.Name);
        }
    }
}
