using Refresh.Orchestrator.Probes;
using Refresh.Orchestrator.Settings;
using Refresh.Workflows.Facts;
using Refresh.Workflows.Fleets;
using Refresh.Workflows.Ports;
using Xunit;

namespace Refresh.Orchestrator.Tests.Probes;

/// <summary>All probes together pass the same suite as each of them.</summary>
public sealed class HealthProbesTests : HealthProbeCompliance
{
    protected override string HealthyWords => "/health: 200; TCP 127.0.0.1:";

    protected override string SickWords => "/health: 503, expected 200";

    protected override IHealthProbe Probe(TimeSpan timeout) => new HealthProbes(
        [
            new HttpProbeSettings("/health", null, false, null, false, null, [200], null, new Dictionary<string, string>(), timeout),
            new TcpProbeSettings(null, timeout),
        ],
        TimeProvider.System);

    protected override async Task<Member> HealthyAsync() => Keep(await Site.StartAsync(_ => Task.CompletedTask)).Member;

    protected override async Task<Member> SickAsync() => Keep(await Site.StartAsync(context =>
    {
        context.Response.StatusCode = 503;
        return Task.CompletedTask;
    })).Member;

    protected override async Task<Member> HangingAsync() => Keep(await Site.HangingAsync()).Member;

    [Fact]
    public async Task Only_what_failed_is_told_of_an_unhealthy_member()
    {
        var facts = await AskAsync(await SickAsync(), Ample);
        Assert.DoesNotContain("TCP", facts.Detail, StringComparison.Ordinal);
    }

    [Fact]
    public async Task All_that_failed_is_told()
    {
        var facts = await AskAsync(await AbsentAsync(), Ample);
        Assert.Equal(2, facts.Detail.Split("connection refused").Length - 1);
    }

    [Fact]
    public async Task All_probes_are_asked_at_once_and_the_verdict_is_dated_by_the_last()
    {
        // Each waits for the other: asked one after the other, they would never answer.
        var first = new TaskCompletionSource();
        var second = new TaskCompletionSource();
        var probes = new HealthProbes(
        [
            new Scripted(async () => { first.SetResult(); await second.Task; return new ProbeFacts(true, "first", DateTimeOffset.UnixEpoch.AddSeconds(2)); }),
            new Scripted(async () => { second.SetResult(); await first.Task; return new ProbeFacts(true, "second", DateTimeOffset.UnixEpoch.AddSeconds(1)); }),
        ]);
        var facts = await probes.ProbeAsync(Members.At(1), Cancellation).WaitAsync(Ample, Cancellation);
        Assert.Equal(new ProbeFacts(true, "first; second", DateTimeOffset.UnixEpoch.AddSeconds(2)), facts);
    }

    [Fact]
    public void A_fleet_that_asks_nothing_is_refused_since_every_member_would_be_healthy() =>
        Assert.Throws<ArgumentException>(() => new HealthProbes([], TimeProvider.System));

    [Fact]
    public void Every_kind_of_probe_that_a_fleet_file_can_name_can_be_made() =>
        Assert.NotNull(new HealthProbes([new GrpcProbeSettings("", null, false, null, false, null, Ample), new CommandProbeSettings(["true"], Ample)], TimeProvider.System));

    private sealed class Scripted(Func<Task<ProbeFacts>> answer) : IHealthProbe
    {
        public Task<ProbeFacts> ProbeAsync(Member member, CancellationToken cancellation) => answer();
    }
}
