using Refresh.Orchestrator.Balancers.HAProxy;
using Refresh.Orchestrator.Settings;
using Refresh.Workflows.Facts;
using Refresh.Workflows.Fleets;
using Refresh.Workflows.Ports;
using Xunit;

namespace Refresh.Orchestrator.Tests.Balancers;

/// <summary>What is particular to HAProxy, on one member and one or two real processes.</summary>
public sealed class HAProxyBalancerTests : IAsyncLifetime
{
    private readonly CancellationTokenSource _deadline = CancellationTokenSource.CreateLinkedTokenSource(TestContext.Current.CancellationToken);
    private readonly List<HAProxyProcess> _nodes = [];
    private Backend _backend = null!;

    private Member Member => new(LoadBalancerCompliance.A, _backend.Address);

    private CancellationToken Cancellation => _deadline.Token;

    public async ValueTask InitializeAsync()
    {
        _deadline.CancelAfter(TimeSpan.FromSeconds(60));
        _backend = await Backend.StartAsync();
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var node in _nodes)
            await node.DisposeAsync();
        await _backend.DisposeAsync();
        _deadline.Dispose();
    }

    [Fact]
    public async Task Nodes_that_disagree_are_unclear_and_named_until_a_drain_makes_them_agree()
    {
        var balancer = await StartAsync(nodes: 2);
        await _nodes[1].SendAsync("set server site/a state maint");
        var facts = await balancer.ObserveAsync(Member, Cancellation);
        Assert.Equal(Rotation.Unclear, facts.Rotation);
        Assert.False(facts.Serves);
        Assert.All(_nodes, node => Assert.Contains(node.Socket, facts.Detail, StringComparison.Ordinal));
        Assert.Equal(Rotation.Draining, (await balancer.DrainAsync(Member, Cancellation)).Rotation);
    }

    [Fact]
    public async Task Many_pairs_that_ask_at_once_are_all_answered()
    {
        var balancer = await StartAsync();
        var answers = await Task.WhenAll(Enumerable.Range(0, 500).Select(_ => balancer.ObserveAsync(Member, Cancellation)));
        Assert.All(answers, facts => Assert.Equal(Rotation.In, facts.Rotation));
    }

    [Fact]
    public async Task A_member_is_as_ill_as_its_worst_node_says()
    {
        var balancer = await StartAsync(nodes: 2, "check inter 10s fastinter 10s downinter 10s rise 2 fall 2");
        await _nodes[1].SendAsync("set server site/a health down");
        var facts = await balancer.ObserveAsync(Member, Cancellation);
        Assert.Equal((Rotation.In, BalancerHealth.Down), (facts.Rotation, facts.Health));
    }

    [Fact]
    public async Task A_socket_that_may_not_give_commands_is_found_before_a_run()
    {
        await StartAsync();
        var balancer = Balancer([_nodes[0].OperatorSocket]);
        Assert.Equal("balancer-denied", Assert.Single(await balancer.CheckAsync([Member], Cancellation)).Code);
        var error = await Assert.ThrowsAsync<AdapterException>(() => balancer.DrainAsync(Member, Cancellation));
        Assert.Equal("balancer-denied", error.Reason.Code);
        Assert.Contains(_nodes[0].OperatorSocket, error.Message, StringComparison.Ordinal);
        Assert.Equal(Rotation.In, (await balancer.ObserveAsync(Member, Cancellation)).Rotation);
    }

    [Theory]
    [InlineData("site", "aa")]
    [InlineData("sites", "a")]
    public async Task A_name_that_HAProxy_does_not_know_is_answered_with_near_ones(string backend, string server)
    {
        await StartAsync();
        var balancer = Balancer([_nodes[0].Socket], new HAProxyServer(backend, server));
        var reason = Assert.Single(await balancer.CheckAsync([Member], Cancellation));
        Assert.Equal("balancer-server-unknown", reason.Code);
        Assert.Contains("site/a", reason.EndsWhen, StringComparison.Ordinal);
        var error = await Assert.ThrowsAsync<AdapterException>(() => balancer.ObserveAsync(Member, Cancellation));
        Assert.Equal("balancer-server-unknown", error.Reason.Code);
    }

    [Fact]
    public async Task A_server_without_a_check_is_complained_of_and_never_serves()
    {
        var balancer = await StartAsync(options: "weight 1");
        Assert.Equal("balancer-no-check", Assert.Single(await balancer.CheckAsync([Member], Cancellation)).Code);
        await balancer.DrainAsync(Member, Cancellation);
        await balancer.HoldAsync(Member, cut: false, Cancellation);
        var facts = await balancer.RejoinAsync(Member, Fences.None, Cancellation);
        Assert.Equal((Rotation.In, BalancerHealth.Unchecked, false), (facts.Rotation, facts.Health, facts.Serves));
    }

    [Fact]
    public async Task One_server_for_two_members_is_found_before_a_run()
    {
        await StartAsync();
        var other = Member with { Id = LoadBalancerCompliance.B };
        var settings = new HAProxySettings(
            [new HAProxySockets(_nodes[0].Socket)],
            new Dictionary<MemberId, HAProxyServer> { [Member.Id] = new("site", "a"), [other.Id] = new("site", "a") },
            HAProxyDrain.State,
            [],
            TimeSpan.Zero,
            TimeSpan.FromSeconds(5));
        var reasons = await new HAProxyBalancer(settings, TimeProvider.System).CheckAsync([Member, other], Cancellation);
        Assert.Equal("balancer-server-shared", Assert.Single(reasons).Code);
    }

    [Fact]
    public async Task A_rejoin_weight_that_is_nothing_is_found_before_a_run()
    {
        await StartAsync(options: "check inter 50ms weight 1");
        var reasons = await Balancer([_nodes[0].Socket], weights: [10, 100]).CheckAsync([Member], Cancellation);
        Assert.Equal("balancer-weight-too-small", Assert.Single(reasons).Code);
    }

    [Theory]
    [InlineData("a;shutdown sessions")]
    [InlineData("a\n")]
    [InlineData("")]
    public void A_name_that_could_carry_another_command_is_refused(string name) =>
        Assert.Throws<FormatException>(() => Balancer(["unix:/nowhere"], new HAProxyServer("site", name)));

    [Fact]
    public async Task A_server_that_leads_to_another_machine_is_found_before_a_run()
    {
        var balancer = await StartAsync();
        var elsewhere = Member with { Address = Member.Address with { Host = "127.9.9.9" } };
        Assert.Equal("balancer-address-differs", Assert.Single(await balancer.CheckAsync([elsewhere], Cancellation)).Code);
    }

    [Fact]
    public async Task A_server_that_works_for_another_machine_is_not_moved_and_stays_in_rotation()
    {
        var balancer = await StartAsync();
        var elsewhere = Member with { Address = Member.Address with { Host = "127.9.9.9" } };
        var refused = await Assert.ThrowsAsync<AdapterException>(() => balancer.RejoinAsync(elsewhere, Fences.None, Cancellation));
        Assert.Equal(ILoadBalancer.AddressDiffers, refused.Reason.Code);
        var seen = await balancer.ObserveAsync(Member, Cancellation);
        Assert.Equal((Rotation.In, Member.Address), (seen.Rotation, seen.Address));
    }

    [Fact]
    public async Task A_drain_that_a_restart_lost_is_seen_and_the_member_is_not_held_out()
    {
        var balancer = await StartAsync();
        await balancer.DrainAsync(Member, Cancellation);
        await _nodes[0].RestartAsync();
        Assert.Equal(Rotation.In, (await balancer.ObserveAsync(Member, Cancellation)).Rotation);
        var error = await Assert.ThrowsAsync<AdapterException>(() => balancer.HoldAsync(Member, cut: false, Cancellation));
        Assert.Equal("balancer-not-drained", error.Reason.Code);
    }

    [Fact]
    public async Task A_rejoin_ends_with_an_error_when_somebody_else_lets_the_member_in()
    {
        var balancer = await StartAsync();
        await balancer.DrainAsync(Member, Cancellation);
        await balancer.HoldAsync(Member, cut: false, Cancellation);
        _backend.Healthy = false;
        var rejoin = balancer.RejoinAsync(Member, Fences.None, Cancellation);
        while ((await balancer.ObserveAsync(Member, Cancellation)).Rotation != Rotation.Draining)
            await Task.Delay(5, Cancellation);
        await _nodes[0].SendAsync("set server site/a state ready");
        Assert.Equal("balancer-read-back", (await Assert.ThrowsAsync<AdapterException>(() => rejoin)).Reason.Code);
    }

    [Fact]
    public async Task A_check_that_passed_before_the_rebuild_does_not_let_a_sick_member_in()
    {
        var balancer = await StartAsync(options: "check inter 700ms rise 2 fall 1");
        await balancer.DrainAsync(Member, Cancellation);
        await balancer.HoldAsync(Member, cut: false, Cancellation);
        _backend.Healthy = false;
        using var soon = CancellationTokenSource.CreateLinkedTokenSource(Cancellation);
        soon.CancelAfter(TimeSpan.FromSeconds(1.5));
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => balancer.RejoinAsync(Member, Fences.None, soon.Token));
        Assert.NotEqual(Rotation.In, (await balancer.ObserveAsync(Member, Cancellation)).Rotation);
    }

    [Fact]
    public async Task A_member_climbs_through_the_rejoin_weights()
    {
        await StartAsync(options: "check inter 50ms weight 100");
        var balancer = Balancer([_nodes[0].Socket], weights: [10, 50, 100]);
        await balancer.DrainAsync(Member, Cancellation);
        var rejoin = balancer.RejoinAsync(Member, Fences.None, Cancellation);
        List<string> seen = [];
        while (!rejoin.IsCompleted)
        {
            var weight = (await _nodes[0].SendAsync("get weight site/a")).Split(' ')[0];
            if (seen.LastOrDefault() != weight)
                seen.Add(weight);
            await Task.Delay(5, Cancellation);
        }

        Assert.True((await rejoin).Serves);
        Assert.Equal(["100", "10", "50", "100"], seen);
    }

    [Fact]
    public async Task A_rejoin_waits_for_the_end_of_a_slow_start()
    {
        var balancer = await StartAsync(options: "check inter 50ms slowstart 1s weight 100");
        await balancer.DrainAsync(Member, Cancellation);
        await balancer.HoldAsync(Member, cut: false, Cancellation);
        var rejoin = balancer.RejoinAsync(Member, Fences.None, Cancellation);
        BalancerFacts facts;
        while ((facts = await balancer.ObserveAsync(Member, Cancellation)).Rotation != Rotation.In)
            await Task.Delay(5, Cancellation);
        Assert.False(facts.FullShare, facts.Detail);
        Assert.True((await rejoin).FullShare);
    }

    [Fact]
    public async Task A_node_that_is_gone_is_named_with_what_to_do()
    {
        var balancer = await StartAsync(nodes: 2);
        await _nodes[1].KillAsync();
        var error = await Assert.ThrowsAsync<AdapterException>(() => balancer.DrainAsync(Member, Cancellation));
        Assert.Equal("balancer-unreachable", error.Reason.Code);
        Assert.Contains(_nodes[1].Socket, error.Message, StringComparison.Ordinal);
        Assert.Contains("no process listens on it", error.Message, StringComparison.Ordinal);
        Assert.StartsWith("start HAProxy", error.Reason.EndsWhen, StringComparison.Ordinal);
        Assert.Equal(Rotation.In, (await Balancer([_nodes[0].Socket]).ObserveAsync(Member, Cancellation)).Rotation);
        Assert.Equal("balancer-unreachable", Assert.Single(await balancer.CheckAsync([Member], Cancellation)).Code);
    }

    private async Task<HAProxyBalancer> StartAsync(int nodes = 1, string options = "check inter 50ms rise 2 fall 2")
    {
        while (_nodes.Count < nodes)
            _nodes.Add(await HAProxyProcess.StartAsync([("a", _backend.Address)], options));
        var balancer = Balancer([.. _nodes.Select(node => node.Socket)]);
        while ((await balancer.ObserveAsync(Member, Cancellation)).Health is not (BalancerHealth.Up or BalancerHealth.Unchecked) && !options.Contains("10s", StringComparison.Ordinal))
            await Task.Delay(10, Cancellation);
        return balancer;
    }

    private HAProxyBalancer Balancer(IReadOnlyList<string> sockets, HAProxyServer? server = null, IReadOnlyList<int>? weights = null) => new(
        new HAProxySettings(
            [.. sockets.Select(socket => new HAProxySockets(socket))],
            new Dictionary<MemberId, HAProxyServer> { [Member.Id] = server ?? new HAProxyServer("site", "a") },
            HAProxyDrain.State,
            weights ?? [],
            TimeSpan.FromMilliseconds(100),
            TimeSpan.FromSeconds(5)),
        TimeProvider.System);
}
