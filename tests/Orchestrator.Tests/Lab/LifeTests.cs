using System.Diagnostics;
using Refresh.Lab;
using Refresh.Lab.Client;
using Refresh.Lab.Cloud;
using Xunit;

namespace Refresh.Orchestrator.Tests.Lab;

public sealed class LifeTests
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_stopped_guest_finishes_what_it_has_begun()
    {
        await using var lab = await LabFixture.StartAsync(options => options);
        var vm = await lab.VmAsync("web-1-a");
        using var http = new HttpClient();
        using var begun = await http.GetAsync(LabFixture.Url(vm, "/slow?ms=1&id=warm"), Cancellation);
        var slow = http.GetStringAsync(LabFixture.Url(vm, "/slow?ms=1500&id=whole"), Cancellation);
        // The first byte of the request is at the guest when a second request after it is answered.
        using var other = await lab.AskAsync(vm, "/health");
        var stop = await lab.Client.PowerAsync(vm.Name, PowerAction.Off, Cancellation);
        await LabFixture.UntilAsync(async () => await lab.AskAsync(vm, "/health") is null);
        Assert.False(slow.IsCompleted);
        Assert.EndsWith("whole", await slow, StringComparison.Ordinal);
        Assert.Equal(LabOperationState.Succeeded, (await lab.EndAsync(stop)).State);
    }

    [Fact]
    public async Task A_lab_that_was_stopped_brings_the_same_VMs_back()
    {
        await using var lab = await LabFixture.StartAsync(options => options);
        await lab.CloneAsync("web-1-a", "web@1.1.0");
        await lab.EndAsync(await lab.Client.PowerAsync("web-1-b", PowerAction.Off, Cancellation));
        var before = await lab.Client.VmsAsync(Cancellation);
        var machine = (await lab.IdentityAsync(before[0])).GetProperty("machineId").GetString();
        await LabLauncher.StopAsync(lab.Directory, TimeProvider.System, Cancellation);
        await lab.InitializeAsync();
        AssertSame(before, await lab.Client.VmsAsync(Cancellation));
        Assert.Equal(machine, (await lab.IdentityAsync(before[0])).GetProperty("machineId").GetString());
    }

    [Fact]
    public async Task Nothing_outlives_a_killed_lab_and_its_VMs_come_back()
    {
        await using var lab = await LabFixture.StartAsync(options => options with { Balancer = BalancerChoice.HAProxy });
        var before = await lab.Client.VmsAsync(Cancellation);
        await lab.Client.FailAsync(new("web-1-b", LabFaultKind.CloneHangs), Cancellation);
        await lab.Client.CloneAsync("web-1-b", new("web@1.1.0"), Cancellation);
        await LabFixture.UntilAsync(async () => (await lab.VmAsync("web-1-b")).Id is null);
        using (var process = Process.GetProcessById(lab.Facts.Pid))
            process.Kill();
        await LabFixture.UntilAsync(() => Task.FromResult(before.All(vm => !Runs(vm.Pid!.Value))));
        await LabFixture.UntilAsync(async () => await lab.AskAsync(before[0] with { Host = lab.Facts.Balancers[0].Frontend.Host }, "/") is null);

        await lab.InitializeAsync();
        AssertSame([before[0]], [await lab.VmAsync("web-1-a")]);
        Assert.Equal(LabPower.Missing, (await lab.VmAsync("web-1-b")).Power);
        Assert.Equal(LabOperationState.Failed, Assert.Single(await lab.Client.OperationsAsync("web-1-b", Cancellation)).State);
    }

    [Fact]
    public async Task A_lab_stops_by_itself_when_its_lifetime_is_over()
    {
        await using var lab = await LabFixture.StartAsync(options => options with { Lifetime = TimeSpan.FromSeconds(20) });
        var guests = lab.Facts.Vms.Select(vm => vm.Pid!.Value).ToList();
        await LabFixture.UntilAsync(() => Task.FromResult(!Runs(lab.Facts.Pid) && !guests.Exists(Runs)));
        Assert.False(File.Exists(Path.Combine(lab.Directory, LabFacts.FileName)));
    }

    [Fact]
    public async Task A_second_lab_in_the_same_directory_or_on_the_same_addresses_is_refused()
    {
        await using var lab = await LabFixture.StartAsync(options => options with { Pairs = 0 });
        var same = new LabOptions(lab.Directory) { Balancer = BalancerChoice.None };
        var running = await Assert.ThrowsAsync<LabException>(() => LabLauncher.StartAsync(same, LabFixture.Executable, Cancellation));
        Assert.Contains("runs in", running.Message, StringComparison.Ordinal);
        var other = new LabOptions(lab.Directory + "-2") { Balancer = BalancerChoice.None, Subnet = lab.Facts.Subnet };
        var taken = await Assert.ThrowsAsync<LabException>(() => LabLauncher.StartAsync(other, LabFixture.Executable, Cancellation));
        Assert.Contains("is in use", taken.Message, StringComparison.Ordinal);
        Directory.Delete(other.Directory, recursive: true);
    }

    [Fact]
    public async Task A_lab_that_does_not_come_up_leaves_nothing_that_the_next_one_would_take_for_its_own()
    {
        await using var there = await LabFixture.StartAsync(options => options with { Pairs = 0 });
        var options = new LabOptions(there.Directory + "-2") { Pairs = 1, Balancer = BalancerChoice.None, Subnet = there.Facts.Subnet };
        var taken = await Assert.ThrowsAsync<LabException>(() => LabLauncher.StartAsync(options, LabFixture.Executable, Cancellation));
        Assert.Equal(("address-taken", "stop it, or choose another --subnet"), (taken.Code, taken.Next));
        Assert.DoesNotContain("To go on", taken.Text, StringComparison.Ordinal);
        await using var lab = await LabFixture.StartAsync(_ => options with { Subnet = null });
        Assert.All(lab.Facts.Vms, vm => Assert.Equal(LabPower.On, vm.Power));
        Assert.NotEqual(there.Facts.Subnet, lab.Facts.Subnet);
    }

    [Fact]
    public async Task A_lab_that_is_brought_back_is_not_asked_for_other_addresses_in_vain()
    {
        await using var lab = await LabFixture.StartAsync(options => options with { Pairs = 0, Port = 8081 });
        await LabLauncher.StopAsync(lab.Directory, TimeProvider.System, Cancellation);
        var again = new LabOptions(lab.Directory) { Balancer = BalancerChoice.None };
        foreach (var other in new[] { again with { Subnet = "127.251" }, again with { Port = 8082 } })
        {
            var refused = await Assert.ThrowsAsync<LabException>(() => LabLauncher.StartAsync(other, LabFixture.Executable, Cancellation));
            Assert.Equal("lab-elsewhere", refused.Code);
            Assert.Contains($"{lab.Facts.Subnet}.0.0/16 at port 8081", refused.Text, StringComparison.Ordinal);
        }

        Assert.Equal(lab.Facts.Api, (await LabLauncher.StartAsync(again with { Subnet = lab.Facts.Subnet }, LabFixture.Executable, Cancellation)).Api);
    }

    [Fact]
    public async Task A_lab_that_is_given_up_while_it_starts_leaves_no_VMs()
    {
        var options = new LabOptions(Path.Combine(Path.GetTempPath(), "refresh-lab-" + Guid.NewGuid().ToString("N")[..12])) { Pairs = 20, Balancer = BalancerChoice.None };
        using var giveUp = CancellationTokenSource.CreateLinkedTokenSource(Cancellation);
        var starting = LabLauncher.StartAsync(options, LabFixture.Executable, giveUp.Token);
        await LabFixture.UntilAsync(() => Task.FromResult(Directory.Exists(Path.Combine(options.Directory, "vms", "web-1-a"))));
        await giveUp.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => starting);
        Assert.Equal(["images", "lab.lock"], Directory.EnumerateFileSystemEntries(options.Directory).Select(Path.GetFileName).Order());
        Directory.Delete(options.Directory, recursive: true);
    }

    private static void AssertSame(IReadOnlyList<LabVm> before, IReadOnlyList<LabVm> after) =>
        Assert.Equal(before.Select(vm => (vm.Name, vm.Id, vm.Handle, vm.Image, vm.Host, vm.Power)), after.Select(vm => (vm.Name, vm.Id, vm.Handle, vm.Image, vm.Host, vm.Power)));

    private static bool Runs(int pid) =>
        File.Exists($"/proc/{pid}/stat") && File.ReadAllText($"/proc/{pid}/stat").Split(") ")[^1][0] is not 'Z';
}
