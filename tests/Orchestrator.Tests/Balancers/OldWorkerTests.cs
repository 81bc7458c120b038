using Refresh.Orchestrator.Balancers.HAProxy;
using Refresh.Orchestrator.Settings;
using Refresh.Workflows.Fleets;
using Xunit;

namespace Refresh.Orchestrator.Tests.Balancers;

/// <summary>After a reload the worker before finishes its requests where the admin socket does not see them.</summary>
public sealed class OldWorkerTests : IAsyncLifetime
{
    private readonly CancellationTokenSource _deadline = CancellationTokenSource.CreateLinkedTokenSource(TestContext.Current.CancellationToken);
    private readonly HttpClient _http = new(new SocketsHttpHandler { UseProxy = false }) { Timeout = TimeSpan.FromSeconds(60) };
    private Backend _backend = null!;
    private HAProxyProcess _node = null!;

    private Member Member => new(LoadBalancerCompliance.A, _backend.Address);

    private CancellationToken Cancellation => _deadline.Token;

    public async ValueTask InitializeAsync()
    {
        _deadline.CancelAfter(TimeSpan.FromSeconds(60));
        _backend = await Backend.StartAsync();
        _node = await HAProxyProcess.StartAsync([("a", _backend.Address)], master: true);
    }

    public async ValueTask DisposeAsync()
    {
        if (_node is not null)
            await _node.DisposeAsync();
        await _backend.DisposeAsync();
        _http.Dispose();
        _deadline.Dispose();
    }

    [Fact]
    public async Task A_member_is_not_empty_while_a_worker_from_before_a_reload_holds_a_request_to_it()
    {
        var balancer = Balancer(_node.MasterSocket);
        var held = await HoldAcrossReloadAsync();
        await balancer.DrainAsync(Member, Cancellation);
        var facts = await balancer.ObserveAsync(Member, Cancellation);
        Assert.Equal(1, facts.Sessions);
        Assert.Contains("in old workers 1", facts.Detail, StringComparison.Ordinal);
        Assert.Equal(0, (await Balancer(master: null).ObserveAsync(Member, Cancellation)).Sessions);

        _backend.Release();
        Assert.Equal(_backend.Address.ToString(), await held);
        while ((await balancer.ObserveAsync(Member, Cancellation)).Sessions > 0)
            await Task.Delay(10, Cancellation);
    }

    [Fact]
    public async Task What_an_old_worker_holds_is_cut_where_sessions_are_to_be_cut()
    {
        var balancer = Balancer(_node.MasterSocket);
        var held = await HoldAcrossReloadAsync();
        await balancer.DrainAsync(Member, Cancellation);
        Assert.Equal(0, (await balancer.HoldAsync(Member, cut: true, Cancellation)).Sessions);
        await Assert.ThrowsAsync<HttpRequestException>(() => held);
    }

    [Fact]
    public async Task A_socket_that_is_no_masters_is_complained_of_before_a_run() =>
        Assert.Equal("balancer-not-master", Assert.Single(await Balancer(_node.OperatorSocket).CheckAsync([Member], Cancellation)).Code);

    [Theory]
    [InlineData("#<PID> <type>\n1 master 1 [failed: 0]\n# workers\n2 worker 0\n# old workers\n3 worker 1\n14 worker 2\n# programs\n\n", new[] { 3, 14 })]
    [InlineData("#<PID> <type>\n1 master 1 [failed: 0]\n# workers\n2 worker 0\n# programs\n\n", new int[0])]
    public void Old_workers_are_those_of_their_part_of_the_list(string list, int[] workers) => Assert.Equal(workers, OldWorkers.Parse(list));

    [Theory]
    [InlineData("")]
    [InlineData("#<PID> <type>\n# old workers\n3 worker")]
    [InlineData("#<PID> <type>\n# old workers\nworker 3\n\n")]
    public void A_damaged_list_is_an_error(string list) => Assert.Throws<FormatException>(() => OldWorkers.Parse(list));

    private async Task<Task<string>> HoldAcrossReloadAsync()
    {
        var held = _http.GetStringAsync(new Uri(_node.Site, "held"), Cancellation);
        while (_backend.Requests == 0)
            await Task.Delay(5, Cancellation);
        await _node.ReloadAsync();
        return held;
    }

    private HAProxyBalancer Balancer(string? master) => new(
        new HAProxySettings(
            [new HAProxySockets(_node.Socket, master)],
            new Dictionary<MemberId, HAProxyServer> { [Member.Id] = new("site", "a") },
            HAProxyDrain.State,
            [],
            TimeSpan.Zero,
            TimeSpan.FromSeconds(5)),
        TimeProvider.System);
}
