using Refresh.Workflows.Facts;
using Refresh.Workflows.Fleets;
using Refresh.Workflows.Ports;
using Xunit;

namespace Refresh.Orchestrator.Tests.Balancers;

/// <summary>What every adapter of <see cref="ILoadBalancer"/> does, with real members and real requests.</summary>
public abstract class TrafficCompliance : LoadBalancerCompliance
{
    private readonly HttpClient _http = new(new SocketsHttpHandler { UseProxy = false }) { Timeout = TimeSpan.FromSeconds(60) };
    private readonly List<Backend> _others = [];
    private IReadOnlyList<Task<string>> _held = [];
    private Backend _a = null!;
    private Backend _b = null!;

    protected override Member MemberA => new(A, _a.Address);

    protected override Member MemberB => new(B, _b.Address);

    /// <summary>Its frontends, one a node.</summary>
    protected abstract IReadOnlyList<Uri> Sites { get; }

    /// <summary>Starts the balancer in front of two members.</summary>
    protected abstract Task<ILoadBalancer> StartAsync(IReadOnlyList<Member> members, CancellationToken cancellation);

    /// <summary>Stops it.</summary>
    protected abstract Task StopAsync();

    protected override async Task<ILoadBalancer> OpenAsync()
    {
        _a = await Backend.StartAsync();
        _b = await Backend.StartAsync();
        return await StartAsync([MemberA, MemberB], Cancellation);
    }

    protected override async Task CloseAsync()
    {
        await StopAsync();
        foreach (var backend in new[] { _a, _b }.OfType<Backend>().Concat(_others))
            await backend.DisposeAsync();
        _http.Dispose();
    }

    protected override Task VanishAsync(Member member)
    {
        Of(member).Vanish();
        return Task.CompletedTask;
    }

    protected override Task HealAsync(Member member, bool healthy)
    {
        Of(member).Healthy = healthy;
        return Task.CompletedTask;
    }

    protected override async Task<Endpoint> OtherMachineAsync()
    {
        _others.Add(await Backend.StartAsync());
        return _others[^1].Address;
    }

    protected override Task GiveWorkAsync()
    {
        _held = [.. Sites.SelectMany(site => Enumerable.Repeat(site, 6)).Select(site => _http.GetStringAsync(new Uri(site, "/held"), Cancellation))];
        return Task.CompletedTask;
    }

    protected override async Task EndWorkAsync(bool cut)
    {
        _b.Release();
        if (cut)
        {
            await Assert.ThrowsAnyAsync<HttpRequestException>(() => Task.WhenAll(_held));
            return;
        }

        _a.Release();
        Assert.Contains(_a.Address.ToString(), await Task.WhenAll(_held));
    }

    protected override async Task GetsNoWorkAsync(Member member)
    {
        var before = Of(member).Requests;
        for (var i = 0; i < 20; i++)
            Assert.NotEqual(member.Address.ToString(), await GetAsync("/fast"));
        Assert.Equal(before, Of(member).Requests);
    }

    protected override async Task GetsWorkAsync(Endpoint address)
    {
        for (var next = _others.Single(other => other.Address == address); next.Requests == 0;)
            Assert.NotEqual(_a.Address.ToString(), await GetAsync("/fast"));
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

    private Backend Of(Member member) => member.Id == A ? _a : _b;

    private async Task<string> GetAsync(string path) => await _http.GetStringAsync(new Uri(Sites[0], path), Cancellation);

    private async Task MoreRequestsAsync(Backend backend, int count)
    {
        for (var until = backend.Requests + count; backend.Requests < until;)
            await Task.Delay(10, Cancellation);
    }
}
