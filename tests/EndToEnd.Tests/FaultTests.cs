using Refresh.EndToEnd.Tests.Stage;
using Refresh.Lab.Client;
using Refresh.Workflows.Ports;
using Refresh.Workflows.Runs;
using Xunit;

namespace Refresh.EndToEnd.Tests;

/// <summary>Promises 2 and 3: a rebuild that goes wrong stays where it is, and nobody who asks for the service notices.</summary>
public sealed class FaultTests
{
    private const string Vm = "web-1-a";

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData(LabFaultKind.CloneFails, 2, null, "could not be rebuilt in 2 tries, and its old VM is gone")]
    [InlineData(LabFaultKind.BootsNever, 1, null, "was healthy 0 times in a row")]
    [InlineData(LabFaultKind.BootsSick, 1, null, "503")]
    [InlineData(LabFaultKind.WrongImage, 1, null, "runs web@1.0.0")]
    public async Task A_member_that_cannot_be_proved_stays_out_its_peer_serves_and_a_failed_canary_ends_the_run(LabFaultKind kind, int count, int? ms, string why)
    {
        await using var stage = await LabStage.StartAsync(pairs: 2);
        var before = await stage.MachinesAsync();
        await stage.Lab.Client.FailAsync(new(Vm, kind, count, ms), Cancellation);
        await using var attendance = await stage.AttendAsync();
        using var run = stage.Refresh("run", stage.Write(stage.Fleet with { VerifyTimeout = "5s" }), "--yes");
        await run.EndsWithAsync(1);

        await attendance.UnharmedAsync();
        Assert.Contains("web-1 stays frozen until a person has looked at it", run.Output, StringComparison.Ordinal);
        Assert.Contains(why, run.Output, StringComparison.Ordinal);
        Assert.DoesNotContain("the provisioner shows no VM", run.Output, StringComparison.Ordinal);
        Assert.Contains("web-1/a is out of rotation still; its peer web-1/b is not.", run.Output, StringComparison.Ordinal);
        Assert.Contains("canary pair web-1 is frozen", run.Output, StringComparison.Ordinal);
        var now = await attendance.Rotation.NowAsync();
        Assert.Equal([false, true, true, true], [now.In(1, 'a'), now.In(1, 'b'), now.In(2, 'a'), now.In(2, 'b')]);
        Assert.Equal(count, (await stage.ClonesAsync(Vm)).Count);
        Assert.NotEqual(before[Vm].Id, (await stage.Lab.VmAsync(Vm)).Id);
        foreach (var vm in before.Keys.Where(vm => vm != Vm))
            Assert.Equal(before[vm].Id, (await stage.Lab.VmAsync(vm)).Id);
        Assert.DoesNotContain((await stage.HistoryAsync()).Entries, entry => entry.Event is IntentRecorded { Intent: Rejoin });
    }

    [Fact]
    public async Task A_clone_that_fails_once_is_tried_again_after_it_was_looked_at()
    {
        await using var stage = await LabStage.StartAsync();
        var before = await stage.MachinesAsync();
        await stage.Lab.Client.FailAsync(new(Vm, LabFaultKind.CloneFails), Cancellation);
        await using var attendance = await stage.AttendAsync();
        using var run = stage.Run(stage.Fleet);
        await run.EndsWithAsync(0);
        await attendance.UnharmedAsync();
        await stage.AllAreNewAsync(before, "1.1.0");
        Assert.Equal(2, (await stage.ClonesAsync(Vm)).Count);
        Assert.Contains(run.Events, happened => happened is OutcomeRecorded { Outcome: Recovered { Recovery.Fate: RebuildFate.Gone } });
    }

    [Fact]
    public async Task A_clone_that_succeeds_though_its_call_was_cut_off_is_adopted()
    {
        await using var stage = await LabStage.StartAsync();
        var before = await stage.MachinesAsync();
        await stage.Lab.Client.FailAsync(new(Vm, LabFaultKind.CloneSucceedsLate), Cancellation);
        await using var attendance = await stage.AttendAsync();
        using var run = stage.Run(stage.Fleet);
        await run.EndsWithAsync(0);
        await attendance.UnharmedAsync();
        await stage.AllAreNewAsync(before, "1.1.0");
        Assert.Single(await stage.ClonesAsync(Vm));
        Assert.Contains(run.Events, happened => happened is OutcomeRecorded { Outcome: Recovered { Recovery.Fate: RebuildFate.Happened } });
    }

    [Fact]
    public async Task A_member_whose_health_flaps_is_not_passed_and_its_peer_is_not_touched()
    {
        await using var stage = await LabStage.StartAsync();
        var before = await stage.MachinesAsync();
        await stage.Lab.Client.FailAsync(new(Vm, LabFaultKind.Flaps, 1, 1500), Cancellation);
        await using var attendance = await stage.AttendAsync();
        using var run = stage.Refresh("run", stage.Write(stage.Fleet with { VerifyTimeout = "6s", RejoinTimeout = "5s", Soak = "8s" }), "--yes");
        await run.EndsWithAsync(1);
        await attendance.UnharmedAsync();
        Assert.Contains("web-1 stays frozen until a person has looked at it", run.Output, StringComparison.Ordinal);
        Assert.Equal(before["web-1-b"].Id, (await stage.Lab.VmAsync("web-1-b")).Id);
    }

    /// <summary>Until the balancer's checks see the death, requests are lost with the guest: that is the fault's doing, and ends there.</summary>
    [Fact]
    public async Task A_member_that_dies_in_its_soak_freezes_its_pair_and_its_peer_serves_on()
    {
        await using var stage = await LabStage.StartAsync();
        var before = await stage.MachinesAsync();
        await stage.Lab.Client.FailAsync(new(Vm, LabFaultKind.DiesLater, 1, 5000), Cancellation);
        await using var attendance = await stage.AttendAsync();
        using var run = stage.Refresh("run", stage.Write(stage.Fleet with { Soak = "20s" }), "--yes");
        await run.EndsWithAsync(1);
        var after = await attendance.UntilNextAsync("after");
        Assert.Equal(0, after.Failed);
        Assert.Empty(attendance.Rotation.BothOut());
        Assert.Contains("web-1 stays frozen until a person has looked at it", run.Output, StringComparison.Ordinal);
        Assert.Contains("web-1/a", run.Output, StringComparison.Ordinal);
        Assert.Equal(before["web-1-b"].Id, (await stage.Lab.VmAsync("web-1-b")).Id);
    }

    [Fact]
    public async Task Within_the_failure_budget_the_other_pairs_are_refreshed()
    {
        await using var stage = await LabStage.StartAsync(pairs: 2);
        await stage.Lab.Client.FailAsync(new(Vm, LabFaultKind.WrongImage), Cancellation);
        await using var attendance = await stage.AttendAsync();
        using var run = stage.Refresh("run", stage.Write(stage.Fleet with { Canary = "{ pairs: 0 }", AtOnce = 1, FailureBudget = "{ pairs: 1, members: 1 }" }), "--yes");
        await run.EndsWithAsync(1);
        await attendance.UnharmedAsync();
        var after = await stage.MachinesAsync();
        Assert.Equal(["1.0.0", "1.0.0", "1.1.0", "1.1.0"], after.OrderBy(vm => vm.Key, StringComparer.Ordinal).Select(vm => vm.Value.Version));
        Assert.Contains("1 pair is frozen, within the failure budget", run.Output, StringComparison.Ordinal);
    }
}
