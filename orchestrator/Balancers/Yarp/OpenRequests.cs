using System.Collections.Concurrent;
using Microsoft.AspNetCore.Http;

namespace Refresh.Orchestrator.Balancers.Yarp;

/// <summary>The requests that are being forwarded, so that those to one member can be cut.</summary>
internal sealed class OpenRequests
{
    private readonly ConcurrentDictionary<HttpContext, string> _open = new();

    /// <summary>A step of YARP's pipeline, after a destination was picked.</summary>
    /// <param name="context">The request.</param>
    /// <param name="next">The rest of the pipeline.</param>
    public async Task ForwardAsync(HttpContext context, RequestDelegate next)
    {
        if (context.GetReverseProxyFeature().AvailableDestinations is [var picked])
            _open[context] = picked.DestinationId;
        try
        {
            await next(context);
        }
        finally
        {
            _open.TryRemove(context, out _);
        }
    }

    /// <summary>Cuts all requests to a member.</summary>
    /// <param name="member">Its name.</param>
    public void Cut(string member)
    {
        foreach (var (context, _) in _open.Where(request => request.Value == member))
            context.Abort();
    }
}
