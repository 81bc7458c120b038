using System.Collections.Concurrent;
using Refresh.Orchestrator.Engine;
using Refresh.Workflows.Facts;
using Refresh.Workflows.Fleets;
using Refresh.Workflows.Images;
using Refresh.Workflows.Ports;
using Refresh.Workflows.Reasons;
using Refresh.Workflows.Trust;

namespace Refresh.Orchestrator.Tests.Engine;

/// <summary>A fleet in memory that does at once what it is asked to, except where a test says otherwise.</summary>
internal sealed class StillWorld : ILoadBalancer, IProvisioner, IHealthProbe, IGuestIdentity, IImageCatalog
{
    public static readonly GoldenImage Old = new(new ImageRef("web", "1", "sha256:1"), DateTimeOffset.UnixEpoch, [], "1");
    public static readonly GoldenImage New = new(new ImageRef("web", "2", "sha256:2"), DateTimeOffset.UnixEpoch, [], "2");
    private readonly ConcurrentDictionary<MemberId, (Rotation Rotation, int Machine)> _members = new();

    /// <summary>What the balancer does instead of telling of a member that drains; null to tell.</summary>
    public Func<CancellationToken, Task<BalancerFacts?>> WhileDraining { get; set; } = _ => Task.FromResult<BalancerFacts?>(null);

    /// <summary>What is wrong with the balancer.</summary>
    public IReadOnlyList<Reason> Obstacles { get; set; } = [];

    /// <summary>Whether a member passes its probe.</summary>
    public Func<Member, bool> Passing { get; set; } = _ => true;

    /// <summary>Is called before a rebuild is shown.</summary>
    public Action<Member> Previewing { get; set; } = _ => { };

    /// <summary>Is called before a rebuild is begun.</summary>
    public Action Rebuilding { get; set; } = () => { };

    /// <summary>Is called before it is told what became of a rebuild.</summary>
    public Action Recovering { get; set; } = () => { };

    /// <summary>What a recovery tells, before that.</summary>
    public IReadOnlyList<string> Rungs { get; set; } = [];

    /// <summary>Is called before an image is found.</summary>
    public Action Finding { get; set; } = () => { };

    /// <summary>What a guest tells beyond the least.</summary>
    public Func<GuestFacts, GuestFacts> Telling { get; set; } = guest => guest;

    /// <summary>What is read of an image beyond the least.</summary>
    public Func<ImageFacts, ImageFacts> Inspecting { get; set; } = facts => facts;

    public bool? Cut { get; private set; }

    public bool AnyOut => _members.Values.Any(member => member.Rotation == Rotation.Out);

    public static AdapterException Away(string what) => new(new Reason("away", $"{what} is away", $"{what} is back"));

    public RunPorts Ports(IRunJournal journal) => new(this, this, this, this, this, journal, TimeProvider.System);

    public Task<IReadOnlyList<Reason>> CheckAsync(IReadOnlyList<Member> members, CancellationToken cancellation) => Task.FromResult(Obstacles);

    async Task<BalancerFacts> ILoadBalancer.ObserveAsync(Member member, CancellationToken cancellation) =>
        (Of(member).Rotation == Rotation.Draining ? await WhileDraining(cancellation) : null) ?? Balancer(member);

    public Task<BalancerFacts> DrainAsync(Member member, CancellationToken cancellation) => Turn(member, Rotation.Draining);

    public Task<BalancerFacts> HoldAsync(Member member, bool cut, CancellationToken cancellation)
    {
        Cut = cut;
        return Turn(member, Rotation.Out);
    }

    public Task<BalancerFacts> RejoinAsync(Member member, Func<CancellationToken, Task> fence, CancellationToken cancellation) => Turn(member, Rotation.In);

    Task<VmFacts> IProvisioner.ObserveAsync(Member member, CancellationToken cancellation) => Task.FromResult(Vm(member));

    public Task<RebuildPreview> PreviewAsync(Member member, GoldenImage image, CancellationToken cancellation)
    {
        Previewing(member);
        return Task.FromResult(new RebuildPreview("plan", [new PlannedStep(PlannedOperation.Replace, PlannedSubject.MemberVm, member.Id.ToString(), "replace")], Vm(member)));
    }

    public Task<VmFacts> RebuildAsync(Member member, GoldenImage image, RebuildPreview preview, Func<CancellationToken, Task> fence, IProgress<string> progress, CancellationToken cancellation)
    {
        _members[member.Id] = Of(member) with { Machine = Of(member).Machine + 1 };
        Rebuilding();
        return Task.FromResult(Vm(member));
    }

    public Task<RebuildRecovery> RecoverAsync(Member member, VmFacts before, ImageRef image, Func<CancellationToken, Task> fence, IProgress<string> progress, CancellationToken cancellation)
    {
        foreach (var rung in Rungs)
            progress.Report(rung);
        Recovering();
        var now = Vm(member);
        return Task.FromResult(new RebuildRecovery(now.Identity == before.Identity ? RebuildFate.Untouched : RebuildFate.Happened, now, ["looked"]));
    }

    public Task<VmFacts> PowerOffAsync(Member member, VmIdentity vm, IProgress<string> progress, CancellationToken cancellation) => Task.FromResult(Vm(member) with { Power = VmPower.Off });

    public Task<ProbeFacts> ProbeAsync(Member member, CancellationToken cancellation) => Task.FromResult(new ProbeFacts(Passing(member), "probed", DateTimeOffset.UtcNow));

    public Task<GuestFacts> ReadAsync(Member member, CancellationToken cancellation) => Task.FromResult(Telling(new GuestFacts(
        Image(member).Ref, $"machine-{Of(member).Machine}", DateTimeOffset.UnixEpoch.AddDays(Of(member).Machine), [], DateTimeOffset.UtcNow)));

    public Task<IReadOnlyList<GoldenImage>> ListAsync(CancellationToken cancellation) => Task.FromResult<IReadOnlyList<GoldenImage>>([Old, New]);

    public Task<GoldenImage> FindAsync(string name, string? version, CancellationToken cancellation)
    {
        Finding();
        return Task.FromResult(version == New.Ref.Version ? New : Old);
    }

    public Task<ImageFacts> InspectAsync(ImageRef image, IReadOnlyList<ImagePolicy> policies, CancellationToken cancellation) =>
        Task.FromResult(Inspecting(new ImageFacts { Image = image, BuiltAt = New.BuiltAt }));

    public Task<ImageRevocation?> RevocationAsync(ImageRef image, CancellationToken cancellation) => Task.FromResult<ImageRevocation?>(null);

    private (Rotation Rotation, int Machine) Of(Member member) => _members.GetOrAdd(member.Id, _ => (Rotation.In, 0));

    private GoldenImage Image(Member member) => Of(member).Machine > 0 ? New : Old;

    private VmFacts Vm(Member member) => new(new VmIdentity($"vm-{Of(member).Machine}", $"vm-{Of(member).Machine}"), Image(member).Ref.Label, VmPower.On, "on", DateTimeOffset.UtcNow);

    private BalancerFacts Balancer(Member member) => new(Of(member).Rotation, BalancerHealth.Up, 0, true, member.Address, "UP", DateTimeOffset.UtcNow);

    public Task<BalancerFacts> Turn(Member member, Rotation rotation)
    {
        _members[member.Id] = Of(member) with { Rotation = rotation };
        return Task.FromResult(Balancer(member));
    }
}
