using System.Net.Sockets;
using System.Text;
using Xunit;

namespace Refresh.Orchestrator.Tests.Serving;

/// <summary>What systemd is told, on a real datagram socket.</summary>
public sealed class SystemdTests : IDisposable
{
    private readonly ServeProcess _serve = new();

    public void Dispose() => _serve.Dispose();

    [Fact]
    public async Task It_says_that_it_is_ready_then_that_it_lives_and_at_the_end_that_it_stops()
    {
        using var socket = new Socket(AddressFamily.Unix, SocketType.Dgram, ProtocolType.Unspecified);
        socket.Bind(new UnixDomainSocketEndPoint(_serve.At("notify")));
        _serve.Environment["NOTIFY_SOCKET"] = _serve.At("notify");
        _serve.Environment["WATCHDOG_USEC"] = "600000";
        await _serve.StartAsync();
        await HearAsync(socket, "READY=1");
        await HearAsync(socket, "WATCHDOG=1");
        await HearAsync(socket, "WATCHDOG=1");
        await _serve.SignalAsync("TERM");
        await HearAsync(socket, "STOPPING=1");
        Assert.Equal(0, await _serve.EndAsync());
    }

    private static async Task HearAsync(Socket socket, string what)
    {
        using var bound = CancellationTokenSource.CreateLinkedTokenSource(TestContext.Current.CancellationToken);
        bound.CancelAfter(TimeSpan.FromSeconds(60));
        var buffer = new byte[4096];
        while (true)
        {
            var length = await socket.ReceiveAsync(buffer, bound.Token);
            if (Encoding.UTF8.GetString(buffer, 0, length).Split('\n').Contains(what))
                return;
        }
    }
}
