using System.Text.Json;
using Refresh.Orchestrator.Audits;
using Refresh.Workflows.Audit;
using Xunit;

namespace Refresh.Orchestrator.Tests.Audits;

public sealed class SarifAuditTests
{
    [Fact]
    public void Two_files_with_a_fleet_of_one_name_are_written_without_a_file_for_either()
    {
        var finding = new Finding("pair-down", Risk.Critical, "shop", "web-1", "no member of it serves", "look");
        var sarif = JsonElement.Parse(SarifAudit.Render(new AuditDocument(
            AuditDocument.Name, DateTimeOffset.UnixEpoch, 1, 1,
            [new AuditedFleet("shop", "a.yaml", null, []), new AuditedFleet("shop", "b.yaml", null, []), new AuditedFleet("api", "api.yaml", null, [])],
            [finding, finding with { Fleet = "api" }],
            null)));
        var results = sarif.GetProperty("runs")[0].GetProperty("results");
        Assert.False(results[0].GetProperty("locations")[0].TryGetProperty("physicalLocation", out _));
        Assert.EndsWith("/api.yaml", results[1].GetProperty("locations")[0].GetProperty("physicalLocation").GetProperty("artifactLocation").GetProperty("uri").GetString(), StringComparison.Ordinal);
    }
}
