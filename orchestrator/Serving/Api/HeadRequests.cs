using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;

namespace Refresh.Orchestrator.Serving.Api;

/// <summary>Answers HEAD as GET, without the body. A stream, which has no end, is asked for as a page.</summary>
internal sealed class HeadRequests(RequestDelegate next)
{
    /// <summary>Passes a request on.</summary>
    public async Task InvokeAsync(HttpContext http)
    {
        if (!HttpMethods.IsHead(http.Request.Method))
        {
            await next(http);
            return;
        }

        var body = http.Features.GetRequiredFeature<IHttpResponseBodyFeature>();
        http.Features.Set<IHttpResponseBodyFeature>(new StreamResponseBodyFeature(Stream.Null));
        http.Request.Method = HttpMethods.Get;
        http.Request.Headers.Accept = default;
        try
        {
            await next(http);
        }
        finally
        {
            http.Request.Method = HttpMethods.Head;
            http.Features.Set(body);
        }
    }
}
