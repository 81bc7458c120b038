using System.Net.Sockets;
using System.Text;

namespace Refresh.EndToEnd.Tests.Stage;

/// <summary>Looks at HAProxy's own table some twenty times a second, and shares nothing with the product.</summary>
internal sealed class RotationWatch : IAsyncDisposable
{
    private readonly string _socket;
    private readonly CancellationTokenSource _stop = new();
    private readonly List<Look> _looks = [];
    private readonly Task _watching;

    public RotationWatch(string socket)
    {
        _socket = socket;
        _watching = WatchAsync();
    }

    public IReadOnlyList<Look> Looks
    {
        get
        {
            lock (_looks)
                return [.. _looks];
        }
    }

    /// <summary>The looks at which both members of a pair got no new work.</summary>
    public IReadOnlyList<string> BothOut() =>
        [.. from look in Looks from pair in look.Pairs() where pair.All(server => !Look.In(server.Value)) select $"{look.At:HH:mm:ss.fff} {string.Join(", ", pair.Select(server => $"{server.Key} {server.Value}"))}"];

    /// <summary>Whether a server was ever out.</summary>
    public bool WasOut(string server) => Looks.Any(look => !Look.In(look.Status[server]));

    /// <summary>What HAProxy says of each server now.</summary>
    public Task<Look> NowAsync() => ReadAsync(_socket, CancellationToken.None);

    /// <summary>Gives HAProxy a command.</summary>
    public async Task<string> TellAsync(string command) => await AskAsync(_socket, command, CancellationToken.None);

    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        await _watching;
        _stop.Dispose();
    }

    private async Task WatchAsync()
    {
        while (!_stop.IsCancellationRequested)
        {
            try
            {
                var look = await ReadAsync(_socket, _stop.Token);
                lock (_looks)
                    _looks.Add(look);
            }
            catch (IOException)
            {
                // HAProxy is being started again.
            }
            catch (OperationCanceledException)
            {
                return;
            }

            await Task.Delay(50, _stop.Token).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    private static async Task<Look> ReadAsync(string socket, CancellationToken cancellation)
    {
        var answer = await AskAsync(socket, "show stat", cancellation);
        if (!answer.EndsWith("\n\n", StringComparison.Ordinal))
            throw new IOException("HAProxy ended within its answer.");
        var rows = answer.Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(line => line.Split(',')).ToList();
        var status = Array.IndexOf(rows[0], "status");
        return new(DateTimeOffset.UtcNow, rows.Where(row => row[0] == "web" && row[1] != "BACKEND").ToDictionary(row => row[1], row => row[status]));
    }

    private static async Task<string> AskAsync(string path, string command, CancellationToken cancellation)
    {
        using var socket = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
        try
        {
            await socket.ConnectAsync(new UnixDomainSocketEndPoint(path), cancellation);
            await socket.SendAsync(Encoding.ASCII.GetBytes(command + "\n"), cancellation);
            using var reader = new StreamReader(new NetworkStream(socket));
            return await reader.ReadToEndAsync(cancellation);
        }
        catch (SocketException e)
        {
            throw new IOException("HAProxy cannot be asked.", e);
        }
    }

    /// <summary>One look: the status of every server, in HAProxy's words.</summary>
    internal sealed record Look(DateTimeOffset At, IReadOnlyDictionary<string, string> Status)
    {
        /// <summary>Whether a server of this status gets new work.</summary>
        public static bool In(string status) => status.StartsWith("UP", StringComparison.Ordinal);

        public bool In(int pair, char member) => In(Status[$"web-{pair}-{member}"]);

        /// <summary>The servers by pair: their names differ in the last letter.</summary>
        public IEnumerable<IGrouping<string, KeyValuePair<string, string>>> Pairs() => Status.GroupBy(server => server.Key[..^2]);
    }
}
