using Refresh.Lab.Client;
using Refresh.Lab.Cloud;
using Xunit;

namespace Refresh.Orchestrator.Tests.Lab;

public sealed class LoadTests
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Every_request_is_counted_in_its_phase_and_none_fails_while_nothing_is_wrong()
    {
        await using var lab = await LabFixture.StartAsync(options => options with { Balancer = BalancerChoice.HAProxy });
        using var load = new RunningLoad(new(lab.Facts.Balancers[0].Frontend) { Rate = 100, LongMs = 50, LongShare = 10 });
        await load.UntilAsync(report => report.Ok > 50);
        load.Say("phase during");
        await load.UntilAsync(report => report.Phases.Any(phase => phase.Name == "during" && phase.Ok > 50));
        var last = await load.EndAsync();

        Assert.True(last.Final);
        Assert.Equal((0, 0, last.Sent), (last.Failed, last.InFlight, last.Ok));
        Assert.Equal(["before", "during"], last.Phases.Select(phase => phase.Name));
        Assert.Equal(last.Sent, last.Phases.Sum(phase => phase.Sent));
        Assert.All(last.Phases, phase => Assert.True(phase.Slow.P50 >= 49 && phase.Fast.Count + phase.Slow.Count == phase.Ok));
    }

    [Fact]
    public async Task A_request_that_is_lost_with_its_guest_is_counted_as_failed()
    {
        await using var lab = await LabFixture.StartAsync(options => options with { Balancer = BalancerChoice.HAProxy });
        using var load = new RunningLoad(new(lab.Facts.Balancers[0].Frontend) { Clients = 8, LongShare = 100, LongMs = 200 });
        await load.UntilAsync(report => report.Ok > 10);
        await lab.EndAsync(await lab.Client.PowerAsync("web-1-a", PowerAction.Crash, Cancellation));
        await load.UntilAsync(report => report.Failed > 0);
        var last = await load.EndAsync();
        Assert.NotEmpty(last.Failures);
        Assert.Equal(last.Sent, last.Ok + last.Failed);
    }

    [Fact]
    public async Task A_broken_keep_alive_connection_is_a_failure_and_not_a_second_try()
    {
        await using var lab = await LabFixture.StartAsync(options => options);
        using var load = new RunningLoad(new(LabFixture.Url(lab.Facts.Vms[0], "/")) { Clients = 4, LongShare = 100, LongMs = 300 });
        await load.UntilAsync(report => report.Ok >= 4);
        await lab.EndAsync(await lab.Client.PowerAsync("web-1-a", PowerAction.Crash, Cancellation));
        var last = await load.UntilAsync(report => report.Failures.Count > 0);
        Assert.Contains(last.Failures, failure => failure.Contains("reset", StringComparison.OrdinalIgnoreCase) || failure.Contains("closed", StringComparison.Ordinal));
    }
}
