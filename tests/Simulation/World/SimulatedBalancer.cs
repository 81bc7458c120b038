using Refresh.Simulation.Faults;
using Refresh.Simulation.Time;
using Refresh.Workflows.Facts;
using Refresh.Workflows.Fleets;
using Refresh.Workflows.Ports;
using Refresh.Workflows.Reasons;

namespace Refresh.Simulation.World;

/// <summary>The load balancer, behind the network.</summary>
internal sealed class SimulatedBalancer(SimulatedWorld world, Network network, Func<Process, TimeProvider> clock) : ILoadBalancer
{
    private static readonly TimeSpan s_patience = TimeSpan.FromSeconds(15);
    private static readonly TimeSpan s_look = TimeSpan.FromSeconds(1);

    public Task<IReadOnlyList<Reason>> CheckAsync(IReadOnlyList<Member> members, CancellationToken cancellation) => Task.FromResult(world.Check(members));

    public Task<BalancerFacts> ObserveAsync(Member member, CancellationToken cancellation) =>
        network.AskAsync("a look at the balancer", member.Id, false, () =>
        {
            var truth = world[member.Id];
            if (truth.Rotation == Rotation.Out)
                truth.ToldOutAt = world.Now;
            return world.Balancer(truth);
        }, cancellation);

    public Task<BalancerFacts> DrainAsync(Member member, CancellationToken cancellation) =>
        ActAsync("drain", member, Drain, cancellation);

    public Task<BalancerFacts> HoldAsync(Member member, bool cut, CancellationToken cancellation) =>
        ActAsync("hold", member, truth => Hold(truth, cut), cancellation);

    public async Task<BalancerFacts> RejoinAsync(Member member, Func<CancellationToken, Task> fence, CancellationToken cancellation)
    {
        var truth = world[member.Id];
        truth.RejoinAskedAt = world.Now;
        var time = clock(Process.Current);
        var began = world.Now;
        if (truth.BalancerSays is null && world.Scenario.Strikes(Fault.CheckFailsAtRejoin, member.Id))
            CheckFails(truth);
        await fence(cancellation);
        while (!await network.AskAsync("a look at the balancer's check", member.Id, false, () => world[member.Id].Up(world.Now), cancellation))
        {
            if (world.Now - began > s_patience)
                throw Network.Failure("not-up", "rejoin", member.Id);
            await Task.Delay(s_look, time, cancellation);
        }

        await fence(cancellation);
        await ActAsync("rejoin", member, truth => PutIn(truth, member.Address), cancellation);
        for (var seen = await ObserveAsync(member, cancellation); ; seen = await ObserveAsync(member, cancellation))
        {
            if (seen.Serves)
                return seen;
            if (world.Now - began > s_patience || seen.Rotation != Rotation.In)
                throw Network.Failure("not-serving", "rejoin", member.Id);
            await Task.Delay(s_look, time, cancellation);
        }
    }

    private void CheckFails(SimulatedMember member)
    {
        world.Change(member, $"the balancer's check of {member.Id} fails, as it is to rejoin", () => member.BalancerSays = false);
        world.Scheduler.After(world.Scenario.Between(5, 100), () => world.Change(member, $"the balancer's check of {member.Id} is right again", () => member.BalancerSays = null));
    }

    private Task<BalancerFacts> ActAsync(string what, Member member, Action<SimulatedMember> act, CancellationToken cancellation)
    {
        world.Observer.Sends(what, world[member.Id]);
        return AskAsync(what, member, act, cancellation);
    }

    private Task<BalancerFacts> AskAsync(string what, Member member, Action<SimulatedMember> act, CancellationToken cancellation) =>
        network.AskAsync(what, member.Id, true, () =>
        {
            act(world[member.Id]);
            return world.Balancer(world[member.Id]);
        }, cancellation);

    private void Drain(SimulatedMember member)
    {
        world.Observer.Drains(member);
        var partial = world.Scenario.Strikes(Fault.PartialDrain, member.Id);
        if (member.Rotation is Rotation.In or Rotation.Unclear)
        {
            world.Change(member, $"{member.Id} leaves rotation{(partial ? ", on one node of two" : string.Empty)}", () =>
            {
                if (member.Rotation == Rotation.In)
                    (member.LeftAt, member.LeftWith, member.ServedWhenLeft) = (world.Now, member.Vm, member.Serves(world.Now));
                member.OutByUs = true;
                member.Rotation = partial ? Rotation.Unclear : Rotation.Draining;
                member.EmptyAt = world.Now + (world.Scenario.Strikes(Fault.SessionsHang, member.Id) ? TimeSpan.FromHours(1) : world.Scenario.Between(0, 5));
            });
        }

        world.Observer.Left(member);
        if (partial)
            throw Network.Failure("nodes-disagree", "drain", member.Id);
        if (world.Scenario.Strikes(Fault.PeerDiesAtDrain, member.Id))
            world.Change(member.Peer, $"{member.Peer.Id} dies, as {member.Id} drains", () => member.Peer.Kill());
    }

    private void Hold(SimulatedMember member, bool cut)
    {
        world.Observer.Holds(member, cut);
        if (member.Rotation == Rotation.In)
            throw Network.Failure("balancer-not-drained", "hold", member.Id);
        if (world.Scenario.Strikes(Fault.SessionsFlicker, member.Id))
            throw Network.Failure("nodes-disagree", "hold", member.Id);
        world.Change(member, $"{member.Id} is held out", () => (member.Rotation, member.EmptyAt) = (Rotation.Out, cut ? world.Now : member.EmptyAt));
        world.Observer.Left(member);
        if (world.Scenario.Strikes(Fault.PeerDiesAtHold, member.Id))
            world.Change(member.Peer, $"{member.Peer.Id} dies, as {member.Id} is held out", () => member.Peer.Kill());
    }

    private void PutIn(SimulatedMember member, Endpoint address)
    {
        world.Observer.PutsIn(member);
        world.Change(member, $"{member.Id} is put in rotation with {member.Vm?.Identity.Id ?? "no VM"}", () =>
        {
            member.Rotation = Rotation.In;
            member.Address = address;
            member.OutByUs = false;
            member.FullShareAt = world.Now + (world.Scenario.Strikes(Fault.WarmUpSlow, member.Id) ? world.Scenario.Between(5, 20) : world.Scenario.Between(0, 2));
            member.BackAt = world.Now;
        });
        world.Observer.Back(member);
        world.Scheduler.After(member.FullShareAt - world.Now, () => world.Settle(member));
    }
}
