using Refresh.Orchestrator.Probes;
using Refresh.Orchestrator.Settings;
using Refresh.Orchestrator.Tests.Probes;
using Refresh.Workflows.Fleets;
using Refresh.Workflows.Ports;

namespace Refresh.Orchestrator.Tests.Guests;

public sealed class CommandGuestIdentityComplianceTests : GuestIdentityCompliance
{
    protected override Task<(IGuestIdentity Guest, Member Member)> ThatTellsAsync() => Of(TimeSpan.FromMinutes(1), Clock, "cat", Told);

    protected override Task<(IGuestIdentity Guest, Member Member)> ThatHangsAsync(TimeSpan timeout) => Of(timeout, TimeProvider.System, "sleep", "60");

    protected override Task<(IGuestIdentity Guest, Member Member)> ThatIsAwayAsync() => Of(TimeSpan.FromMinutes(1), Clock, "cat", Told + ".none");

    private static Task<(IGuestIdentity Guest, Member Member)> Of(TimeSpan timeout, TimeProvider time, params string[] run) =>
        Task.FromResult<(IGuestIdentity, Member)>((new CommandGuestIdentity(new CommandIdentitySettings(run, timeout), time), Members.At(8080)));
}
