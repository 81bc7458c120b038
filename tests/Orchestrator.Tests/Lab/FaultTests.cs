using System.Net;
using Refresh.Lab;
using Refresh.Lab.Client;
using Xunit;

namespace Refresh.Orchestrator.Tests.Lab;

public sealed class FaultTests(LabFixture lab) : IClassFixture<LabFixture>
{
    private const string Vm = "web-1-a";

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_clone_that_fails_leaves_no_VM_and_the_next_one_succeeds()
    {
        await FailAsync(LabFaultKind.CloneFails);
        var failed = await lab.CloneAsync(Vm, "web@1.1.0");
        Assert.Equal(LabOperationState.Failed, failed.State);
        Assert.Contains("datastore", failed.Reason, StringComparison.Ordinal);
        var left = await lab.VmAsync(Vm);
        Assert.Equal((LabPower.Missing, null), (left.Power, left.Id));
        Assert.Equal(LabOperationState.Succeeded, (await lab.CloneAsync(Vm, "web@1.1.0")).State);
    }

    [Fact]
    public async Task A_clone_may_succeed_though_its_call_was_cut_off()
    {
        var before = await lab.VmAsync(Vm);
        await FailAsync(LabFaultKind.CloneSucceedsLate);
        var lost = await Assert.ThrowsAsync<LabException>(() => lab.Client.CloneAsync(Vm, new("web@1.1.0"), Cancellation));
        Assert.Equal("lab-unreachable", lost.Code);
        await LabFixture.UntilAsync(async () => await lab.VmAsync(Vm) is { Power: LabPower.On } vm && vm.Id != before.Id);
        Assert.Single((await lab.Client.OperationsAsync(Vm, Cancellation)).Where(operation => operation.StartedAt > DateTimeOffset.UtcNow.AddSeconds(-60)).TakeLast(1), operation => operation.State == LabOperationState.Succeeded);
    }

    [Fact]
    public async Task A_wrong_image_shows_in_the_guest_alone()
    {
        await FailAsync(LabFaultKind.WrongImage);
        await lab.CloneAsync(Vm, "web@1.1.0");
        var vm = await lab.VmAsync(Vm);
        Assert.Equal("web@1.1.0", vm.Image);
        Assert.Equal("1.0.0", (await lab.IdentityAsync(vm)).GetProperty("image").GetProperty("version").GetString());
    }

    [Fact]
    public async Task A_guest_that_never_boots_is_on_and_silent()
    {
        await FailAsync(LabFaultKind.BootsNever);
        await lab.CloneAsync(Vm, "web@1.1.0");
        var vm = await lab.VmAsync(Vm);
        Assert.Equal(LabPower.On, vm.Power);
        Assert.Null(await lab.AskAsync(vm, "/health"));
        await lab.EndAsync(await lab.Client.PowerAsync(Vm, PowerAction.Off, Cancellation));
        await lab.EndAsync(await lab.Client.PowerAsync(Vm, PowerAction.On, Cancellation));
        await lab.IdentityAsync(vm);
    }

    [Fact]
    public async Task A_sick_guest_answers_its_health_check_with_503_until_it_is_healed()
    {
        await FailAsync(LabFaultKind.BootsSick);
        await lab.CloneAsync(Vm, "web@1.1.0");
        var vm = await lab.VmAsync(Vm);
        await lab.IdentityAsync(vm);
        Assert.Equal(HttpStatusCode.ServiceUnavailable, (await lab.AskAsync(vm, "/health"))?.StatusCode);
        await lab.Client.ClearFaultsAsync(Vm, Cancellation);
        await HealthIsAsync(vm, HttpStatusCode.OK);
    }

    [Fact]
    public async Task A_running_guest_can_fall_sick_slow_and_flap()
    {
        var vm = await lab.VmAsync(Vm);
        await lab.IdentityAsync(vm);
        await FailAsync(LabFaultKind.BootsSick, now: true);
        await HealthIsAsync(vm, HttpStatusCode.ServiceUnavailable);
        await lab.Client.ClearFaultsAsync(Vm, Cancellation);
        await HealthIsAsync(vm, HttpStatusCode.OK);

        await FailAsync(LabFaultKind.Flaps, now: true, ms: 50);
        await HealthIsAsync(vm, HttpStatusCode.ServiceUnavailable);
        await HealthIsAsync(vm, HttpStatusCode.OK);
        await HealthIsAsync(vm, HttpStatusCode.ServiceUnavailable);
        await lab.Client.ClearFaultsAsync(Vm, Cancellation);

        await FailAsync(LabFaultKind.Slow, now: true, ms: 400);
        await LabFixture.UntilAsync(async () =>
        {
            var began = TimeProvider.System.GetTimestamp();
            await lab.AskAsync(vm, "/");
            return TimeProvider.System.GetElapsedTime(began) >= TimeSpan.FromMilliseconds(400);
        });
        await lab.Client.ClearFaultsAsync(Vm, Cancellation);
    }

    [Fact]
    public async Task A_guest_that_dies_later_answers_first_and_is_off_then()
    {
        await FailAsync(LabFaultKind.DiesLater, ms: 1500);
        await lab.CloneAsync(Vm, "web@1.1.0");
        var vm = await lab.VmAsync(Vm);
        await lab.IdentityAsync(vm);
        await LabFixture.UntilAsync(async () => (await lab.VmAsync(Vm)).Power == LabPower.Off);
        Assert.Null(await lab.AskAsync(vm, "/health"));
        await lab.EndAsync(await lab.Client.PowerAsync(Vm, PowerAction.On, Cancellation));
    }

    [Fact]
    public async Task A_fault_befalls_as_many_clones_as_asked()
    {
        await lab.Client.FailAsync(new(Vm, LabFaultKind.CloneFails, Count: 2), Cancellation);
        Assert.Equal(LabOperationState.Failed, (await lab.CloneAsync(Vm, "web@1.1.0")).State);
        Assert.Equal(LabOperationState.Failed, (await lab.CloneAsync(Vm, "web@1.1.0")).State);
        Assert.Equal(LabOperationState.Succeeded, (await lab.CloneAsync(Vm, "web@1.1.0")).State);
    }

    [Fact]
    public async Task A_fault_of_the_clone_cannot_befall_a_running_guest()
    {
        var refused = await Assert.ThrowsAsync<LabException>(() => FailAsync(LabFaultKind.CloneFails, now: true));
        Assert.Equal("bad-fault", refused.Code);
    }

    private Task FailAsync(LabFaultKind kind, bool now = false, int? ms = null) => lab.Client.FailAsync(new(Vm, kind, 1, ms, now), Cancellation);

    private Task HealthIsAsync(LabVm vm, HttpStatusCode status) => LabFixture.UntilAsync(async () => (await lab.AskAsync(vm, "/health"))?.StatusCode == status);
}
