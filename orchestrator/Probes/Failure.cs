using System.ComponentModel;
using System.Net.Sockets;
using System.Security.Authentication;
using Grpc.Core;

namespace Refresh.Orchestrator.Probes;

/// <summary>Says in plain words why a member could not be asked.</summary>
internal static class Failure
{
    /// <summary>The words for a failure of the network or of starting a program; null for anything else, which is a defect and not a verdict.</summary>
    public static string? Explain(Exception exception) => exception switch
    {
        SocketException socket => Explain(socket),
        AuthenticationException tls => $"TLS: {tls.InnerException?.Message ?? tls.Message}",
        RpcException { Status.DebugException: { } cause } when Explain(cause) is { } words => words,
        RpcException rpc => $"{rpc.StatusCode}: {Excerpt.Of(rpc.Status.Detail)}",
        HttpRequestException or IOException when exception.InnerException is { } cause && Explain(cause) is { } words => words,
        HttpRequestException http => Explain(http.HttpRequestError) ?? http.Message,
        HttpIOException http => Explain(http.HttpRequestError) ?? http.Message,
        IOException or Win32Exception => exception.Message,
        _ => null,
    };

    private static string Explain(SocketException socket) => socket.SocketErrorCode switch
    {
        SocketError.ConnectionRefused => "connection refused",
        SocketError.ConnectionReset => "connection reset",
        SocketError.HostNotFound or SocketError.NoData or SocketError.TryAgain => "host name not known",
        SocketError.HostUnreachable or SocketError.NetworkUnreachable => "no route to the host",
        SocketError.TimedOut => "connection timed out",
        _ => socket.Message,
    };

    private static string? Explain(HttpRequestError error) => error switch
    {
        HttpRequestError.ResponseEnded => "connection closed before the answer was whole",
        HttpRequestError.InvalidResponse => "the answer is not HTTP",
        HttpRequestError.ConfigurationLimitExceeded => $"the headers of the answer exceed {Connections.MaxHeaderKilobytes} KiB",
        _ => null,
    };
}
