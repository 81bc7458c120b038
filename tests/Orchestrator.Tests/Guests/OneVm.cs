using Refresh.Workflows.Facts;
using Refresh.Workflows.Fleets;
using Refresh.Workflows.Images;
using Refresh.Workflows.Ports;
using Refresh.Workflows.Reasons;

namespace Refresh.Orchestrator.Tests.Guests;

/// <summary>A provisioner that has one VM, to tell whether it was rebuilt.</summary>
internal sealed class OneVm : IProvisioner
{
    public VmIdentity? Identity { get; set; } = new("vm-1", "handle-1");

    public Task<VmFacts> ObserveAsync(Member member, CancellationToken cancellation) =>
        Task.FromResult(new VmFacts(Identity, null, Identity is null ? VmPower.Missing : VmPower.On, "one", DateTimeOffset.UnixEpoch));

    public Task<IReadOnlyList<Reason>> CheckAsync(IReadOnlyList<Member> members, CancellationToken cancellation) => throw new NotSupportedException();

    public Task<RebuildPreview> PreviewAsync(Member member, GoldenImage image, CancellationToken cancellation) => throw new NotSupportedException();

    public Task<VmFacts> RebuildAsync(Member member, GoldenImage image, RebuildPreview preview, Func<CancellationToken, Task> fence, IProgress<string> progress, CancellationToken cancellation) => throw new NotSupportedException();

    public Task<VmFacts> PowerOffAsync(Member member, VmIdentity vm, IProgress<string> progress, CancellationToken cancellation) => throw new NotSupportedException();

    public Task<RebuildRecovery> RecoverAsync(Member member, VmFacts before, ImageRef image, Func<CancellationToken, Task> fence, IProgress<string> progress, CancellationToken cancellation) => throw new NotSupportedException();
}
