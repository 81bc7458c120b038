using Refresh.Orchestrator.Balancers.HAProxy;
using Refresh.Orchestrator.Settings;
using Refresh.Workflows.Fleets;
using Refresh.Workflows.Ports;

namespace Refresh.Orchestrator.Tests.Balancers;

public sealed class HAProxyOverUnixSocketTests() : HAProxyCompliance(1, HAProxyDrain.State, node => node.Socket);

public sealed class HAProxyOverTcpTests() : HAProxyCompliance(1, HAProxyDrain.State, node => node.TcpSocket);

public sealed class HAProxyOnTwoNodesTests() : HAProxyCompliance(2, HAProxyDrain.State, node => node.Socket);

public sealed class HAProxyByWeightTests() : HAProxyCompliance(1, HAProxyDrain.Weight, node => node.Socket);

public sealed class HAProxyWithMasterTests() : HAProxyCompliance(1, HAProxyDrain.State, node => node.Socket, master: true);

/// <summary>The compliance suite with real HAProxy processes.</summary>
public abstract class HAProxyCompliance : TrafficCompliance
{
    private readonly int _count;
    private readonly HAProxyDrain _drain;
    private readonly Func<HAProxyProcess, string> _socket;
    private readonly bool _master;
    private readonly List<HAProxyProcess> _nodes = [];

    private protected HAProxyCompliance(int nodes, HAProxyDrain drain, Func<HAProxyProcess, string> socket, bool master = false) =>
        (_count, _drain, _socket, _master) = (nodes, drain, socket, master);

    protected override IReadOnlyList<Uri> Sites => [.. _nodes.Select(node => node.Site)];

    protected override async Task<ILoadBalancer> StartAsync(IReadOnlyList<Member> members, CancellationToken cancellation)
    {
        while (_nodes.Count < _count)
            _nodes.Add(await HAProxyProcess.StartAsync([.. members.Select(member => (member.Id.Name, member.Address))], master: _master));
        var settings = new HAProxySettings(
            [.. _nodes.Select(node => new HAProxySockets(_socket(node), node.MasterSocket))],
            members.ToDictionary(member => member.Id, member => new HAProxyServer("site", member.Id.Name)),
            _drain,
            [],
            TimeSpan.Zero,
            TimeSpan.FromSeconds(5));
        return new HAProxyBalancer(settings, TimeProvider.System);
    }

    protected override async Task StopAsync()
    {
        foreach (var node in _nodes)
            await node.DisposeAsync();
    }
}
