using System.Net;
using System.Net.Sockets;
using Refresh.Workflows.Fleets;

namespace Refresh.Orchestrator.Tests.Probes;

internal static class Members
{
    public static Member At(int port, string host = "127.0.0.1") => new(new MemberId("web-1", "a"), new Endpoint(host, port));

    /// <summary>A port that nobody listens on: bound for a moment and given back.</summary>
    public static int ClosedPort()
    {
        using var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        socket.Bind(new IPEndPoint(IPAddress.Loopback, 0));
        return ((IPEndPoint)socket.LocalEndPoint!).Port;
    }
}
