using Microsoft.Extensions.Logging.Abstractions;
using Refresh.Orchestrator.Application;
using Refresh.Orchestrator.Commands;
using Refresh.Orchestrator.Journals;
using Refresh.Orchestrator.Tests.Lab;
using Refresh.Workflows.Ports;
using Refresh.Workflows.Runs;
using Refresh.Workflows.Tests.Evidence;
using Xunit;

namespace Refresh.Orchestrator.Tests.Commands;

public sealed class RequestCommandTests : IDisposable
{
    private readonly Cli _cli = new();

    [Fact]
    public async Task Nothing_is_asked_when_no_run_is_unfinished()
    {
        await _cli.StoreAsync(new ScriptedRun(ScriptedRun.FleetOf(1)).Begin().Continue(), "r1");
        var said = (await _cli.RunAsync("pause")).Ended(ExitCodes.Refused);
        Assert.Contains("No run is unfinished", said.Error, StringComparison.Ordinal);
        said = (await _cli.RunAsync("cancel", "r1")).Ended(ExitCodes.Refused);
        Assert.Contains("has ended: Succeeded", said.Error, StringComparison.Ordinal);
        Assert.Empty(await RequestsAsync("r1"));
    }

    [Fact]
    public async Task Which_of_several_runs_must_be_said()
    {
        await _cli.StoreAsync(Waiting("one"), "r1");
        await _cli.StoreAsync(Waiting("two"), "r2");
        var said = (await _cli.RunAsync("approve")).Ended(ExitCodes.Usage);
        Assert.Contains("r1 of fleet one", said.Error, StringComparison.Ordinal);
        Assert.Contains("r2 of fleet two", said.Error, StringComparison.Ordinal);
        await _cli.RunAsync("approve", "two");
        Assert.Single(await RequestsAsync("r2"));
        Assert.Empty(await RequestsAsync("r1"));
    }

    [Fact]
    public async Task What_the_run_could_only_turn_down_is_not_left_for_it_and_what_is_possible_is_said()
    {
        await _cli.StoreAsync(new ScriptedRun(ScriptedRun.FleetOf(1)).Begin().Ask(RequestKind.Pause), "r1");
        var said = (await _cli.RunAsync("approve")).Ended(ExitCodes.Refused);
        Assert.Contains("run r1 is Paused", said.Error, StringComparison.Ordinal);
        Assert.Contains("`refresh resume r1` goes on with it", said.Error, StringComparison.Ordinal);
        Assert.Empty(await RequestsAsync("r1"));
    }

    [Fact]
    public async Task A_request_that_nobody_can_answer_is_kept_and_says_how_to_go_on()
    {
        await _cli.StoreAsync(Waiting("one"), "r1");
        var said = (await _cli.RunAsync("approve", "--why", "looks good")).Ended(ExitCodes.Unfinished);
        Assert.Contains("Nobody works on run r1", said.Output, StringComparison.Ordinal);
        Assert.Contains("refresh resume r1", said.Output, StringComparison.Ordinal);
        var request = Assert.Single(await RequestsAsync("r1"));
        Assert.Equal((RequestKind.Approve, "looks good"), (request.Kind, request.Why));
    }

    [Fact]
    public async Task A_request_is_left_to_a_live_worker_without_waiting_if_so_told()
    {
        await _cli.StoreAsync(Waiting("one"), "r1", held: true);
        var json = (await _cli.RunAsync("cancel", "--no-wait", "--json")).Ended(ExitCodes.Unfinished).Json;
        Assert.Equal("waiting", json.GetProperty("outcome").GetString());
        Assert.Equal("worker-1", json.GetProperty("worker").GetString());
        Assert.Equal("Cancel", json.GetProperty("kind").GetString());
        Assert.Single(await RequestsAsync("r1"));
    }

