using Refresh.EndToEnd.Tests.Stage;
using Refresh.Orchestrator.Journals;
using Refresh.Orchestrator.Tests.Lab;
using Refresh.Workflows.Machines;
using Refresh.Workflows.Ports;
using Refresh.Workflows.Runs;
using Xunit;

namespace Refresh.EndToEnd.Tests.Failpoints;

/// <summary>Promise 5: the program's own process kills itself by SIGKILL at a step, at every write of the journal and around every effect, and another one goes on. Each run goes to the image that the lab is not on.</summary>
public sealed class FailpointTests(LabStage stage) : IClassFixture<LabStage>
{
    private const int Killed = 128 + 9;
    private static readonly string[] s_vms = ["web-1-a", "web-1-b"];

    public static TheoryData<string> Points => FailpointList.Chosen;

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Theory]
    [MemberData(nameof(Points))]
    public async Task A_run_that_is_killed_at_a_step_goes_on_when_it_is_resumed_and_nobody_notices(string points)
    {
        using var row = new CrashRow(points);
        var before = await stage.MachinesAsync();
        var version = before[s_vms[0]].Version == "1.0.0" ? "1.1.0" : "1.0.0";
        var clones = await ClonesAsync();
        var runs = await RunsAsync();
        await using var attendance = await stage.AttendAsync();
        foreach (var point in points.Split(" then "))
        {
            using var killed = stage.RefreshUntil(point, await NextAsync(version, runs));
            await killed.EndsWithAsync(Killed);
            row.Killed++;
        }

        // Killed after its last entry, a run has ended.
        if (await RunsAsync() is not [{ Finished: true }, ..] now || now.Count == runs.Count)
        {
            using var last = stage.Refresh(await NextAsync(version, runs));
            await last.EndsWithAsync(0);
        }

        row.Resumed = true;
        row.Load = await attendance.EndAsync();
        attendance.Unharmed(row.Load);
        await stage.AllAreNewAsync(before, version);
        await ProvedAsync(clones, runs.Count + 1);
        row.Held = true;
    }

    [Fact]
    public async Task A_clock_that_is_set_back_by_an_hour_in_mid_rebuild_disturbs_neither_the_run_nor_its_journal()
    {
        var before = await stage.MachinesAsync();
        var version = before[s_vms[0]].Version == "1.0.0" ? "1.1.0" : "1.0.0";
        var runs = await RunsAsync();
        await using var attendance = await stage.AttendAsync();
        using var run = stage.RefreshUntil("a/rebuild/act/before=set-back", await NextAsync(version, runs));
        await run.EndsWithAsync(0);
        await attendance.UnharmedAsync();
        await stage.AllAreNewAsync(before, version);
        var history = await stage.HistoryAsync();
        Assert.Equal(history.Entries.Select(entry => entry.At).Order(), history.Entries.Select(entry => entry.At));
    }

    /// <summary>What a person types next: resume, or where nothing was begun run, once the lease of the lost worker has ended as it was told.</summary>
    private async Task<string[]> NextAsync(string version, IReadOnlyList<RunHead> before)
    {
        if ((await RunsAsync()).Count > before.Count)
            return ["resume", "--json"];
        await LabFixture.UntilAsync(async () =>
        {
            await using var journal = await SqliteRunJournal.OpenAsync(stage.Journal, TimeProvider.System, Cancellation);
            return await journal.HolderAsync(stage.Fleet.Name, Cancellation) is null;
        });
        return ["run", stage.Write(stage.Fleet with { Image = $"web@{version}" }), "--yes", "--json"];
    }

    /// <summary>The run succeeded, no VM was rebuilt more often than the journal says it was meant to be, and the journal holds.</summary>
    private async Task ProvedAsync(int[] clones, int runs)
    {
        var history = await stage.HistoryAsync();
        Assert.Equal(RunState.Succeeded, history.Run.State);
        var intents = history.Entries.Select(entry => entry.Event).OfType<IntentRecorded>().Select(recorded => recorded.Intent).OfType<Rebuild>().ToList();
        var now = await ClonesAsync();
        Assert.All(s_vms, (vm, place) => Assert.InRange(now[place] - clones[place], 1, intents.Count(rebuild => vm.EndsWith(rebuild.Member.Name, StringComparison.Ordinal))));
        await using var journal = await SqliteRunJournal.OpenAsync(stage.Journal, TimeProvider.System, Cancellation);
        var verified = await journal.VerifyAsync(Cancellation);
        Assert.Equal((runs, null), (verified.Runs, verified.Fault));
    }

    private async Task<int[]> ClonesAsync() => [.. await Task.WhenAll(s_vms.Select(async vm => (await stage.ClonesAsync(vm)).Count))];

    private async Task<IReadOnlyList<RunHead>> RunsAsync()
    {
        await using var journal = await SqliteRunJournal.OpenAsync(stage.Journal, TimeProvider.System, Cancellation);
        return await journal.RunsAsync(null, 1000, Cancellation);
    }
}
