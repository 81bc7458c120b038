using System.Diagnostics;
using Refresh.EndToEnd.Tests.Stage;
using Refresh.Lab.Client;
using Refresh.Orchestrator.Tests.Lab;
using Xunit;

namespace Refresh.EndToEnd.Tests;

/// <summary>Balancer, guests and cloud change or go away behind the run's back: the other member is left alone, and what is said names the thing that is wrong.</summary>
public sealed class HostileWorldTests
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_balancer_that_is_replaced_by_one_with_other_names_is_not_guessed_at()
    {
        await using var stage = await LabStage.StartAsync(cloneMs: 2000);
        await using var attendance = await stage.AttendAsync();
        using var run = stage.Refresh("run", stage.Write(Impatient(stage)), "--yes");
        await UntilAwayAsync(stage);
        await RestartedBalancer.KillAsync(attendance);
        var config = stage.Lab.Facts.Balancers[0].Config;
        await File.WriteAllTextAsync(config, (await File.ReadAllTextAsync(config, Cancellation)).Replace("server web-1-", "server app-1-", StringComparison.Ordinal), Cancellation);
        using var balancer = await RestartedBalancer.StartAsync(stage, attendance, 0);
        await run.EndsWithAsync(1);
        Says(run, "web-1-a", "web-1 stays frozen until a person has looked at it");
        Assert.Empty(await stage.ClonesAsync("web-1-b"));
    }

    [Fact]
    public async Task An_admin_socket_that_is_gone_is_named_and_the_peer_serves_on()
    {
        await using var stage = await LabStage.StartAsync(cloneMs: 1500);
        await using var attendance = await stage.AttendAsync();
        using var run = stage.Refresh("run", stage.Write(Impatient(stage)), "--yes");
        await UntilAwayAsync(stage);
        File.Delete(stage.Lab.Facts.Balancers[0].Socket);
        await run.EndsWithAsync(1);
        Says(run, stage.Lab.Facts.Balancers[0].Socket, "web-1 stays frozen until a person has looked at it");
        var load = await attendance.EndAsync();
        Assert.True(load.Failed == 0, string.Join('\n', load.Failures));
        Assert.Empty(await stage.ClonesAsync("web-1-b"));
    }

    [Theory]
    [InlineData("timeout: 2s", 1, "was not seen empty in 2 s of draining: 1 session left")]
    [InlineData("timeout: 2s, onTimeout: cut", 0, null)]
    public async Task A_guest_that_hangs_with_an_open_connection_is_returned_or_cut_as_the_fleet_file_says(string drain, int exitCode, string? says)
    {
        await using var stage = await LabStage.StartAsync();
        var before = await stage.MachinesAsync();
        using var client = new HttpClient(new SocketsHttpHandler { UseProxy = false });
        // Round robin: one for each member.
        var hanging = Enumerable.Range(0, 2).Select(_ => client.GetAsync(new Uri(stage.Lab.Facts.Balancers[0].Frontend, "slow?ms=50000"), Cancellation)).ToList();
        await using var watch = new RotationWatch(stage.Lab.Facts.Balancers[0].Socket);
        await LabFixture.UntilAsync(async () => (await watch.TellAsync("show stat")).Split('\n').Count(line => line.StartsWith("web,web-1-", StringComparison.Ordinal) && line.Split(',')[4] == "1") == 2);
        using var run = stage.Refresh("run", stage.Write(stage.Fleet with { Drain = drain }), "--yes");
        await run.EndsWithAsync(exitCode);
        Assert.Empty(watch.BothOut());
        if (says is null)
        {
            await stage.AllAreNewAsync(before, "1.1.0");
            return;
        }

        Says(run, says, "web-1 stays frozen until a person has looked at it");
        Assert.All((await watch.NowAsync()).Status.Values, status => Assert.Equal("UP", status));
        Assert.DoesNotContain(hanging, request => request.IsCompleted);
        Assert.Empty(await stage.ClonesAsync("web-1-a"));
    }

    [Fact]
    public async Task A_cloud_that_dies_in_mid_clone_is_named_and_nothing_more_is_touched_until_it_is_back()
    {
        await using var stage = await LabStage.StartAsync(cloneMs: 2000);
        var before = await stage.MachinesAsync();
        using (var run = stage.Refresh("run", stage.Write(Impatient(stage)), "--yes"))
        {
            await UntilAwayAsync(stage);
            using (var lab = Process.GetProcessById(stage.Lab.Facts.Pid))
                lab.Kill();
            await run.EndsWithAsync(1);
            Says(run, stage.Lab.Facts.Api.Authority, "web-1 stays frozen until a person has looked at it");
        }

        await stage.Lab.InitializeAsync();
        Assert.Equal(before["web-1-b"].Id, (await stage.Lab.VmAsync("web-1-b")).Id);
        Assert.Empty(await stage.ClonesAsync("web-1-b"));
    }

    private static FleetText Impatient(LabStage stage) => stage.Fleet with { RebuildTimeout = "8s", VerifyTimeout = "8s", RejoinTimeout = "4s" };

    private static Task UntilAwayAsync(LabStage stage) =>
        LabFixture.UntilAsync(async () => (await stage.Lab.VmAsync("web-1-a")).Power != LabPower.On);

    private static void Says(RefreshProcess process, params string[] texts)
    {
        Assert.All(texts, text => Assert.Contains(text, process.Output, StringComparison.Ordinal));
        Assert.DoesNotContain("   at ", process.Output, StringComparison.Ordinal);
    }
}
