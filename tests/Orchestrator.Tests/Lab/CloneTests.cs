using System.Net;
using Refresh.Lab;
using Refresh.Lab.Client;
using Xunit;

namespace Refresh.Orchestrator.Tests.Lab;

public sealed class CloneTests(LabFixture lab) : IClassFixture<LabFixture>
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_clone_is_another_VM_at_the_same_address()
    {
        var before = await lab.VmAsync("web-1-a");
        var machine = (await lab.IdentityAsync(before)).GetProperty("machineId").GetString();
        Assert.Equal(LabOperationState.Succeeded, (await lab.CloneAsync("web-1-a", "web@1.1.0")).State);

        var after = await lab.VmAsync("web-1-a");
        Assert.Equal((before.Host, before.Port), (after.Host, after.Port));
        Assert.NotEqual(before.Id, after.Id);
        Assert.NotEqual(before.Handle, after.Handle);
        Assert.NotEqual(before.Pid, after.Pid);
        Assert.NotEqual(machine, (await lab.IdentityAsync(after)).GetProperty("machineId").GetString());
        await lab.CloneAsync("web-1-a", "web@1.1.0");
        Assert.NotEqual(after.Id, (await lab.VmAsync("web-1-a")).Id);
    }

    [Fact]
    public async Task A_guest_reads_what_it_is_from_its_own_disk()
    {
        await lab.CloneAsync("web-1-b", "web@1.1.0");
        var vm = await lab.VmAsync("web-1-b");
        var identity = await lab.IdentityAsync(vm);
        Assert.Equal(vm.Digest, identity.GetProperty("image").GetProperty("digest").GetString());
        Assert.Contains("CVE-2026-0719", identity.GetProperty("patches").EnumerateArray().Select(patch => patch.GetString()));

        await File.AppendAllTextAsync(Path.Combine(lab.Directory, "vms", vm.Name, "image", "disk", "etc", "patches"), "tampered\n", Cancellation);
        await lab.EndAsync(await lab.Client.PowerAsync(vm.Name, PowerAction.Off, Cancellation));
        Assert.Null(await lab.AskAsync(vm, "/health"));
        await lab.EndAsync(await lab.Client.PowerAsync(vm.Name, PowerAction.On, Cancellation));
        var tampered = await lab.IdentityAsync(vm);
        Assert.NotEqual(vm.Digest, tampered.GetProperty("image").GetProperty("digest").GetString());
        Assert.Equal(identity.GetProperty("machineId").GetString(), tampered.GetProperty("machineId").GetString());
    }

    [Fact]
    public async Task A_second_operation_on_a_VM_is_refused_while_one_goes_on()
    {
        await lab.Client.FailAsync(new("web-1-a", LabFaultKind.CloneHangs), Cancellation);
        var first = await lab.Client.CloneAsync("web-1-a", new("web@1.1.0"), Cancellation);
        var refused = await Assert.ThrowsAsync<LabException>(() => lab.Client.CloneAsync("web-1-a", new("web@1.1.0"), Cancellation));
        Assert.Equal(("vm-busy", (int)HttpStatusCode.Conflict), (refused.Code, refused.Status));
        Assert.Equal(LabPower.Changing, (await lab.VmAsync("web-1-a")).Power);
        await lab.Client.ClearFaultsAsync("web-1-a", Cancellation);
        await LabFixture.UntilAsync(async () =>
        {
            await lab.Client.ClearFaultsAsync("web-1-a", Cancellation);
            return (await lab.Client.OperationsAsync("web-1-a", Cancellation)).Single(operation => operation.Id == first.Id).State == LabOperationState.Succeeded;
        });
    }

    [Theory]
    [InlineData("web-1-a", "web@9.9.9", null, null, "unknown-image")]
    [InlineData("web-9-a", "web@1.1.0", null, null, "unknown-vm")]
    [InlineData("web-1-a", "web@1.1.0", "sha256:00", null, "digest-differs")]
    [InlineData("web-1-a", "web@1.1.0", null, "another", "vm-changed")]
    public async Task A_clone_that_cannot_be_right_is_refused(string vm, string image, string? digest, string? id, string code)
    {
        var refused = await Assert.ThrowsAsync<LabException>(() => lab.Client.CloneAsync(vm, new(image, digest, id), Cancellation));
        Assert.Equal(code, refused.Code);
    }

    [Fact]
    public async Task A_VM_can_be_made_and_deleted()
    {
        var beside = (await lab.VmAsync("web-1-a")) with { Host = $"{lab.Facts.Subnet}.200.1" };
        Assert.Equal(LabOperationState.Succeeded, (await lab.EndAsync(await lab.Client.CreateAsync(new("spare", "web", beside.Host, beside.Port), Cancellation))).State);
        await lab.IdentityAsync(beside);
        await lab.EndAsync(await lab.Client.DeleteAsync("spare", Cancellation));
        Assert.Null(await lab.Client.FindAsync("spare", Cancellation));
        Assert.Null(await lab.AskAsync(beside, "/health"));
    }
}