    [Fact]
    public async Task A_run_that_has_not_begun_is_cancelled_at_once_though_nobody_works_on_it()
    {
        await _cli.StoreAsync(new ScriptedRun(ScriptedRun.FleetOf(1) with { Name = "planned" }), "r1");
        await _cli.StoreAsync(Waiting("waiting"), "r2");
        foreach (var run in new[] { "r1", "r2" })
        {
            var said = (await _cli.RunAsync("cancel", run)).Ended(ExitCodes.Done);
            Assert.Contains($"run {run} of fleet", said.Output, StringComparison.Ordinal);
            Assert.Contains("Cancelled", said.Output, StringComparison.Ordinal);
            Assert.Contains($"{run}.evidence.json", said.Output, StringComparison.Ordinal);
            Assert.True(File.Exists(_cli.At($"evidence/{run}.evidence.json")));
            Assert.Empty(await RequestsAsync(run));
        }

        (await _cli.RunAsync("cancel")).Ended(ExitCodes.Refused);
    }

    [Fact]
    public async Task What_is_asked_just_as_a_run_ends_is_turned_down_and_waits_for_nobody()
    {
        var run = new ScriptedRun(ScriptedRun.FleetOf(1)).Begin();
        await _cli.StoreAsync(run, "r1", held: true);
        var pausing = _cli.RunAsync("pause", "r1");
        await LabFixture.UntilAsync(async () => (await RequestsAsync("r1")).Count == 1);
        await _cli.EndAsync(run.Continue(), "r1");
        var said = (await pausing).Ended(ExitCodes.Refused);
        Assert.Contains("run r1 is Succeeded, and cannot pause", said.Output, StringComparison.Ordinal);
        Assert.DoesNotContain("refresh resume", said.Output, StringComparison.Ordinal);
        Assert.Empty(await RequestsAsync("r1"));
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task A_run_that_has_ended_is_not_taken_back_while_its_fleet_has_another(bool worked)
    {
        var ended = new ScriptedRun(ScriptedRun.FleetOf(1)).Begin().Continue();
        await _cli.StoreAsync(ended, "r1");
        await _cli.StoreAsync(new ScriptedRun(ScriptedRun.FleetOf(1)).Begin().Ask(RequestKind.Pause), "r2", held: worked);
        var said = (await _cli.RunAsync("rollback", "r1", "--yes")).Ended(ExitCodes.Refused);
        Assert.Contains("r2, which is Paused", said.Error, StringComparison.Ordinal);
        Assert.DoesNotContain("journal failed", said.Error, StringComparison.Ordinal);
        Assert.Empty(await RequestsAsync("r1"));
        Assert.Equal(ended.Journal.Count, (await _cli.RunAsync("history", "r1", "--json")).Lines.Count);
        await Assert.ThrowsAsync<JournalException>(() => AskAsync("r1", RequestKind.Rollback));
    }

    [Fact]
    public async Task An_unfinished_run_is_found_however_many_have_ended_since()
    {
        await _cli.StoreAsync(Waiting("one"), "r1", held: true);
        for (var number = 0; number < 60; number++)
            await _cli.StoreAsync(new ScriptedRun(ScriptedRun.FleetOf(1) with { Name = "two" }).Begin().Ask(RequestKind.Cancel), $"e{number}");
        (await _cli.RunAsync("cancel", "--no-wait")).Ended(ExitCodes.Unfinished);
        Assert.Single(await RequestsAsync("r1"));
    }

    public void Dispose() => _cli.Dispose();

    private static ScriptedRun Waiting(string fleet) =>
        new ScriptedRun(ScriptedRun.FleetOf(1, policy => policy with { ApprovalRequired = true }) with { Name = fleet }).Begin();

    private async Task AskAsync(string run, RequestKind kind)
    {
        await using var journal = await SqliteRunJournal.OpenAsync(_cli.Journal, TimeProvider.System, TestContext.Current.CancellationToken);
        var runs = new RunService(journal, CommandContext.Worker, TimeProvider.System, CommandContext.NewId, NullLoggerFactory.Instance);
        await runs.RequestAsync(run, kind, new Asker("ada", "it was wrong"), TestContext.Current.CancellationToken);
    }

    private async Task<IReadOnlyList<RunRequest>> RequestsAsync(string run)
    {
        await using var journal = await SqliteRunJournal.OpenAsync(_cli.Journal, TimeProvider.System, TestContext.Current.CancellationToken);
        return await journal.RequestsAsync(run, TestContext.Current.CancellationToken);
    }
}
