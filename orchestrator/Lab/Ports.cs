using System.Net;
using System.Net.Sockets;

namespace Refresh.Lab;

/// <summary>Looking at addresses.</summary>
internal static class Ports
{
    public static async Task<bool> AcceptsAsync(string host, int port, CancellationToken cancellation)
    {
        using var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        try
        {
            await socket.ConnectAsync(IPAddress.Parse(host), port, cancellation);
            return true;
        }
        catch (SocketException)
        {
            return false;
        }
    }

    public static bool IsFree(string host, int port)
    {
        using var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        try
        {
            socket.Bind(new IPEndPoint(IPAddress.Parse(host), port));
            return true;
        }
        catch (SocketException)
        {
            return false;
        }
    }
}
