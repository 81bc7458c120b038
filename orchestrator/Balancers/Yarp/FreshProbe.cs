using Yarp.ReverseProxy.Health;
using Yarp.ReverseProxy.Model;

namespace Refresh.Orchestrator.Balancers.Yarp;

/// <summary>A probe on a connection of its own: it proves that the member takes new ones, and leaves none behind.</summary>
internal sealed class FreshProbe : IProbingRequestFactory
{
    /// <inheritdoc />
    public HttpRequestMessage CreateRequest(ClusterModel cluster, DestinationModel destination) =>
        new(HttpMethod.Get, new Uri(new Uri(destination.Config.Address), cluster.Config.HealthCheck?.Active?.Path)) { Headers = { ConnectionClose = true } };
}
