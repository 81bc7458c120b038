using Refresh.Orchestrator.Tests.Balancers;
using Refresh.Simulation.Faults;
using Refresh.Simulation.World;
using Refresh.Workflows.Facts;
using Refresh.Workflows.Fleets;
using Refresh.Workflows.Ports;
using Refresh.Workflows.Reasons;
using Xunit;

namespace Refresh.Orchestrator.Tests.Simulated;

/// <summary>The compliance suite with the simulated balancer. What it sends where is read from the world itself.</summary>
public sealed class SimulatedBalancerTests : LoadBalancerCompliance
{
    // A rejoin that nothing comes of gives up after 15 simulated seconds, and the suite cancels it after one of ours.
    private const int Speed = 8;
    private LiveWorld _live = null!;

    protected override Member MemberA => _live.First;

    protected override Member MemberB => _live.Second;

    protected override async Task<ILoadBalancer> OpenAsync()
    {
        _live = await LiveWorld.StartAsync(Speed);
        return new Live(_live);
    }

    protected override async Task CloseAsync() => await _live.DisposeAsync();

    protected override Task VanishAsync(Member member) => _live.ChangeAsync(world => world[member.Id].Vm!.Down = true);

    protected override Task HealAsync(Member member, bool healthy) => _live.ChangeAsync(world => world[member.Id].Vm!.Down = !healthy);

    protected override Task<Endpoint> OtherMachineAsync() => Task.FromResult(new Endpoint("web-1-next", 8080));

    protected override Task GiveWorkAsync() => _live.LetStrikeAsync(Fault.SessionsHang, MemberA);

    protected override Task EndWorkAsync(bool cut) => _live.ChangeAsync(world => world[MemberA.Id].EmptyAt = world.Now);

    protected override Task GetsNoWorkAsync(Member member) => _live.ChangeAsync(world => Assert.NotEqual(Rotation.In, world[member.Id].Rotation));

    protected override Task GetsWorkAsync(Endpoint address) => _live.ChangeAsync(world => Assert.Equal((Rotation.In, address), (world[MemberA.Id].Rotation, world[MemberA.Id].Address)));

    private sealed class Live(LiveWorld live) : ILoadBalancer
    {
        private readonly SimulatedBalancer _inner = new(live.World, live.Network, live.Clock);

        public Task<IReadOnlyList<Reason>> CheckAsync(IReadOnlyList<Member> members, CancellationToken cancellation) => live.CallAsync(token => _inner.CheckAsync(members, token), cancellation);

        public Task<BalancerFacts> ObserveAsync(Member member, CancellationToken cancellation) => live.CallAsync(token => _inner.ObserveAsync(member, token), cancellation);

        public Task<BalancerFacts> DrainAsync(Member member, CancellationToken cancellation) => live.CallAsync(token => _inner.DrainAsync(member, token), cancellation);

        public Task<BalancerFacts> HoldAsync(Member member, bool cut, CancellationToken cancellation) => live.CallAsync(token => _inner.HoldAsync(member, cut, token), cancellation);

        public Task<BalancerFacts> RejoinAsync(Member member, Func<CancellationToken, Task> fence, CancellationToken cancellation) => live.CallAsync(token => _inner.RejoinAsync(member, fence, token), cancellation);
    }
}
