namespace Refresh.Orchestrator.Tests.Provisioners.Pulumi;

public sealed class PulumiComplianceTests : ProvisionerCompliance
{
    protected override async Task<ProvisionerWorld> CreateAsync() => await PulumiWorld.StartAsync();
}
