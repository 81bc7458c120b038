using Refresh.Workflows.Facts;
using Refresh.Workflows.Fleets;
using Refresh.Workflows.Ports;
using Xunit;

namespace Refresh.Orchestrator.Tests.Balancers;

/// <summary>What every adapter of <see cref="ILoadBalancer"/> does, with real members and real requests.</summary>
public abstract class LoadBalancerCompliance : IAsyncLifetime
{
    private readonly CancellationTokenSource _deadline = CancellationTokenSource.CreateLinkedTokenSource(TestContext.Current.CancellationToken);
    private readonly HttpClient _http = new(new SocketsHttpHandler { UseProxy = false }) { Timeout = TimeSpan.FromSeconds(60) };
    private Backend _a = null!;
    private Backend _b = null!;

    internal static MemberId A { get; } = MemberId.Parse("web-1/a");

    internal static MemberId B { get; } = MemberId.Parse("web-1/b");

    /// <summary>Ends every wait of a test.</summary>
    protected CancellationToken Cancellation => _deadline.Token;

    /// <summary>The balancer under test.</summary>
    protected ILoadBalancer Balancer { get; private set; } = null!;

    /// <summary>Its frontends, one a node.</summary>
    protected abstract IReadOnlyList<Uri> Sites { get; }

    private Member MemberA => new(A, _a.Address);

    private Member MemberB => new(B, _b.Address);

    /// <summary>Starts the balancer in front of two members.</summary>
    protected abstract Task<ILoadBalancer> StartAsync(IReadOnlyList<Member> members, CancellationToken cancellation);

    /// <summary>Stops it.</summary>
    protected abstract Task StopAsync();

    public async ValueTask InitializeAsync()
    {
        _deadline.CancelAfter(TimeSpan.FromSeconds(90));
        _a = await Backend.StartAsync();
        _b = await Backend.StartAsync();
        Balancer = await StartAsync([MemberA, MemberB], Cancellation);
        foreach (var member in new[] { MemberA, MemberB })
            await UntilAsync(member, facts => facts.Serves);
    }

    public async ValueTask DisposeAsync()
    {
        await StopAsync();
        if (_a is not null)
            await _a.DisposeAsync();
        if (_b is not null)
            await _b.DisposeAsync();
        _http.Dispose();
        _deadline.Dispose();
        GC.SuppressFinalize(this);
    }

    [Fact]
    public async Task A_member_in_rotation_serves_at_its_address()
    {
        var facts = await Balancer.ObserveAsync(MemberA, Cancellation);
        Assert.True(facts.Serves, facts.Detail);
        Assert.Equal(_a.Address, facts.Address);
    }

    [Fact]
    public async Task A_sound_balancer_passes_its_check() =>
        Assert.Empty(await Balancer.CheckAsync([MemberA, MemberB], Cancellation));

    [Fact]
    public async Task A_drained_member_gets_no_new_request()
    {
        await Balancer.DrainAsync(MemberA, Cancellation);
        var before = _a.Requests;
        for (var i = 0; i < 20; i++)
            Assert.Equal(_b.Address.ToString(), await GetAsync("/fast"));
        Assert.Equal(before, _a.Requests);
    }

    [Fact]
    public async Task A_drained_member_gets_no_request_even_if_its_peer_is_dead()
    {
        await Balancer.DrainAsync(MemberA, Cancellation);
        _b.Vanish();
        await UntilAsync(MemberB, facts => facts.Health == BalancerHealth.Down);
        using var response = await _http.GetAsync(new Uri(Sites[0], "/fast"), Cancellation);
        Assert.Equal(System.Net.HttpStatusCode.ServiceUnavailable, response.StatusCode);
        Assert.Equal(0, _a.Requests);
    }

    [Fact]
    public async Task A_request_that_was_begun_before_the_drain_is_counted_and_finished()
    {
        var held = HoldOnEachMember();
        await UntilAsync(MemberA, facts => facts.Sessions > 0);
        var drained = await Balancer.DrainAsync(MemberA, Cancellation);
        Assert.True(drained.Sessions > 0, drained.Detail);
        _a.Release();
        _b.Release();
        Assert.Contains(_a.Address.ToString(), await Task.WhenAll(held));
        await UntilAsync(MemberA, facts => facts.Sessions == 0);
    }

