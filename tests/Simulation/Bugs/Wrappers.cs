using Refresh.Workflows.Facts;
using Refresh.Workflows.Fleets;
using Refresh.Workflows.Images;
using Refresh.Workflows.Ports;
using Refresh.Workflows.Reasons;
using Refresh.Workflows.Runs;
using Refresh.Workflows.Trust;

namespace Refresh.Simulation.Bugs;

/// <summary>A balancer that is seen or told otherwise than it is.</summary>
internal class WrappedBalancer(ILoadBalancer inner) : ILoadBalancer
{
    public Func<Member, BalancerFacts, BalancerFacts> Seen { get; init; } = (_, facts) => facts;

    public Task<IReadOnlyList<Reason>> CheckAsync(IReadOnlyList<Member> members, CancellationToken cancellation) => inner.CheckAsync(members, cancellation);

    public async Task<BalancerFacts> ObserveAsync(Member member, CancellationToken cancellation) => Seen(member, await inner.ObserveAsync(member, cancellation));

    public Task<BalancerFacts> DrainAsync(Member member, CancellationToken cancellation) => inner.DrainAsync(member, cancellation);

    public virtual Task<BalancerFacts> HoldAsync(Member member, bool cut, CancellationToken cancellation) => inner.HoldAsync(member, cut, cancellation);

    public Task<BalancerFacts> RejoinAsync(Member member, Func<CancellationToken, Task> fence, CancellationToken cancellation) => inner.RejoinAsync(member, fence, cancellation);
}

/// <summary>A balancer that is not told to hold a member out.</summary>
internal sealed class NeverHeld(ILoadBalancer inner) : WrappedBalancer(inner)
{
    public override async Task<BalancerFacts> HoldAsync(Member member, bool cut, CancellationToken cancellation) =>
        await ObserveAsync(member, cancellation) with { Rotation = Rotation.Out };
}

/// <summary>Probes that always pass for some.</summary>
internal sealed class WrappedProbe(IHealthProbe inner, Func<Member, bool> passes) : IHealthProbe
{
    public async Task<ProbeFacts> ProbeAsync(Member member, CancellationToken cancellation)
    {
        var seen = await inner.ProbeAsync(member, cancellation);
        return passes(member) ? seen with { Healthy = true } : seen;
    }
}

/// <summary>Guests that say they run what is wanted.</summary>
internal sealed class FlatteringGuests(IGuestIdentity inner, ImageRef wanted) : IGuestIdentity
{
    public async Task<GuestFacts> ReadAsync(Member member, CancellationToken cancellation) => await inner.ReadAsync(member, cancellation) with { Image = wanted };
}

/// <summary>A catalogue in which nothing is ever revoked.</summary>
internal sealed class NeverRevoked(IImageCatalog inner) : IImageCatalog
{
    public Task<IReadOnlyList<GoldenImage>> ListAsync(CancellationToken cancellation) => inner.ListAsync(cancellation);

    public Task<GoldenImage> FindAsync(string name, string? version, CancellationToken cancellation) => inner.FindAsync(name, version, cancellation);

    public Task<ImageFacts> InspectAsync(ImageRef image, IReadOnlyList<ImagePolicy> policies, CancellationToken cancellation) => inner.InspectAsync(image, policies, cancellation);

    public Task<ImageRevocation?> RevocationAsync(ImageRef image, CancellationToken cancellation) => Task.FromResult<ImageRevocation?>(null);
}

/// <summary>A provisioner whose recovery asks once whether the fleet is still ours, and then goes on for as long as it takes.</summary>
internal sealed class ProvedOnce(IProvisioner inner) : IProvisioner
{
    public Task<IReadOnlyList<Reason>> CheckAsync(IReadOnlyList<Member> members, CancellationToken cancellation) => inner.CheckAsync(members, cancellation);

    public Task<VmFacts> ObserveAsync(Member member, CancellationToken cancellation) => inner.ObserveAsync(member, cancellation);

