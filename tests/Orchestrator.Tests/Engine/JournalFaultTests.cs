using Refresh.Workflows.Machines;
using Refresh.Workflows.Ports;
using Refresh.Workflows.Runs;
using Xunit;

namespace Refresh.Orchestrator.Tests.Engine;

/// <summary>A journal that fails says nothing about the world: it is asked again, or the worker stops and the run can be resumed.</summary>
public sealed class JournalFaultTests
{
    [Fact]
    public async Task A_journal_that_is_away_for_a_moment_while_a_member_is_drained_is_not_taken_for_a_failed_drain()
    {
        var stage = await new WorkerStage().PlanAsync();
        stage.Journal.RenewalsToFail = stage.Journal.ClaimsToFail = 2;
        Assert.Equal(RunState.Succeeded, (await stage.WorkAsync()).State);
        Assert.Empty(await stage.FailuresAsync());
    }

    [Fact]
    public async Task A_journal_that_stays_away_stops_the_worker_before_the_act_and_the_run_is_resumed()
    {
        var stage = await new WorkerStage { Lease = TimeSpan.FromSeconds(1) }.PlanAsync();
        var fault = await Assert.ThrowsAsync<JournalException>(() => stage.WorkAsync(run => stage.Journal.RenewalsToFail = run.Open.Values.Any(intent => intent is Drain) ? int.MaxValue : 0));
        Assert.Equal(JournalFault.Unavailable, fault.Fault);
        Assert.Contains("The disk is away.", fault.Message, StringComparison.Ordinal);
        Assert.Contains($"refresh resume {WorkerStage.Id}", fault.Message, StringComparison.Ordinal);
        Assert.DoesNotContain("somebody else", fault.Message, StringComparison.Ordinal);
        Assert.Contains((await stage.HistoryAsync()).Run.Open.Values, intent => intent is Drain);
        Assert.Empty(await stage.FailuresAsync());

        stage.Journal.RenewalsToFail = 0;
        while (await stage.Journal.HolderAsync("shop", TestContext.Current.CancellationToken) is not null)
            await Task.Delay(20, TestContext.Current.CancellationToken);
        Assert.Equal(RunState.Succeeded, (await stage.WorkAsync()).State);
    }

    [Fact]
    public async Task A_claim_that_cannot_be_read_stops_the_worker_and_is_no_fact()
    {
        var stage = await new WorkerStage().PlanAsync();
        stage.Journal.ClaimsToFail = int.MaxValue;
        Assert.Equal(JournalFault.Unavailable, (await Assert.ThrowsAsync<JournalException>(() => stage.WorkAsync())).Fault);
        Assert.Empty(await stage.FailuresAsync());
        stage.Journal.ClaimsToFail = 0;
        Assert.Equal(RunState.Succeeded, (await stage.WorkAsync()).State);
    }

    [Fact]
    public async Task A_worker_whose_lease_another_has_taken_says_that_and_not_that_the_journal_failed()
    {
        var stage = await new WorkerStage().PlanAsync();
        var fault = await Assert.ThrowsAsync<JournalException>(() => stage.WorkAsync(run =>
        {
            if (run.Open.Values.Any(intent => intent is Drain) && stage.Journal.HolderAsync("shop", default) is { Result: { Worker: "two" } holder })
                _ = stage.Journal.SucceedAsync(holder, "three", stage.Lease, default);
        }));
        Assert.Equal(JournalFault.LeaseLost, fault.Fault);
        Assert.Contains("somebody else", fault.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_planned_run_whose_cancellation_waits_is_cancelled_before_anything_is_looked_at()
    {
        var stage = await new WorkerStage().PlanAsync();
        await stage.Journal.SubmitAsync(new RunRequest("q1", WorkerStage.Id, RequestKind.Cancel, "ann", string.Empty, DateTimeOffset.UtcNow), TestContext.Current.CancellationToken);
        Assert.Equal(RunState.Cancelled, (await stage.WorkAsync()).State);
        Assert.DoesNotContain((await stage.HistoryAsync()).Entries, entry => entry.Event is IntentRecorded);
    }
}
