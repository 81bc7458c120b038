using System.Diagnostics.CodeAnalysis;
using System.Net;
using System.Net.Sockets;
using System.Text;
using Polly;
using Polly.Retry;
using Refresh.Workflows.Ports;
using Refresh.Workflows.Reasons;

namespace Refresh.Orchestrator.Balancers.HAProxy;

/// <summary>The Runtime API socket of one HAProxy process: one line out, the answer up to the end of the stream back.</summary>
[SuppressMessage("Design", "CA1001", Justification = "A semaphore whose wait handle is never asked for holds nothing to give back.")]
internal sealed class RuntimeSocket
{
    /// <summary>The longest answer that is read, in bytes: far above a state table of ten thousand servers.</summary>
    private const int MaxAnswer = 64 * 1024 * 1024;

    /// <summary>HAProxy's stats socket takes ten connections and refuses more than it can queue; others want to use it too.</summary>
    private const int MaxConnections = 4;

    private readonly SemaphoreSlim _places = new(MaxConnections, MaxConnections);
    private readonly EndPoint _endpoint;
    private readonly TimeSpan _timeout;
    private readonly TimeProvider _clock;
    private readonly ResiliencePipeline _retries;

    /// <summary>Creates the socket; connects to nothing.</summary>
    /// <param name="name"><c>unix:/path</c> or <c>tcp:host:port</c>.</param>
    /// <param name="timeout">How long one exchange may take, its retries included; waiting for a place is not counted.</param>
    /// <param name="clock">The clock.</param>
    /// <exception cref="FormatException">The name is neither.</exception>
    public RuntimeSocket(string name, TimeSpan timeout, TimeProvider clock)
    {
        Name = name;
        _endpoint = Parse(name);
        _timeout = timeout;
        _clock = clock;
        // Every command sets a state and is read back, so that giving one twice does no harm.
        _retries = new ResiliencePipelineBuilder { TimeProvider = clock }
            .AddRetry(new RetryStrategyOptions
            {
                ShouldHandle = new PredicateBuilder().Handle<SocketException>(),
                MaxRetryAttempts = 2,
                Delay = TimeSpan.FromMilliseconds(100),
            })
            .Build();
    }

    /// <summary>The socket as the fleet file writes it: the name of the node.</summary>
    public string Name { get; }

    /// <summary>Sends a line and reads its answer.</summary>
    /// <param name="line">The line, without its end.</param>
    /// <param name="cancellation">Ends the exchange.</param>
    /// <returns>The whole answer.</returns>
    /// <exception cref="AdapterException">The process cannot be reached, or does not answer in time.</exception>
    public async Task<string> SendAsync(string line, CancellationToken cancellation)
    {
        await _places.WaitAsync(cancellation);
        using var timer = new CancellationTokenSource(_timeout, _clock);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(timer.Token, cancellation);
        try
        {
            return await _retries.ExecuteAsync(async token => await ExchangeAsync(line, token), either.Token);
        }
        catch (OperationCanceledException e) when (!cancellation.IsCancellationRequested)
        {
            throw new AdapterException(
                new Reason(
                    "balancer-timeout",
                    $"HAProxy at {Name} took the connection but did not answer within {_timeout.TotalSeconds:0.###} s.",
                    "look whether the process hangs and whether this is a worker's stats socket (a master socket does not close its answers), then try again"),
                e);
        }
        catch (SocketException e)
        {
            throw new AdapterException(Unreachable(e), e);
        }
        finally
        {
            _places.Release();
        }
    }

    private Reason Unreachable(SocketException e)
    {
        // For a path that is not there the system says that the address cannot be assigned.
        var (why, endsWhen) = (_endpoint, e.SocketErrorCode) switch
        {
            (UnixDomainSocketEndPoint, SocketError.AddressNotAvailable) => ("there is no such socket", "start HAProxy, or correct the path to what its 'stats socket' line names"),
            (UnixDomainSocketEndPoint, SocketError.ConnectionRefused) => ("the socket is there, and no process listens on it", "start HAProxy"),
            (UnixDomainSocketEndPoint, SocketError.AccessDenied) => ("this user may not open the socket", "run as a user that may, or give the 'stats socket' line a 'group' and 'mode 660'"),
            (_, SocketError.ConnectionRefused) => ("no process listens there", "start HAProxy, or correct the address to what its 'stats socket' line names"),
            (_, SocketError.HostNotFound or SocketError.NoData or SocketError.TryAgain) => ("the host name is not known", "correct the host name"),
            _ => (e.Message.TrimEnd('.'), "look whether HAProxy runs and whether its 'stats socket' line names this socket"),
        };
        return new Reason("balancer-unreachable", $"HAProxy at {Name} cannot be reached: {why}.", $"{endsWhen}, then try again");
    }

    private async Task<string> ExchangeAsync(string line, CancellationToken cancellation)
    {
        using var socket = _endpoint is UnixDomainSocketEndPoint
            ? new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified)
            : new Socket(SocketType.Stream, ProtocolType.Tcp);
        await socket.ConnectAsync(_endpoint, cancellation);
        await socket.SendAsync(Encoding.UTF8.GetBytes(line + "\n"), cancellation);
        using var answer = new MemoryStream();
        var buffer = new byte[16 * 1024];
        while (await socket.ReceiveAsync(buffer, cancellation) is > 0 and var read && answer.Length < MaxAnswer)
            answer.Write(buffer, 0, read);
        return Encoding.UTF8.GetString(answer.GetBuffer(), 0, (int)answer.Length);
    }

    private static EndPoint Parse(string name)
    {
        if (name.StartsWith("unix:/", StringComparison.Ordinal))
            return new UnixDomainSocketEndPoint(name["unix:".Length..]);
        if (name.StartsWith("tcp:", StringComparison.Ordinal))
        {
            var endpoint = Workflows.Fleets.Endpoint.Parse(name["tcp:".Length..]);
            return IPAddress.TryParse(endpoint.Host, out var address)
                ? new IPEndPoint(address, endpoint.Port)
                : new DnsEndPoint(endpoint.Host, endpoint.Port);
        }

        throw new FormatException($"'{name}' is not a socket of HAProxy: write unix:/path or tcp:host:port.");
    }
}
