using Refresh.Orchestrator.Probes;
using Refresh.Orchestrator.Settings;
using Refresh.Orchestrator.Tests.Probes;
using Refresh.Workflows.Fleets;
using Refresh.Workflows.Ports;

namespace Refresh.Orchestrator.Tests.Guests;

public sealed class SshGuestIdentityComplianceTests : GuestIdentityCompliance
{
    private SshServer? _server;

    public override async ValueTask InitializeAsync()
    {
        await base.InitializeAsync();
        _server = await SshServer.StartAsync();
    }

    public override async ValueTask DisposeAsync()
    {
        if (_server is not null)
            await _server.DisposeAsync();
        await base.DisposeAsync();
    }

    protected override Task<(IGuestIdentity Guest, Member Member)> ThatTellsAsync() =>
        Of(_server!.Settings with { Run = $"cat {Told}" }, Clock);

    protected override Task<(IGuestIdentity Guest, Member Member)> ThatHangsAsync(TimeSpan timeout) =>
        Of(_server!.Settings with { Run = "sleep 60", Timeout = timeout }, TimeProvider.System);

    protected override Task<(IGuestIdentity Guest, Member Member)> ThatIsAwayAsync() =>
        Of(_server!.Settings with { Port = Members.ClosedPort() }, Clock);

    private static Task<(IGuestIdentity Guest, Member Member)> Of(SshIdentitySettings settings, TimeProvider time) =>
        Task.FromResult<(IGuestIdentity, Member)>((new SshGuestIdentity(settings, new OneVm(), time), Members.At(8080)));
}
