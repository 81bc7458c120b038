using System.Collections.Concurrent;
using System.Diagnostics;
using System.Net;
using Yarp.ReverseProxy.Forwarder;

namespace Refresh.Orchestrator.Balancers.Yarp;

/// <summary>
/// Keeps the connections to each address apart, so that those to one can be dropped: when a VM vanishes and another
/// takes its address, requests on the connections of the first would fail (reference/load-balancers.md, "YARP, embedded").
/// </summary>
internal sealed class MemberConnections : HttpMessageHandler, IForwarderHttpClientFactory
{
    private readonly ConcurrentDictionary<string, HttpMessageInvoker> _clients = new(StringComparer.OrdinalIgnoreCase);
    private readonly HttpMessageInvoker _once = Connect(TimeSpan.Zero);

    /// <summary>Drops the idle connections to an address; requests on busy ones are finished, and the connection is closed then.</summary>
    /// <param name="authority">The address, <c>host:port</c>.</param>
    public void Drop(string authority)
    {
        if (_clients.TryRemove(authority, out var client))
            client.Dispose();
    }

    /// <inheritdoc />
    public HttpMessageInvoker CreateClient(ForwarderHttpClientContext context) => new(this, disposeHandler: false);

    /// <inheritdoc />
    protected override Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken) =>
        // Only a probe asks for this: YARP forwards no Connection header.
        (request.Headers.ConnectionClose == true ? _once : _clients.GetOrAdd(request.RequestUri!.Authority, _ => Connect(Timeout.InfiniteTimeSpan)))
            .SendAsync(request, cancellationToken);

    /// <inheritdoc />
    protected override void Dispose(bool disposing)
    {
        foreach (var client in _clients.Values)
            client.Dispose();
        _once.Dispose();
        base.Dispose(disposing);
    }

    /// <summary>As YARP makes them: a proxy follows, unpacks and remembers nothing.</summary>
    /// <param name="lifetime">How long a connection is used again; zero for once.</param>
    private static HttpMessageInvoker Connect(TimeSpan lifetime) => new(new SocketsHttpHandler
    {
        PooledConnectionLifetime = lifetime,
        UseProxy = false,
        AllowAutoRedirect = false,
        AutomaticDecompression = DecompressionMethods.None,
        UseCookies = false,
        EnableMultipleHttp2Connections = true,
        ActivityHeadersPropagator = new ReverseProxyPropagator(DistributedContextPropagator.Current),
        ConnectTimeout = TimeSpan.FromSeconds(5),
    });
}
