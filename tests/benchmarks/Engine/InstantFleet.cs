using Refresh.Orchestrator.Engine;
using Refresh.Workflows.Facts;
using Refresh.Workflows.Fleets;
using Refresh.Workflows.Images;
using Refresh.Workflows.Planning;
using Refresh.Workflows.Ports;
using Refresh.Workflows.Reasons;
using Refresh.Workflows.Runs;
using Refresh.Workflows.Trust;

namespace Refresh.Benchmarks.Engine;

/// <summary>A fleet in memory that does at once what it is asked to: what is left is the time that Refresh itself takes.</summary>
internal sealed class InstantFleet(TimeProvider clock) : ILoadBalancer, IProvisioner, IHealthProbe, IGuestIdentity, IImageCatalog
{
    private static readonly GoldenImage s_old = new(new ImageRef("web", "1", "sha256:1"), DateTimeOffset.UnixEpoch, [], "1");
    private static readonly GoldenImage s_new = new(new ImageRef("web", "2", "sha256:2"), DateTimeOffset.UnixEpoch, [], "2");
    private readonly System.Collections.Concurrent.ConcurrentDictionary<MemberId, (Rotation Rotation, int Machine)> _members = new();

    public RunPorts Ports(IRunJournal journal) => new(this, this, this, this, this, journal, clock);

    public static RunPlanned Plan(string run, int pairs)
    {
        var fleet = new Fleet("bench", [.. Enumerable.Range(1, pairs).Select(Pair)], new RefreshPolicy
        {
            Canary = new CanaryPolicy { Pairs = 0 },
            Waves = new WavePolicy { MaxPairsAtOnce = 1 },
            Drain = new DrainPolicy { Interval = TimeSpan.Zero },
            Verify = new VerifyPolicy { Interval = TimeSpan.Zero },
            Soak = new SoakPolicy { Duration = TimeSpan.Zero, Interval = TimeSpan.Zero },
        });
        return new RunPlanned(run, fleet, s_new, Planner.Plan(fleet, s_new.Ref, new Dictionary<MemberId, MemberFacts>()), "bench", string.Empty, "bench.yaml");
    }

    public Task<IReadOnlyList<Reason>> CheckAsync(IReadOnlyList<Member> members, CancellationToken cancellation) => Task.FromResult<IReadOnlyList<Reason>>([]);

    Task<BalancerFacts> ILoadBalancer.ObserveAsync(Member member, CancellationToken cancellation) => Task.FromResult(Balancer(member));

    public Task<BalancerFacts> DrainAsync(Member member, CancellationToken cancellation) => Turn(member, Rotation.Draining);

    public Task<BalancerFacts> HoldAsync(Member member, bool cut, CancellationToken cancellation) => Turn(member, Rotation.Out);

    public Task<BalancerFacts> RejoinAsync(Member member, Func<CancellationToken, Task> fence, CancellationToken cancellation) => Turn(member, Rotation.In);

    Task<VmFacts> IProvisioner.ObserveAsync(Member member, CancellationToken cancellation) => Task.FromResult(Vm(member));

    public Task<RebuildPreview> PreviewAsync(Member member, GoldenImage image, CancellationToken cancellation) =>
        Task.FromResult(new RebuildPreview("plan", [new PlannedStep(PlannedOperation.Replace, PlannedSubject.MemberVm, member.Id.ToString(), "replace")], Vm(member)));

    public Task<VmFacts> RebuildAsync(Member member, GoldenImage image, RebuildPreview preview, Func<CancellationToken, Task> fence, IProgress<string> progress, CancellationToken cancellation)
    {
        _members.AddOrUpdate(member.Id, (Rotation.Out, 1), (_, was) => (was.Rotation, was.Machine + 1));
        return Task.FromResult(Vm(member));
    }

    public Task<RebuildRecovery> RecoverAsync(Member member, VmFacts before, ImageRef image, Func<CancellationToken, Task> fence, IProgress<string> progress, CancellationToken cancellation) =>
        throw new NotSupportedException("Nothing is interrupted here.");

    public Task<VmFacts> PowerOffAsync(Member member, VmIdentity vm, IProgress<string> progress, CancellationToken cancellation) =>
        throw new NotSupportedException("Nothing is powered off here.");

    public Task<ProbeFacts> ProbeAsync(Member member, CancellationToken cancellation) => Task.FromResult(new ProbeFacts(true, "healthy", clock.GetUtcNow()));

    public Task<GuestFacts> ReadAsync(Member member, CancellationToken cancellation) =>
        Task.FromResult(new GuestFacts(Image(member).Ref, $"machine-{Machine(member)}", DateTimeOffset.UnixEpoch.AddDays(Machine(member)), [], clock.GetUtcNow()));

    public Task<IReadOnlyList<GoldenImage>> ListAsync(CancellationToken cancellation) => Task.FromResult<IReadOnlyList<GoldenImage>>([s_old, s_new]);

    public Task<GoldenImage> FindAsync(string name, string? version, CancellationToken cancellation) => Task.FromResult(s_new);

    public Task<ImageFacts> InspectAsync(ImageRef image, IReadOnlyList<ImagePolicy> policies, CancellationToken cancellation) =>
        Task.FromResult(new ImageFacts { Image = image, BuiltAt = s_new.BuiltAt });

    public Task<ImageRevocation?> RevocationAsync(ImageRef image, CancellationToken cancellation) => Task.FromResult<ImageRevocation?>(null);

    private static Pair Pair(int number) => new($"web-{number}", Member(number, "a"), Member(number, "b"));

    private static Member Member(int number, string name) => new(new MemberId($"web-{number}", name), new Endpoint($"web-{number}-{name}", 80));

    private static VmFacts VmOf(int machine, GoldenImage image, DateTimeOffset at) => new(new VmIdentity($"vm-{machine}", $"vm-{machine}"), image.Ref.Label, VmPower.On, "on", at);

    private int Machine(Member member) => _members.TryGetValue(member.Id, out var known) ? known.Machine : 0;

    private GoldenImage Image(Member member) => Machine(member) > 0 ? s_new : s_old;

    private VmFacts Vm(Member member) => VmOf(Machine(member), Image(member), clock.GetUtcNow());

    private BalancerFacts Balancer(Member member) =>
        new(_members.TryGetValue(member.Id, out var known) ? known.Rotation : Rotation.In, BalancerHealth.Up, 0, true, member.Address, "UP", clock.GetUtcNow());

    private Task<BalancerFacts> Turn(Member member, Rotation rotation)
    {
        _members.AddOrUpdate(member.Id, (rotation, 0), (_, was) => (rotation, was.Machine));
        return Task.FromResult(Balancer(member));
    }
}
