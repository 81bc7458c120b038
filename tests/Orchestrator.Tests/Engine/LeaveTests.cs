using Refresh.Workflows.Machines;
using Refresh.Workflows.Runs;
using Xunit;

namespace Refresh.Orchestrator.Tests.Engine;

/// <summary>A worker that is told to leave safely pauses its run, unless that rests already.</summary>
public sealed class LeaveTests
{
    private static readonly RunRequest s_pause = new("q1", WorkerStage.Id, RequestKind.Pause, "ann", "Ctrl-C", DateTimeOffset.UnixEpoch);

    [Fact]
    public async Task A_run_that_goes_on_is_paused_and_left_with_nothing_under_way()
    {
        var stage = await new WorkerStage().PlanAsync();
        var told = false;
        var run = await stage.WorkAsync((worker, now) =>
        {
            if (!told && now.Open.Values.Any(intent => intent is Rebuild))
                worker.LeaveSafely(s_pause);
            told |= now.Open.Values.Any(intent => intent is Rebuild);
        });
        Assert.Equal((RunState.Paused, true), (run.State, run.Open.IsEmpty));
        Assert.Null(Assert.Single(await AnswersAsync(stage)).Refusal);
    }

    [Fact]
    public async Task A_run_that_is_paused_already_is_left_without_a_request_that_would_be_refused()
    {
        var stage = await new WorkerStage().PlanAsync();
        var asked = false;
        var run = await stage.WorkAsync((worker, now) =>
        {
            if (!asked)
                worker.Ask(s_pause with { Id = "q0" });
            asked = true;
            if (now.State == RunState.Paused)
                worker.LeaveSafely(s_pause);
        });
        Assert.Equal(RunState.Paused, run.State);
        Assert.Equal("q0", Assert.Single(await AnswersAsync(stage)).Request.Id);
    }

    [Fact]
    public async Task A_run_that_is_to_go_on_does_so_unless_something_was_asked_of_it_meanwhile()
    {
        var stage = await new WorkerStage().PlanAsync();
        await stage.WorkAsync((worker, now) => worker.LeaveSafely(s_pause));
        await stage.Journal.SubmitAsync(s_pause with { Id = "q1b", By = "grace" }, TestContext.Current.CancellationToken);
        Assert.Equal((RunState.Paused, "grace"), await GoneOnAsync(stage, "q2"));
        Assert.Equal((RunState.Succeeded, "grace"), await GoneOnAsync(stage, "q3"));
        Assert.Equal(["q1", "q1b", "q3"], (await AnswersAsync(stage)).Select(answer => answer.Request.Id));
    }

    private static async Task<(RunState State, string? PausedBy)> GoneOnAsync(WorkerStage stage, string id)
    {
        var told = false;
        var run = await stage.WorkAsync((worker, now) =>
        {
            if (!told)
                worker.GoOn(s_pause with { Id = id, Kind = RequestKind.Resume });
            if (told && now.State == RunState.Paused)
                worker.LeaveWhenIdle();
            told = true;
        });
        return (run.State, run.PausedBy);
    }

    private static async Task<IReadOnlyList<RequestAnswered>> AnswersAsync(WorkerStage stage) =>
        [.. (await stage.HistoryAsync()).Entries.Select(entry => entry.Event).OfType<RequestAnswered>()];
}
