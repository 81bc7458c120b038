using Refresh.EndToEnd.Tests.Stage;
using Refresh.Workflows.Ports;
using Refresh.Workflows.Runs;
using Xunit;

namespace Refresh.EndToEnd.Tests;

/// <summary>Fleets whose VMs are rebuilt through pulumi, whichever it is.</summary>
public abstract class PulumiScenarios
{
    private protected const string Vm = "web-1-a";

    private protected abstract Task<PulumiStage> StartAsync(int pairs, int cloneMs);

    /// <summary>Waits until the cloud makes the first member's new VM.</summary>
    private protected abstract Task CloneIsUnderWayAsync(PulumiStage pulumi);

    [Fact]
    public async Task A_fleet_is_refreshed_through_pulumi_and_not_one_request_fails()
    {
        await using var pulumi = await StartAsync(pairs: 2, cloneMs: 1000);
        var before = await pulumi.Stage.MachinesAsync();
        await using var attendance = await pulumi.Stage.AttendAsync();
        using var run = pulumi.Stage.Run(pulumi.Fleet);
        await run.EndsWithAsync(0);
        await attendance.UnharmedAsync();
        await pulumi.Stage.AllAreNewAsync(before, "1.1.0");
    }

    [Fact]
    public async Task A_worker_that_is_killed_in_mid_clone_is_followed_by_one_that_finds_the_new_VM()
    {
        await using var pulumi = await StartAsync(pairs: 1, cloneMs: 3000);
        var before = await pulumi.Stage.MachinesAsync();
        await using var attendance = await pulumi.Stage.AttendAsync();
        using (var run = pulumi.Stage.Run(pulumi.Fleet))
        {
            await CloneIsUnderWayAsync(pulumi, run);
            run.Kill();
        }

        using var resume = pulumi.Stage.Refresh("resume", "--json");
        await resume.EndsWithAsync(0);
        await attendance.UnharmedAsync();
        await pulumi.Stage.AllAreNewAsync(before, "1.1.0");
    }

    [Fact]
    public async Task A_clone_that_ends_after_worker_and_pulumi_were_killed_is_deleted_and_made_afresh_past_the_lock_of_the_dead()
    {
        await using var pulumi = await StartAsync(pairs: 1, cloneMs: 3000);
        var before = await pulumi.Stage.MachinesAsync();
        await using var attendance = await pulumi.Stage.AttendAsync();
        using (var run = pulumi.Stage.Run(pulumi.Fleet))
        {
            await CloneIsUnderWayAsync(pulumi, run);
            run.Kill();
            pulumi.KillPulumi();
        }

        Assert.NotEmpty(pulumi.Plugins());
        Assert.Single(pulumi.Locks());
        using var resume = pulumi.Stage.Refresh("resume", "--json");
        await resume.EndsWithAsync(0);
        await attendance.UnharmedAsync();
        await pulumi.Stage.AllAreNewAsync(before, "1.1.0");
        Assert.Empty(pulumi.Plugins());
        Assert.Empty(pulumi.Locks());
        var history = await pulumi.Stage.HistoryAsync();
        Assert.Contains(history.Entries, entry => entry.Event is OutcomeRecorded { Outcome: Recovered { Recovery.Fate: RebuildFate.Gone } });
    }

    private async Task CloneIsUnderWayAsync(PulumiStage pulumi, RefreshProcess run)
    {
        await run.UntilAsync(happened => happened is IntentRecorded { Intent: Rebuild });
        await CloneIsUnderWayAsync(pulumi);
    }
}