    [Fact]
    public async Task Draining_twice_and_holding_twice_is_as_once()
    {
        await Balancer.DrainAsync(MemberA, Cancellation);
        Assert.Equal(Rotation.Draining, (await Balancer.DrainAsync(MemberA, Cancellation)).Rotation);
        await Balancer.HoldAsync(MemberA, cut: false, Cancellation);
        Assert.Equal(Rotation.Out, (await Balancer.HoldAsync(MemberA, cut: false, Cancellation)).Rotation);
        Assert.Equal(Rotation.Out, (await Balancer.DrainAsync(MemberA, Cancellation)).Rotation);
        Assert.Equal(Rotation.Out, (await Balancer.ObserveAsync(MemberA, Cancellation)).Rotation);
    }

    [Fact]
    public async Task A_member_in_rotation_is_not_held_out()
    {
        var error = await Assert.ThrowsAsync<AdapterException>(() => Balancer.HoldAsync(MemberA, cut: true, Cancellation));
        Assert.Equal("balancer-not-drained", error.Reason.Code);
        Assert.True((await Balancer.ObserveAsync(MemberA, Cancellation)).Serves);
    }

    [Fact]
    public async Task No_request_fails_while_each_member_in_turn_is_replaced_by_another_machine_at_its_address()
    {
        var traffic = new Traffic(Sites);
        await using (traffic)
        {
            foreach (var (member, backend) in new[] { (MemberA, _a), (MemberB, _b) })
            {
                await MoreRequestsAsync(backend, 50);
                await Balancer.DrainAsync(member, Cancellation);
                for (var zeros = 0; zeros < 3;)
                    zeros = (await Balancer.ObserveAsync(member, Cancellation)).Sessions == 0 ? zeros + 1 : 0;
                Assert.Equal(Rotation.Out, (await Balancer.HoldAsync(member, cut: false, Cancellation)).Rotation);
                backend.Vanish();
                var others = backend == _a ? _b : _a;
                await MoreRequestsAsync(others, 50);
                backend.Return();
                var facts = await Balancer.RejoinAsync(member, Fences.None, Cancellation);
                Assert.True(facts.Serves, facts.Detail);
                await MoreRequestsAsync(backend, 50);
            }
        }

        Assert.Empty(traffic.Failures);
        TestContext.Current.TestOutputHelper?.WriteLine($"{traffic.Sent} requests, {traffic.Failures.Count} failed");
    }

    [Fact]
    public async Task No_request_fails_while_a_member_is_held_without_being_empty_and_rejoins()
    {
        var traffic = new Traffic(Sites);
        await using (traffic)
        {
            await MoreRequestsAsync(_a, 50);
            await Balancer.DrainAsync(MemberA, Cancellation);
            await Balancer.HoldAsync(MemberA, cut: false, Cancellation);
            _a.Vanish();
            _a.Return();
            Assert.True((await Balancer.RejoinAsync(MemberA, Fences.None, Cancellation)).Serves);
            await MoreRequestsAsync(_a, 50);
        }

        Assert.Empty(traffic.Failures);
    }

    [Fact]
    public async Task A_member_that_only_drained_rejoins()
    {
        var traffic = new Traffic(Sites);
        await using (traffic)
        {
            await MoreRequestsAsync(_a, 20);
            await Balancer.DrainAsync(MemberA, Cancellation);
            Assert.True((await Balancer.RejoinAsync(MemberA, Fences.None, Cancellation)).Serves);
            Assert.True((await Balancer.RejoinAsync(MemberA, Fences.None, Cancellation)).Serves);
            await MoreRequestsAsync(_a, 20);
        }

        Assert.Empty(traffic.Failures);
    }

