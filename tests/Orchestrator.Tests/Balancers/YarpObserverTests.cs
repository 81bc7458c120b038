using Microsoft.Extensions.Logging.Abstractions;
using Refresh.Orchestrator.Balancers.Yarp;
using Refresh.Orchestrator.Settings;
using Refresh.Workflows.Facts;
using Refresh.Workflows.Fleets;
using Refresh.Workflows.Ports;
using Xunit;
using Endpoint = Refresh.Workflows.Fleets.Endpoint;

namespace Refresh.Orchestrator.Tests.Balancers;

/// <summary>The embedded balancer seen from another process.</summary>
public sealed class YarpObserverTests : IAsyncLifetime
{
    private readonly string _folder = Directory.CreateTempSubdirectory("yarp").FullName;
    private Backend _backend = null!;

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    private string StateFile => Path.Combine(_folder, "state", "out.json");

    private Member Member => new(LoadBalancerCompliance.A, _backend.Address);

    public async ValueTask InitializeAsync() => _backend = await Backend.StartAsync();

    public async ValueTask DisposeAsync()
    {
        await _backend.DisposeAsync();
        Directory.Delete(_folder, recursive: true);
    }

    [Fact]
    public async Task What_a_balancer_has_drained_is_seen_while_it_runs_and_afterwards()
    {
        int port;
        await using (var balancer = new YarpBalancer(Settings(0), [Member], TimeProvider.System, NullLoggerFactory.Instance))
        {
            await balancer.StartAsync(Cancellation);
            port = balancer.Url.Port;
            using var beside = new YarpObserver(Settings(port), TimeProvider.System);
            Assert.True((await beside.ObserveAsync(Member, Cancellation)).Serves);
            await balancer.DrainAsync(Member, Cancellation);
            var facts = await beside.ObserveAsync(Member, Cancellation);
            Assert.Equal((Rotation.Draining, BalancerHealth.Up), (facts.Rotation, facts.Health));
            Assert.Contains("Something listens on 127.0.0.1", (await beside.UnknownAsync(Cancellation))[0], StringComparison.Ordinal);
        }

        using var after = new YarpObserver(Settings(port), TimeProvider.System);
        Assert.Equal(Rotation.Draining, (await after.ObserveAsync(Member, Cancellation)).Rotation);
        Assert.Contains("Nothing listens on 127.0.0.1", (await after.UnknownAsync(Cancellation))[0], StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_member_that_does_not_answer_is_seen_down_and_nothing_is_written()
    {
        _backend.Healthy = false;
        using var observer = new YarpObserver(Settings(1), TimeProvider.System);
        var facts = await observer.ObserveAsync(Member, Cancellation);
        Assert.Equal((Rotation.In, BalancerHealth.Down), (facts.Rotation, facts.Health));
        Assert.Contains("answered 503", facts.Detail, StringComparison.Ordinal);
        Assert.Contains("open requests not known", facts.Detail, StringComparison.Ordinal);
        Assert.Empty(await observer.CheckAsync([Member], Cancellation));
        Assert.Empty(Directory.EnumerateFileSystemEntries(_folder));
    }

    [Fact]
    public async Task A_damaged_state_file_is_complained_of()
    {
        Directory.CreateDirectory(Path.GetDirectoryName(StateFile)!);
        await File.WriteAllTextAsync(StateFile, "{", Cancellation);
        using var observer = new YarpObserver(Settings(1), TimeProvider.System);
        Assert.Equal("balancer-state-unreadable", Assert.Single(await observer.CheckAsync([Member], Cancellation)).Code);
        await Assert.ThrowsAsync<AdapterException>(() => observer.ObserveAsync(Member, Cancellation));
    }

    [Fact]
    public async Task It_takes_no_command()
    {
        using var observer = new YarpObserver(Settings(1), TimeProvider.System);
        foreach (var command in new Func<Task>[] { () => observer.DrainAsync(Member, Cancellation), () => observer.HoldAsync(Member, false, Cancellation), () => observer.RejoinAsync(Member, Fences.None, Cancellation) })
            Assert.Equal("balancer-only-observed", (await Assert.ThrowsAsync<AdapterException>(command)).Reason.Code);
    }

    private YarpSettings Settings(int port) => new(new Endpoint("127.0.0.1", port), "/health", TimeSpan.FromMilliseconds(100), StateFile);
}
