using Refresh.EndToEnd.Tests.Stage;
using Refresh.Lab.Client;
using Refresh.Orchestrator.Tests.Lab;
using Refresh.Workflows.Machines;
using Refresh.Workflows.Ports;
using Refresh.Workflows.Runs;
using Xunit;

namespace Refresh.EndToEnd.Tests;

/// <summary>Promise 5: the worker is killed at any moment, and another one goes on. Each run goes to the image that the lab is not on.</summary>
public sealed class CrashTests(LabStage stage) : IClassFixture<LabStage>
{
    private const string Vm = "web-1-a";

    public enum Moment
    {
        ObserveRecorded,
        DrainRecorded,
        Drained,
        RebuildRecorded,
        CloneUnderWay,
        Rebuilt,
        RejoinRecorded,
        SoakRecorded,
        SecondMemberDrained,
        BakeRecorded,
    }

    public static TheoryData<Moment> Moments => [.. Enum.GetValues<Moment>()];

    [Theory]
    [MemberData(nameof(Moments))]
    public async Task A_run_whose_worker_is_killed_goes_on_when_it_is_resumed_and_nothing_is_repeated(Moment moment)
    {
        var before = await stage.MachinesAsync();
        var version = before[Vm].Version == "1.0.0" ? "1.1.0" : "1.0.0";
        var cloned = await ClonesAsync();
        await using var attendance = await stage.AttendAsync();
        using (var run = stage.Run(stage.Fleet with { Image = $"web@{version}" }))
        {
            await run.UntilAsync(happened => Has(moment, happened));
            if (moment == Moment.CloneUnderWay)
                await LabFixture.UntilAsync(async () => (await stage.Lab.VmAsync(Vm)).Power != LabPower.On);
            run.Kill();
        }

        using var resume = stage.Refresh("resume", "--json");
        await resume.EndsWithAsync(0);
        await attendance.UnharmedAsync();
        await stage.AllAreNewAsync(before, version);

        var history = await stage.HistoryAsync();
        Assert.Equal(RunState.Succeeded, history.Run.State);
        var intents = history.Entries.Select(entry => entry.Event).OfType<IntentRecorded>().Select(recorded => recorded.Intent).OfType<Rebuild>().CountBy(rebuild => $"{rebuild.Member.Pair}-{rebuild.Member.Name}").ToDictionary();
        Assert.All(await ClonesAsync(), clones => Assert.InRange(clones.Value - cloned[clones.Key], 1, intents[clones.Key]));
        if (moment == Moment.CloneUnderWay)
        {
            Assert.Equal(1, intents[Vm]);
            Assert.Contains(history.Entries, entry => entry.Event is OutcomeRecorded { Outcome: Recovered { Recovery.Fate: RebuildFate.Happened } });
        }
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
        await LabFixture.UntilAsync(async () =>
        {
            await stage.Lab.Client.ClearFaultsAsync(Vm, TestContext.Current.CancellationToken);
            return (await stage.ClonesAsync(Vm))[^1].Finished;
        });
        await third.EndsWithAsync(0);
        await attendance.UnharmedAsync();
        await stage.AllAreNewAsync(before, version);
        Assert.Equal(cloned[Vm] + 1, (await ClonesAsync())[Vm]);
    }

    private async Task<IReadOnlyDictionary<string, int>> ClonesAsync() =>
        new Dictionary<string, int> { [Vm] = (await stage.ClonesAsync(Vm)).Count, ["web-1-b"] = (await stage.ClonesAsync("web-1-b")).Count };

    private static bool Has(Moment moment, RunEvent happened) => (moment, happened) switch
    {
        (Moment.ObserveRecorded, IntentRecorded { Intent: Observe }) => true,
        (Moment.DrainRecorded, IntentRecorded { Intent: Drain }) => true,
        (Moment.Drained, OutcomeRecorded { Outcome: Drained }) => true,
        (Moment.RebuildRecorded or Moment.CloneUnderWay, IntentRecorded { Intent: Rebuild }) => true,
        (Moment.Rebuilt, OutcomeRecorded { Outcome: Rebuilt }) => true,
        (Moment.RejoinRecorded, IntentRecorded { Intent: Rejoin }) => true,
        (Moment.SoakRecorded, IntentRecorded { Intent: Soak }) => true,
        (Moment.SecondMemberDrained, OutcomeRecorded { Outcome: Drained, Intent: var intent }) => intent.StartsWith("web-1/b#", StringComparison.Ordinal),
        (Moment.BakeRecorded, IntentRecorded { Intent: Bake }) => true,
        _ => false,
    };
}
