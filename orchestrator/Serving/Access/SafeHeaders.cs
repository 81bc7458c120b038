using Microsoft.AspNetCore.Http;

namespace Refresh.Orchestrator.Serving.Access;

/// <summary>Headers that keep a browser from doing more with an answer than it should (reference: durability, "Service hygiene").</summary>
internal sealed class SafeHeaders(RequestDelegate next)
{
    public Task InvokeAsync(HttpContext http)
    {
        var headers = http.Response.Headers;
        headers.XContentTypeOptions = "nosniff";
        headers["Referrer-Policy"] = "no-referrer";
        headers.ContentSecurityPolicy = "default-src 'none'; object-src 'none'; base-uri 'none'; frame-ancestors 'none'";
        return next(http);
    }
}