    public Task<RebuildPreview> PreviewAsync(Member member, GoldenImage image, CancellationToken cancellation) => inner.PreviewAsync(member, image, cancellation);

    public Task<VmFacts> RebuildAsync(Member member, GoldenImage image, RebuildPreview preview, Func<CancellationToken, Task> fence, IProgress<string> progress, CancellationToken cancellation) =>
        inner.RebuildAsync(member, image, preview, fence, progress, cancellation);

    public Task<VmFacts> PowerOffAsync(Member member, VmIdentity vm, IProgress<string> progress, CancellationToken cancellation) => inner.PowerOffAsync(member, vm, progress, cancellation);

    public async Task<RebuildRecovery> RecoverAsync(Member member, VmFacts before, ImageRef image, Func<CancellationToken, Task> fence, IProgress<string> progress, CancellationToken cancellation)
    {
        await fence(cancellation);
        return await inner.RecoverAsync(member, before, image, static _ => Task.CompletedTask, progress, cancellation);
    }
}

/// <summary>A journal that is used otherwise than it should be.</summary>
internal class WrappedJournal(IRunJournal inner) : IRunJournal
{
    protected IRunJournal Inner { get; } = inner;

    public Task<Lease> AcquireAsync(string fleet, string worker, TimeSpan duration, CancellationToken cancellation) => Inner.AcquireAsync(fleet, worker, duration, cancellation);

    public Task<Lease> SucceedAsync(Lease silent, string worker, TimeSpan duration, CancellationToken cancellation) => Inner.SucceedAsync(silent, worker, duration, cancellation);

    public virtual Task<Lease> RenewAsync(Lease lease, TimeSpan duration, CancellationToken cancellation) => Inner.RenewAsync(lease, duration, cancellation);

    public Task ReleaseAsync(Lease lease, CancellationToken cancellation) => Inner.ReleaseAsync(lease, cancellation);

    public Task CreateAsync(Lease lease, RunHead head, IReadOnlyList<string> claims, IReadOnlyList<JournalEntry> entries, CancellationToken cancellation) => Inner.CreateAsync(lease, head, claims, entries, cancellation);

    public virtual Task AppendAsync(Lease lease, RunHead head, long expected, IReadOnlyList<JournalEntry> entries, IReadOnlyList<string> answered, CancellationToken cancellation) => Inner.AppendAsync(lease, head, expected, entries, answered, cancellation);

    public IAsyncEnumerable<JournalEntry> ReadAsync(string run, long after, CancellationToken cancellation) => Inner.ReadAsync(run, after, cancellation);

    public Task<IReadOnlyList<RunHead>> RunsAsync(string? fleet, int limit, CancellationToken cancellation) => Inner.RunsAsync(fleet, limit, cancellation);

    public Task<IReadOnlyList<RunHead>> RunsBeforeAsync(string? fleet, string before, int limit, CancellationToken cancellation) => Inner.RunsBeforeAsync(fleet, before, limit, cancellation);

    public Task<IReadOnlyList<RunHead>> UnsettledAsync(CancellationToken cancellation) => Inner.UnsettledAsync(cancellation);

    public Task<RunHead?> FindAsync(string run, CancellationToken cancellation) => Inner.FindAsync(run, cancellation);

    public Task<string?> ClaimantAsync(IReadOnlyList<string> claims, string except, CancellationToken cancellation) => Inner.ClaimantAsync(claims, except, cancellation);

    public Task SubmitAsync(RunRequest request, CancellationToken cancellation) => Inner.SubmitAsync(request, cancellation);

    public Task<IReadOnlyList<RunRequest>> RequestsAsync(string run, CancellationToken cancellation) => Inner.RequestsAsync(run, cancellation);

    public Task<Lease?> HolderAsync(string fleet, CancellationToken cancellation) => Inner.HolderAsync(fleet, cancellation);
}
