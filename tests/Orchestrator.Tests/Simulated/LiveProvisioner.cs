using Refresh.Simulation.World;
using Refresh.Workflows.Facts;
using Refresh.Workflows.Fleets;
using Refresh.Workflows.Images;
using Refresh.Workflows.Ports;
using Refresh.Workflows.Reasons;

namespace Refresh.Orchestrator.Tests.Simulated;

/// <summary>The simulated provisioner, called from outside.</summary>
internal sealed class LiveProvisioner(LiveWorld live) : IProvisioner
{
    private readonly SimulatedProvisioner _inner = new(live.World, live.Network, live.Clock) { Stops = _ => { } };

    public Task<IReadOnlyList<Reason>> CheckAsync(IReadOnlyList<Member> members, CancellationToken cancellation) => live.CallAsync(token => _inner.CheckAsync(members, token), cancellation);

    public Task<VmFacts> ObserveAsync(Member member, CancellationToken cancellation) => live.CallAsync(token => _inner.ObserveAsync(member, token), cancellation);

    public Task<RebuildPreview> PreviewAsync(Member member, GoldenImage image, CancellationToken cancellation) => live.CallAsync(token => _inner.PreviewAsync(member, image, token), cancellation);

    public Task<VmFacts> RebuildAsync(Member member, GoldenImage image, RebuildPreview preview, Func<CancellationToken, Task> fence, IProgress<string> progress, CancellationToken cancellation) =>
        live.CallAsync(token => _inner.RebuildAsync(member, image, preview, fence, progress, token), cancellation);

    public Task<RebuildRecovery> RecoverAsync(Member member, VmFacts before, ImageRef image, Func<CancellationToken, Task> fence, IProgress<string> progress, CancellationToken cancellation) =>
        live.CallAsync(token => _inner.RecoverAsync(member, before, image, fence, progress, token), cancellation);

    public Task<VmFacts> PowerOffAsync(Member member, VmIdentity vm, IProgress<string> progress, CancellationToken cancellation) => live.CallAsync(token => _inner.PowerOffAsync(member, vm, progress, token), cancellation);
}
