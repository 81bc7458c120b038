using System.Collections.Concurrent;
using System.Globalization;
using System.Net.Sockets;
using System.Text;

namespace Refresh.Lab.Load;

/// <summary>Sends single requests over kept connections, each once, and tells the tally what came of it.</summary>
internal sealed class LoadClient(LoadOptions options, LoadTally tally, TimeProvider time) : IDisposable
{
    private readonly ConcurrentStack<LoadConnection> _idle = new();
    private long _number;

    public async Task AskAsync(CancellationToken cancellation)
    {
        var number = Interlocked.Increment(ref _number);
        var (isLong, isPost) = (Falls(number, options.LongShare), Falls(number + 3, options.PostShare));
        var id = string.Create(CultureInfo.InvariantCulture, $"request-{number}.");
        var phase = tally.Begin();
        var began = time.GetTimestamp();
        var failure = await SendAsync(Request(isLong, isPost, id), id, cancellation);
        tally.End(phase, isLong, time.GetElapsedTime(began), failure is null ? null : $"{(isPost ? "POST" : "GET")} {(isLong ? "long" : "short")}: {failure}");
    }

    public void Dispose()
    {
        while (_idle.TryPop(out var connection))
            connection.Dispose();
    }

    private async Task<string?> SendAsync(byte[] request, string id, CancellationToken cancellation)
    {
        using var bound = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        bound.CancelAfter(options.Timeout);
        LoadConnection? connection = null;
        try
        {
            connection = await TakeAsync(bound.Token);
            return await connection.AskAsync(request, id, bound.Token);
        }
        catch (SocketException e)
        {
            return e.Message;
        }
        catch (OperationCanceledException)
        {
            return cancellation.IsCancellationRequested ? "unanswered when the load ended" : $"no answer in {options.Timeout.TotalSeconds:0.#} s";
        }
        finally
        {
            if (connection is { Usable: true })
                _idle.Push(connection);
            else
                connection?.Dispose();
        }
    }

    private async Task<LoadConnection> TakeAsync(CancellationToken cancellation)
    {
        while (_idle.TryPop(out var kept))
        {
            if (!kept.ClosedByServer)
                return kept;
            kept.Dispose();
        }
        var connection = new LoadConnection();
        try
        {
            await connection.ConnectAsync(options.Url.Host, options.Url.Port, cancellation);
            return connection;
        }
        catch
        {
            connection.Dispose();
            throw;
        }
    }

    // Spreads a share evenly: 2 % is each 50th request.
    private static bool Falls(long number, int percent) => number * percent % 100 < percent;

    private byte[] Request(bool isLong, bool isPost, string id)
    {
        var path = isLong ? $"/slow?ms={options.LongMs}" : "/?";
        return Encoding.ASCII.GetBytes(isPost
            ? $"POST {path} HTTP/1.1\r\nHost: {options.Url.Authority}\r\nContent-Type: text/plain\r\nContent-Length: {id.Length}\r\n\r\n{id}"
            : $"GET {path}&id={id} HTTP/1.1\r\nHost: {options.Url.Authority}\r\n\r\n");
    }
}