    [Fact]
    public async Task A_member_that_is_not_healthy_does_not_rejoin()
    {
        await Balancer.DrainAsync(MemberA, Cancellation);
        await Balancer.HoldAsync(MemberA, cut: false, Cancellation);
        _a.Healthy = false;
        using var soon = CancellationTokenSource.CreateLinkedTokenSource(Cancellation);
        soon.CancelAfter(TimeSpan.FromSeconds(1));
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => Balancer.RejoinAsync(MemberA, Fences.None, soon.Token));
        Assert.NotEqual(Rotation.In, (await Balancer.ObserveAsync(MemberA, Cancellation)).Rotation);
        for (var i = 0; i < 10; i++)
            Assert.Equal(_b.Address.ToString(), await GetAsync("/fast"));
        _a.Healthy = true;
        Assert.True((await Balancer.RejoinAsync(MemberA, Fences.None, Cancellation)).Serves);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    public async Task A_member_stays_out_when_the_fleet_is_lost_before_its_rejoin_or_while_it_waits(int commands)
    {
        await Balancer.DrainAsync(MemberA, Cancellation);
        await Balancer.HoldAsync(MemberA, cut: false, Cancellation);
        await Assert.ThrowsAsync<JournalException>(() => Balancer.RejoinAsync(MemberA, Fences.For(commands), Cancellation));
        Assert.NotEqual(Rotation.In, (await Balancer.ObserveAsync(MemberA, Cancellation)).Rotation);
        Assert.True((await Balancer.RejoinAsync(MemberA, Fences.None, Cancellation)).Serves);
    }

    [Fact]
    public async Task A_member_rejoins_at_another_address()
    {
        await using var next = await Backend.StartAsync();
        await Balancer.DrainAsync(MemberA, Cancellation);
        await Balancer.HoldAsync(MemberA, cut: false, Cancellation);
        _a.Vanish();
        var facts = await Balancer.RejoinAsync(MemberA with { Address = next.Address }, Fences.None, Cancellation);
        Assert.True(facts.Serves, facts.Detail);
        Assert.Equal(next.Address, facts.Address);
        while (next.Requests == 0)
            Assert.NotEqual(_a.Address.ToString(), await GetAsync("/fast"));
    }

    [Fact]
    public async Task Sessions_that_do_not_end_are_cut_on_demand()
    {
        var held = HoldOnEachMember();
        await UntilAsync(MemberA, facts => facts.Sessions > 0);
        Assert.True((await Balancer.DrainAsync(MemberA, Cancellation)).Sessions > 0);
        var facts = await Balancer.HoldAsync(MemberA, cut: true, Cancellation);
        Assert.Equal((Rotation.Out, 0), (facts.Rotation, facts.Sessions));
        _b.Release();
        await Assert.ThrowsAnyAsync<HttpRequestException>(() => Task.WhenAll(held));
    }

    [Fact]
    public async Task A_member_whose_machine_is_gone_is_down()
    {
        _b.Vanish();
        var facts = await UntilAsync(MemberB, facts => facts.Health == BalancerHealth.Down);
        Assert.False(facts.Serves);
    }

    [Fact]
    public async Task An_unknown_member_is_an_error_everywhere()
    {
        var stranger = new Member(MemberId.Parse("web-9/z"), _a.Address);
        var calls = new Func<Task>[]
        {
            () => Balancer.ObserveAsync(stranger, Cancellation),
            () => Balancer.DrainAsync(stranger, Cancellation),
            () => Balancer.HoldAsync(stranger, cut: false, Cancellation),
            () => Balancer.RejoinAsync(stranger, Fences.None, Cancellation),
        };
        foreach (var call in calls)
            Assert.Contains("web-9/z", (await Assert.ThrowsAsync<AdapterException>(call)).Message, StringComparison.Ordinal);
        Assert.Contains("web-9/z", Assert.Single(await Balancer.CheckAsync([MemberA, stranger], Cancellation)).Text, StringComparison.Ordinal);
    }

    private List<Task<string>> HoldOnEachMember() =>
        [.. Sites.SelectMany(site => Enumerable.Repeat(site, 6)).Select(site => _http.GetStringAsync(new Uri(site, "/held"), Cancellation))];

    private async Task<string> GetAsync(string path) => await _http.GetStringAsync(new Uri(Sites[0], path), Cancellation);

    private async Task<BalancerFacts> UntilAsync(Member member, Func<BalancerFacts, bool> condition)
    {
        while (true)
        {
            if (await Balancer.ObserveAsync(member, Cancellation) is var facts && condition(facts))
                return facts;
            await Task.Delay(10, Cancellation);
        }
    }

    private async Task MoreRequestsAsync(Backend backend, int count)
    {
        for (var until = backend.Requests + count; backend.Requests < until;)
            await Task.Delay(10, Cancellation);
    }
}
