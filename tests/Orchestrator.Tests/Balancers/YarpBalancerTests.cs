using System.Net;
using Microsoft.Extensions.Logging.Abstractions;
using Refresh.Orchestrator.Balancers.Yarp;
using Refresh.Orchestrator.Settings;
using Refresh.Workflows.Facts;
using Refresh.Workflows.Fleets;
using Refresh.Workflows.Ports;
using Xunit;
using Endpoint = Refresh.Workflows.Fleets.Endpoint;

namespace Refresh.Orchestrator.Tests.Balancers;

/// <summary>What is particular to the embedded balancer.</summary>
public sealed class YarpBalancerTests : IAsyncLifetime
{
    private readonly string _folder = Directory.CreateTempSubdirectory("yarp").FullName;
    private readonly HttpClient _http = new(new SocketsHttpHandler { UseProxy = false }) { Timeout = TimeSpan.FromSeconds(60) };
    private Backend _backend = null!;

    private readonly CancellationTokenSource _deadline = CancellationTokenSource.CreateLinkedTokenSource(TestContext.Current.CancellationToken);

    private CancellationToken Cancellation => _deadline.Token;

    private string StateFile => Path.Combine(_folder, "state", "out.json");

    private Member Member => new(LoadBalancerCompliance.A, _backend.Address);

    public async ValueTask InitializeAsync()
    {
        _deadline.CancelAfter(TimeSpan.FromSeconds(60));
        _backend = await Backend.StartAsync();
    }

    public async ValueTask DisposeAsync()
    {
        await _backend.DisposeAsync();
        _http.Dispose();
        _deadline.Dispose();
        Directory.Delete(_folder, recursive: true);
    }

    [Theory]
    [InlineData(false, Rotation.Draining)]
    [InlineData(true, Rotation.Out)]
    public async Task A_member_that_was_out_is_out_after_a_restart(bool hold, Rotation rotation)
    {
        await using (var before = await StartAsync())
        {
            await before.DrainAsync(Member, Cancellation);
            if (hold)
                await before.HoldAsync(Member, cut: false, Cancellation);
        }

        await using (var after = await StartAsync())
        {
            Assert.Equal(rotation, (await after.ObserveAsync(Member, Cancellation)).Rotation);
            using var response = await _http.GetAsync(new Uri(after.Url, "/fast"), Cancellation);
            Assert.Equal(HttpStatusCode.ServiceUnavailable, response.StatusCode);
            Assert.True((await after.RejoinAsync(Member, Fences.None, Cancellation)).Serves);
        }

        await using var last = await StartAsync();
        Assert.Equal(Rotation.In, (await last.ObserveAsync(Member, Cancellation)).Rotation);
    }

    [Theory]
    [InlineData("{")]
    [InlineData("[1]")]
    [InlineData("{\"web-1/a\": \"Perhaps\"}")]
    public void A_damaged_state_file_lets_nobody_in(string content)
    {
        Directory.CreateDirectory(Path.GetDirectoryName(StateFile)!);
        File.WriteAllText(StateFile, content);
        var error = Assert.Throws<AdapterException>(() => Create());
        Assert.Equal("balancer-state-unreadable", error.Reason.Code);
        Assert.Contains(StateFile, error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_state_file_that_cannot_be_written_leaves_the_member_as_it_was()
    {
        await using var balancer = await StartAsync();
        Directory.CreateDirectory(StateFile);
        var error = await Assert.ThrowsAsync<AdapterException>(() => balancer.DrainAsync(Member, Cancellation));
        Assert.Equal("balancer-state-unwritten", error.Reason.Code);
        Assert.Equal(Rotation.In, (await balancer.ObserveAsync(Member, Cancellation)).Rotation);
    }

    [Fact]
    public async Task A_request_that_was_begun_is_finished_when_the_balancer_stops()
    {
        var balancer = await StartAsync();
        while (!(await balancer.ObserveAsync(Member, Cancellation)).Serves)
            await Task.Delay(5, Cancellation);
        var held = _http.GetStringAsync(new Uri(balancer.Url, "/held"), Cancellation);
        while ((await balancer.ObserveAsync(Member, Cancellation)).Sessions == 0)
            await Task.Delay(5, Cancellation);
        var stop = balancer.DisposeAsync().AsTask();
        Assert.False(stop.IsCompleted);
        _backend.Release();
        Assert.Equal(_backend.Address.ToString(), await held);
        await stop;
    }

    [Fact]
    public async Task A_member_whose_probe_never_passed_gets_nothing()
    {
        _backend.Healthy = false;
        await using var balancer = await StartAsync();
        using var response = await _http.GetAsync(new Uri(balancer.Url, "/fast"), Cancellation);
        Assert.Equal((HttpStatusCode.ServiceUnavailable, 0), (response.StatusCode, _backend.Requests));
        Assert.Equal(BalancerHealth.Down, (await balancer.ObserveAsync(Member, Cancellation)).Health);
    }

    [Fact]
    public async Task An_address_that_is_taken_is_an_error()
    {
        await using var first = await StartAsync();
        await using var second = Create(first.Url.Port);
        var error = await Assert.ThrowsAsync<AdapterException>(() => second.StartAsync(Cancellation));
        Assert.Equal("balancer-not-listening", error.Reason.Code);
    }

    private async Task<YarpBalancer> StartAsync()
    {
        var balancer = Create();
        await balancer.StartAsync(Cancellation);
        return balancer;
    }

    private YarpBalancer Create(int port = 0) => new(
        new YarpSettings(new Endpoint("127.0.0.1", port), "/health", TimeSpan.FromMilliseconds(100), StateFile),
        [Member],
        TimeProvider.System,
        NullLoggerFactory.Instance);
}
