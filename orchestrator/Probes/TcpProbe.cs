using System.Net.Sockets;
using Refresh.Orchestrator.Settings;
using Refresh.Workflows.Fleets;

namespace Refresh.Orchestrator.Probes;

/// <summary>Asks whether a TCP connection is accepted.</summary>
internal sealed class TcpProbe(TcpProbeSettings settings, TimeProvider time) : TimedProbe(settings.Timeout, time)
{
    protected override string Question(Member member) => $"TCP {Address(member)}";

    protected override async Task<Verdict> AskAsync(Member member, CancellationToken cancellation)
    {
        using var socket = new Socket(SocketType.Stream, ProtocolType.Tcp);
        await socket.ConnectAsync(Address(member).Host, Address(member).Port, cancellation);
        return new Verdict(true, "connection accepted");
    }

    private Endpoint Address(Member member) => member.Address with { Port = settings.Port ?? member.Address.Port };
}
