using Refresh.Lab.Client;
using Refresh.Orchestrator.Audits;
using Refresh.Orchestrator.Tests.Lab;
using Refresh.Orchestrator.Tests.Serving.Chat;
using Refresh.Workflows.Audit;
using Xunit;

namespace Refresh.Orchestrator.Tests.Serving;

public sealed class AuditScheduleTests
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task What_has_changed_since_the_last_audit_is_told_and_one_that_was_missed_is_made_up_for()
    {
        await using var sink = await Sink.StartAsync();
        await using var served = await ServedLab.StartAsync(settings: [("audit:at", "0 0 * * *"), ("notifications:ops:to", "cloudevents"), ("notifications:ops:url", sink.Address.ToString())]);
        var file = Path.Combine(served.Service.Folder, "audit.json");
        Assert.False(File.Exists(file));
        await served.Service.StopAsync();
        var gone = new Finding("pair-down", Risk.Critical, "lab", "web-1", "no member of it serves", "look");
        var before = new AuditDocument(AuditDocument.Name, DateTimeOffset.UtcNow.AddDays(-2), 1, 1, [], [gone], null);
        await File.WriteAllTextAsync(file, before.Write(), Cancellation);
        await served.Lab.EndAsync(await served.Lab.Client.PowerAsync("web-1-a", PowerAction.Off, Cancellation));

        await served.Service.StartAsync();
        var told = await sink.NextAsync(received => received.Headers.GetValueOrDefault("ce-type") == "refresh.audit.changed" && received.Json.GetProperty("fleet").GetString() == "lab");
        var text = told.Json.GetProperty("text").GetString()!;
        Assert.Contains("+ HIGH web-1/a: its VM is powered off", text, StringComparison.Ordinal);
        Assert.Contains("- web-1: no member of it serves (pair-down)", text, StringComparison.Ordinal);
        await LabFixture.UntilAsync(async () => AuditDocument.Read(await File.ReadAllTextAsync(file, Cancellation)).Findings.Any(finding => finding.Rule == "dormant"));
    }
}
