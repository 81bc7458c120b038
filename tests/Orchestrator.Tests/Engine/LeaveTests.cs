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

    private static async Task<IReadOnlyList<RequestAnswered>> AnswersAsync(WorkerStage stage) =>
        [.. (await stage.HistoryAsync()).Entries.Select(entry => entry.Event).OfType<RequestAnswered>()];
}
