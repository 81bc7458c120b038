using Refresh.Lab.Client;
using Refresh.Orchestrator.Provisioners.Lab;
using Refresh.Orchestrator.Settings;
using Refresh.Orchestrator.Tests.Balancers;
using Refresh.Orchestrator.Tests.Lab;
using Refresh.Workflows.Facts;
using Refresh.Workflows.Fleets;
using Refresh.Workflows.Images;
using Refresh.Workflows.Ports;
using Xunit;

namespace Refresh.Orchestrator.Tests.Provisioners;

public sealed class LabProvisionerTests : ProvisionerCompliance
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_VM_that_the_lab_does_not_know_is_created_at_the_members_address()
    {
        await using var world = await LabWorld.StartAsync();
        await world.Lab.EndAsync(await world.Lab.Client.DeleteAsync("web-1-a", Cancellation));
        Assert.Equal(VmPower.Missing, (await world.Provisioner.ObserveAsync(world.First, Cancellation)).Power);
        var preview = await world.Provisioner.PreviewAsync(world.First, world.New, Cancellation);
        Assert.Equal(PlannedOperation.Create, Assert.Single(preview.Steps).Operation);
        var vm = await world.Provisioner.RebuildAsync(world.First, world.New, preview, Fences.None, new Told(), Cancellation);
        Assert.Equal(VmPower.On, vm.Power);
        Assert.Equal(world.First.Address.Host, (await world.Lab.VmAsync("web-1-a")).Host);
    }

    [Fact]
    public async Task A_recovery_waits_for_the_clone_that_goes_on()
    {
        await using var world = await LabWorld.StartAsync();
        var before = await world.Provisioner.ObserveAsync(world.First, Cancellation);
        await world.Lab.Client.FailAsync(new("web-1-a", LabFaultKind.CloneHangs), Cancellation);
        await world.Lab.Client.CloneAsync("web-1-a", new("web@1.1.0"), Cancellation);
        await LabFixture.UntilAsync(async () => (await world.Lab.Client.OperationsAsync("web-1-a", Cancellation))[^1].Phase == "cloning, hanging");
        var recovery = world.Provisioner.RecoverAsync(world.First, before, world.New.Ref, Fences.None, new Told(() => _ = world.Lab.Client.ClearFaultsAsync(null, Cancellation)), Cancellation);
        Assert.Equal(RebuildFate.Happened, (await recovery).Fate);
    }

    [Fact]
    public async Task A_lab_that_does_not_answer_is_an_error_that_says_so()
    {
        var settings = new LabSettings(new("http://127.0.0.1:1/"), new Dictionary<MemberId, string> { [new("p", "a")] = "p-a" });
        using var provisioner = new LabProvisioner(settings, TimeProvider.System);
        var member = new Member(new("p", "a"), new("127.0.0.1", 2));
        var error = await Assert.ThrowsAsync<AdapterException>(() => provisioner.ObserveAsync(member, Cancellation));
        Assert.Equal("lab-unreachable", error.Reason.Code);
        Assert.Equal("lab-unreachable", Assert.Single(await provisioner.CheckAsync([member], Cancellation)).Code);
    }

    protected override async Task<ProvisionerWorld> CreateAsync() => await LabWorld.StartAsync();

    private sealed class LabWorld : ProvisionerWorld
    {
        private readonly LabProvisioner _provisioner;

        private LabWorld(LabFixture lab, IReadOnlyList<GoldenImage> images)
        {
            (Lab, Old, New) = (lab, images[^1], images[0]);
            (First, Peer) = (Member(lab.Facts.Vms[0]), Member(lab.Facts.Vms[1]));
            _provisioner = new(new(lab.Facts.Api, lab.Facts.Vms.ToDictionary(vm => Member(vm).Id, vm => vm.Name)), TimeProvider.System);
        }

        public LabFixture Lab { get; }

        public override IProvisioner Provisioner => _provisioner;

        public override Member First { get; }

        public override Member Peer { get; }

        public override GoldenImage Old { get; }

        public override GoldenImage New { get; }

        public static async Task<LabWorld> StartAsync()
        {
            var lab = await LabFixture.StartAsync(options => options);
            var images = await lab.Client.ImagesAsync(Cancellation);
            return new(lab, [.. images.Select(image => new GoldenImage(
                new(image.Manifest.Name, image.Manifest.Version, image.Manifest.Digest), image.Manifest.BuiltAt, image.Manifest.Patches, image.Location))]);
        }

        public override async Task ReplaceFromOutsideAsync(Member member) => await Lab.CloneAsync(Name(member), Old.Ref.Label);

        public override Task LetRebuildFailAsync(Member member) => Lab.Client.FailAsync(new(Name(member), LabFaultKind.CloneFails), Cancellation);

        public override Task LetRebuildSucceedUnheardAsync(Member member) => Lab.Client.FailAsync(new(Name(member), LabFaultKind.CloneSucceedsLate), Cancellation);

        public override async Task SwitchOffAsync(Member member) => await Lab.EndAsync(await Lab.Client.PowerAsync(Name(member), PowerAction.Off, Cancellation));

        public override async ValueTask DisposeAsync()
        {
            _provisioner.Dispose();
            await Lab.DisposeAsync();
        }

        private static Member Member(LabVm vm) => new(new(vm.Pair!, vm.Member!), new(vm.Host, vm.Port));

        private static string Name(Member member) => $"{member.Id.Pair}-{member.Id.Name}";
    }
}
