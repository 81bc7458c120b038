using System.Net;
using System.Net.Sockets;
using Refresh.Orchestrator.Commands;
using Refresh.Orchestrator.Tests.Lab;
using Xunit;

namespace Refresh.Orchestrator.Tests.Commands;

/// <summary>A fleet behind the embedded balancer: who only looks does not listen.</summary>
public sealed class YarpCommandTests(LabFixture lab) : IClassFixture<LabFixture>, IDisposable
{
    private readonly Cli _cli = new();
    private readonly TcpListener _port = new(IPAddress.Loopback, 0);

    [Theory]
    [InlineData(true, "Something listens on 127.0.0.1:")]
    [InlineData(false, "Nothing listens on 127.0.0.1:")]
    public async Task A_plan_and_the_doctor_look_from_outside_whoever_has_the_port(bool taken, string told)
    {
        _port.Start();
        await File.WriteAllTextAsync(_cli.At("fleet.yaml"), Fleet(((IPEndPoint)_port.LocalEndpoint).Port), TestContext.Current.CancellationToken);
        if (!taken)
            _port.Stop();
        foreach (var vm in lab.Facts.Vms)
            await lab.IdentityAsync(vm);

        var plan = (await _cli.RunAsync("plan", _cli.At("fleet.yaml"))).Ended(ExitCodes.Done);
        Assert.Contains(told, plan.Output, StringComparison.Ordinal);
        Assert.Contains("open requests", plan.Output, StringComparison.Ordinal);
        Assert.Contains("2 of 2 members are rebuilt", plan.Output, StringComparison.Ordinal);
        Assert.DoesNotContain("does not serve now", plan.Output, StringComparison.Ordinal);
        var json = (await _cli.RunAsync("plan", _cli.At("fleet.yaml"), "--json")).Ended(ExitCodes.Done).Json;
        Assert.StartsWith("The balancer is part of the process of a run.", json.GetProperty("unknown")[0].GetString(), StringComparison.Ordinal);
        var doctor = (await _cli.RunAsync("doctor", _cli.At("fleet.yaml"))).Ended(ExitCodes.Done);
        Assert.Contains(told, doctor.Output, StringComparison.Ordinal);
        Assert.False(File.Exists(_cli.At("rotation.json")));
    }

    public void Dispose()
    {
        _port.Dispose();
        _cli.Dispose();
    }

    private string Fleet(int port) => $$"""
        apiVersion: refresh/v1
        kind: Fleet
        name: lab
        image: web@1.1.0
        images: {{lab.Facts.Images}}
        balancer:
          yarp: { listen: "127.0.0.1:{{port}}", stateFile: rotation.json }
        probes:
          - http: { path: /health, timeout: 2s }
        provisioner:
          lab: { url: "{{lab.Facts.Api}}" }
        pairs:
          - name: web-1
            members:
        {{string.Join('\n', lab.Facts.Vms.Select(vm => $"      - {{ name: {vm.Name}, address: \"{vm.Host}:{vm.Port}\" }}"))}}

        """;
}
