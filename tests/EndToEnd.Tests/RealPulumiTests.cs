using Refresh.EndToEnd.Tests.Stage;
using Refresh.Orchestrator.Tests.Lab;
using Xunit;

namespace Refresh.EndToEnd.Tests;

/// <summary>The same with the real pulumi, provider and vCenter, where the environment names them (docs/real-pulumi.md).</summary>
[Trait("Suite", "RealPulumi")]
public sealed class RealPulumiTests : PulumiScenarios
{
    private protected override Task<PulumiStage> StartAsync(int pairs, int cloneMs)
    {
        if (RealCloud.Missing() is { } why)
            Assert.Skip(why);
        return PulumiStage.StartAsync(RealCloud.Find(), pairs);
    }

    // The state has the old VM marked and the creation noted from the moment that the provider is asked for it.
    private protected override Task CloneIsUnderWayAsync(PulumiStage pulumi) => LabFixture.UntilAsync(() => Task.FromResult(pulumi.IsCreating("web-1")));
}
