using Microsoft.AspNetCore.Http;
using Refresh.Orchestrator.Probes;
using Refresh.Orchestrator.Settings;
using Refresh.Orchestrator.Tests.Probes;
using Refresh.Workflows.Fleets;
using Refresh.Workflows.Ports;

namespace Refresh.Orchestrator.Tests.Guests;

public sealed class HttpGuestIdentityComplianceTests : GuestIdentityCompliance
{
    private readonly List<Site> _sites = [];

    public override async ValueTask DisposeAsync()
    {
        foreach (var site in _sites)
            await site.DisposeAsync();
        await base.DisposeAsync();
    }

    protected override async Task<(IGuestIdentity Guest, Member Member)> ThatTellsAsync() =>
        (Of(TimeSpan.FromMinutes(1), Clock), Started(await Site.StartAsync(context => context.Response.SendFileAsync(Told))));

    protected override async Task<(IGuestIdentity Guest, Member Member)> ThatHangsAsync(TimeSpan timeout) =>
        (Of(timeout, TimeProvider.System), Started(await Site.HangingAsync()));

    protected override Task<(IGuestIdentity Guest, Member Member)> ThatIsAwayAsync() =>
        Task.FromResult<(IGuestIdentity, Member)>((Of(TimeSpan.FromMinutes(1), Clock), Members.At(Members.ClosedPort())));

    private static HttpGuestIdentity Of(TimeSpan timeout, TimeProvider time) =>
        new(new HttpIdentitySettings("/identity", null, false, null, false, null, timeout), time);

    private Member Started(Site site)
    {
        _sites.Add(site);
        return site.Member;
    }
}
