using System.Text.Json;
using Refresh.Lab.Client;
using Refresh.Orchestrator.Commands;
using Refresh.Orchestrator.Tests.Commands;
using Refresh.Orchestrator.Tests.Lab;
using Xunit;

namespace Refresh.Orchestrator.Tests.Audits;

/// <summary>Audits of a fleet of real guests behind a real HAProxy.</summary>
public sealed class AuditCommandTests : IAsyncLifetime
{
    private readonly Cli _cli = new();
    private LabFixture _lab = null!;

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    private string Fleet => _cli.At("fleet.yaml");

    public async ValueTask InitializeAsync()
    {
        _lab = await LabFixture.StartAsync(options => options with { Balancer = Refresh.Lab.Cloud.BalancerChoice.HAProxy, Pairs = 2 });
        foreach (var vm in _lab.Facts.Vms)
            await _lab.IdentityAsync(vm);
        await File.WriteAllTextAsync(Fleet, FleetText(), Cancellation);
    }

    [Fact]
    public async Task An_audit_tells_what_every_member_runs_and_finds_the_dormant_the_unknown_and_the_unpatched()
    {
        await _lab.EndAsync(await _lab.Client.PowerAsync("web-1-a", PowerAction.Off, Cancellation));
        await File.WriteAllTextAsync(_cli.At("machines.csv"), $"name,host\nforgotten,10.9.9.9\nmine,{_lab.Facts.Vms[0].Host}\n", Cancellation);
        var said = (await _cli.RunAsync("audit", Fleet, "--inventory", _cli.At("machines.csv"), "--json", "--sarif", _cli.At("audit.sarif"), "--html", _cli.At("audit.html"))).Ended(ExitCodes.Failed);
        var members = said.Json.GetProperty("fleets")[0].GetProperty("members").EnumerateArray().ToDictionary(member => member.GetProperty("id").GetString()!);
        Assert.Equal("web@1.0.0", members["web-1/b"].GetProperty("image").GetString());
        Assert.True(members["web-1/b"].GetProperty("ageSeconds").GetDouble() > 0);
        Assert.Equal("Off", members["web-1/a"].GetProperty("power").GetString());
        var findings = said.Json.GetProperty("findings").EnumerateArray().Select(finding => $"{finding.GetProperty("rule").GetString()} {finding.GetProperty("subject").GetString()} {finding.GetProperty("risk").GetString()}").ToList();
        Assert.Contains("dormant web-1/a High", findings);
        Assert.Contains("machine-unknown forgotten High", findings);
        Assert.Contains("image-behind web-1/b Medium", findings);
        // The lab lists its own machines: web-2 is in no fleet.
        Assert.Contains("machine-unknown web-2-a High", findings);
        Assert.DoesNotContain(findings, finding => finding.Contains(" mine ", StringComparison.Ordinal));

        var sarif = JsonElement.Parse(await File.ReadAllTextAsync(_cli.At("audit.sarif"), Cancellation));
        Assert.Equal("2.1.0", sarif.GetProperty("version").GetString());
        Assert.Equal(findings.Count, sarif.GetProperty("runs")[0].GetProperty("results").GetArrayLength());
        Assert.Contains("forgotten", await File.ReadAllTextAsync(_cli.At("audit.html"), Cancellation), StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_difference_since_an_earlier_audit_is_told_and_the_level_that_fails_is_chosen()
    {
        var before = (await _cli.RunAsync("audit", Fleet, "--json", "--fail-on", "never")).Ended(ExitCodes.Done);
        await File.WriteAllTextAsync(_cli.At("before.json"), before.Output, Cancellation);
        await _lab.EndAsync(await _lab.Client.PowerAsync("web-1-b", PowerAction.Off, Cancellation));
        var said = (await _cli.RunAsync("audit", Fleet, "--since", _cli.At("before.json"), "--fail-on", "critical")).Ended(ExitCodes.Done);
        Assert.Matches(@"Since .*: [1-9] new, \d gone", said.Output);
        Assert.Contains("+ HIGH web-1/b: its VM is powered off", said.Output, StringComparison.Ordinal);
        Assert.DoesNotContain("+ MEDIUM web-1/a", said.Output, StringComparison.Ordinal);
        await File.WriteAllTextAsync(_cli.At("before.json"), before.Output[..200], Cancellation);
        (await _cli.RunAsync("audit", Fleet, "--since", _cli.At("before.json"))).Ended(ExitCodes.Invalid);
    }

    [Fact]
    public async Task All_fleet_files_of_a_directory_are_audited_and_one_with_mistakes_is_a_finding()
    {
        Directory.CreateDirectory(_cli.At("more"));
        await File.WriteAllTextAsync(_cli.At("more/bad.yaml"), "kind: Fleet\nname: Bad\n", Cancellation);
        await File.WriteAllTextAsync(_cli.At("more/other.yaml"), "kind: Pod\n", Cancellation);
        var said = (await _cli.RunAsync("audit", "--all", _cli.Folder, "--json", "--fail-on", "never")).Ended(ExitCodes.Done);
        Assert.Equal("lab", Assert.Single(said.Json.GetProperty("fleets").EnumerateArray()).GetProperty("fleet").GetString());
        Assert.Contains(said.Json.GetProperty("findings").EnumerateArray(), finding => finding.GetProperty("subject").GetString() == _cli.At("more/bad.yaml"));
        (await _cli.RunAsync("audit", _cli.At("more/bad.yaml"))).Ended(ExitCodes.Invalid);
    }

    [Fact]
    public async Task A_mistake_in_a_fleet_file_makes_no_member_unknown_and_nothing_gone_and_another_fleet_s_adapters_end_nothing()
    {
        await File.WriteAllTextAsync(_cli.At("machines.csv"), $"name,host\nmine,{_lab.Facts.Vms[0].Host}\nforgotten,10.9.9.9\n", Cancellation);
        var before = (await _cli.RunAsync("audit", "--all", _cli.Folder, "--inventory", _cli.At("machines.csv"), "--json", "--fail-on", "never")).Ended(ExitCodes.Done);
        await File.WriteAllTextAsync(_cli.At("before.json"), before.Output, Cancellation);
        await File.WriteAllTextAsync(Fleet, FleetText().Replace("pairs:", "pears:", StringComparison.Ordinal), Cancellation);
        await File.WriteAllTextAsync(_cli.At("tls.yaml"), FleetText().Replace("name: lab", "name: tls", StringComparison.Ordinal).Replace("path: /health,", "path: /health, tls: true, tlsCa: nowhere.pem,", StringComparison.Ordinal), Cancellation);
        var said = (await _cli.RunAsync("audit", "--all", _cli.Folder, "--inventory", _cli.At("machines.csv"), "--since", _cli.At("before.json"), "--json")).Ended(ExitCodes.Failed);
        var findings = said.Json.GetProperty("findings").EnumerateArray().Select(finding => $"{finding.GetProperty("rule").GetString()} {finding.GetProperty("subject").GetString()}").ToList();
        Assert.Contains($"unread {Fleet}", findings);
        Assert.Contains($"unread {_cli.At("tls.yaml")}", findings);
        Assert.Contains("unread machines", findings);
        Assert.DoesNotContain("machine-unknown mine", findings);
        Assert.Contains("machine-unknown forgotten", findings);
        Assert.Contains("image-behind web-1/a", findings);
        Assert.Empty(said.Json.GetProperty("since").GetProperty("gone").EnumerateArray());
        (await _cli.RunAsync("audit", _cli.At("tls.yaml"))).Ended(ExitCodes.Refused);
    }

    public async ValueTask DisposeAsync()
    {
        await _lab.DisposeAsync();
        _cli.Dispose();
    }

    private string FleetText() => $$"""
        apiVersion: refresh/v1
        kind: Fleet
        name: lab
        image: web@1.1.0
        images: {{_lab.Facts.Images}}
        balancer:
          haproxy: { sockets: ["unix:{{_lab.Facts.Balancers[0].Socket}}"], backend: {{_lab.Facts.Balancers[0].Backend}} }
        probes:
          - http: { path: /health, timeout: 2s }
        provisioner:
          lab: { url: "{{_lab.Facts.Api}}" }
        pairs:
          - name: web-1
            members:
        {{string.Join('\n', _lab.Facts.Vms.Where(vm => vm.Pair == "web-1").Select(vm => $"      - {{ name: {vm.Member}, address: \"{vm.Host}:{vm.Port}\", server: {vm.Name}, vm: {vm.Name} }}"))}}
        """;
}
