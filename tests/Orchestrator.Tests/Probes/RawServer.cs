using System.Net;
using System.Net.Sockets;
using Refresh.Workflows.Fleets;

namespace Refresh.Orchestrator.Tests.Probes;

/// <summary>A TCP server that does as it is told with every connection, which need not be HTTP.</summary>
internal sealed class RawServer : IAsyncDisposable
{
    private readonly TcpListener listener = new(IPAddress.Loopback, 0);
    private readonly CancellationTokenSource stop = new();
    private readonly Task accepting;
    private int connections;

    public RawServer(Func<Stream, CancellationToken, Task> serve)
    {
        listener.Start();
        accepting = AcceptAsync(serve);
    }

    public Member Member => Members.At(((IPEndPoint)listener.LocalEndpoint).Port);

    public int Connections => Volatile.Read(ref connections);

    /// <summary>Reads a request to its empty line, answers, and closes.</summary>
    public static RawServer Answering(string answer) => new(async (stream, stopping) =>
    {
        await ReadRequestAsync(stream, stopping);
        await stream.WriteAsync(System.Text.Encoding.Latin1.GetBytes(answer), stopping);
    });

    /// <summary>Answers one request after the other on each connection, and never closes one.</summary>
    public static RawServer Keeping(string answer) => new(async (stream, stopping) =>
    {
        while (await ReadRequestAsync(stream, stopping))
            await stream.WriteAsync(System.Text.Encoding.Latin1.GetBytes(answer), stopping);
    });

    // False when the other end has closed.
    private static async Task<bool> ReadRequestAsync(Stream stream, CancellationToken stopping)
    {
        using var reader = new StreamReader(stream, leaveOpen: true);
        while (await reader.ReadLineAsync(stopping) is { } line)
            if (line.Length == 0)
                return true;
        return false;
    }

    public async ValueTask DisposeAsync()
    {
        await stop.CancelAsync();
        listener.Dispose();
        await accepting.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        stop.Dispose();
    }

    private async Task AcceptAsync(Func<Stream, CancellationToken, Task> serve)
    {
        while (true)
            _ = ServeAsync(await listener.AcceptTcpClientAsync(stop.Token), serve);
    }

    private async Task ServeAsync(TcpClient client, Func<Stream, CancellationToken, Task> serve)
    {
        using (client)
        {
            Interlocked.Increment(ref connections);
            try
            {
                await serve(client.GetStream(), stop.Token);
            }
            catch (Exception exception) when (exception is IOException or OperationCanceledException)
            {
                // The other end has had enough.
            }
        }
    }
}
