using Refresh.EndToEnd.Tests.Stage;
using Refresh.Lab.Client;
using Refresh.Orchestrator.Tests.Lab;
using Refresh.Workflows.Runs;
using Xunit;

namespace Refresh.EndToEnd.Tests;

/// <summary>The stand-in for pulumi, with the lab as its cloud.</summary>
public sealed class PulumiTests : PulumiScenarios
{
    [Fact]
    public async Task A_vCenter_that_is_gone_during_a_rebuild_leaves_the_pair_frozen_and_the_peer_serving()
    {
        await using var pulumi = await StartAsync(pairs: 1, cloneMs: 1000);
        await pulumi.FailAsync($"unreachable-after-delete resource={Vm} count=1\n");
        await using var attendance = await pulumi.Stage.AttendAsync();
        using var run = pulumi.Stage.Run(pulumi.Fleet with { RebuildTimeout = "20s" });
        await run.UntilAsync(happened => happened is IntentRecorded { Intent: Rebuild });
        await LabFixture.UntilAsync(async () => await pulumi.Stage.Lab.Client.FindAsync(Vm, TestContext.Current.CancellationToken) is null);
        await pulumi.FailAsync("unreachable");
        await run.EndsWithAsync(1);
        await attendance.UnharmedAsync();
        Assert.False(attendance.Rotation.WasOut("web-1-b"));
        Assert.Equal(LabPower.On, (await pulumi.Stage.Lab.VmAsync("web-1-b")).Power);
    }

    private protected override Task<PulumiStage> StartAsync(int pairs, int cloneMs) => PulumiStage.StartAsync(pairs, cloneMs);

    private protected override Task CloneIsUnderWayAsync(PulumiStage pulumi) => LabFixture.UntilAsync(async () =>
        await pulumi.Stage.Lab.Client.FindAsync(Vm, TestContext.Current.CancellationToken) is { Id: null, Power: LabPower.Changing });
}
