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
        _clients.GetOrAdd(request.RequestUri!.Authority, _ => Connect()).SendAsync(request, cancellationToken);

    /// <inheritdoc />
    protected override void Dispose(bool disposing)
    {
        foreach (var client in _clients.Values)
            client.Dispose();
        base.Dispose(disposing);
    }

    /// <summary>As YARP makes them: a proxy follows, unpacks and remembers nothing.</summary>
    private static HttpMessageInvoker Connect() => new(new SocketsHttpHandler
    {
        UseProxy = false,
        AllowAutoRedirect = false,
        AutomaticDecompression = DecompressionMethods.None,
        UseCookies = false,
        EnableMultipleHttp2Connections = true,
        ActivityHeadersPropagator = new ReverseProxyPropagator(DistributedContextPropagator.Current),
        ConnectTimeout = TimeSpan.FromSeconds(5),
    });
}
