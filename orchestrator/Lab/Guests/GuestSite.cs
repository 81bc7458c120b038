using System.Globalization;
using System.Net.Mime;
using System.Text.Json;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;

namespace Refresh.Lab.Guests;

/// <summary>
/// What a guest serves: its health, its identity, and a site. <c>?ms=</c> makes an answer take time, <c>?id=</c> ends it
/// with that text, and a POST ends it with its own body, so that a client can tell a whole answer from a broken one.
/// </summary>
internal sealed class GuestSite(string disk, GuestIdentity identity, GuestLife life) : IHttpApplication<HttpContext>
{
    private const int MaxDelayMs = 60_000;
    private readonly string _page = File.ReadAllText(Path.Combine(disk, GuestDisk.Image, "disk", "site", "index.html"));

    public HttpContext CreateContext(IFeatureCollection contextFeatures) => new DefaultHttpContext(contextFeatures);

    public void DisposeContext(HttpContext context, Exception? exception)
    {
    }

    public async Task ProcessRequestAsync(HttpContext context)
    {
        var ms = int.TryParse(context.Request.Query["ms"], NumberStyles.None, CultureInfo.InvariantCulture, out var asked) ? Math.Min(asked, MaxDelayMs) : 0;
        await life.DelayAsync(ms, context.RequestAborted);
        await (context.Request.Path.Value switch
        {
            "/health" => HealthAsync(context),
            "/identity" => IdentityAsync(context),
            "/" or "/slow" => PageAsync(context),
            _ => WriteAsync(context, StatusCodes.Status404NotFound, MediaTypeNames.Text.Plain, "There is nothing here.\n"),
        });
    }

    private Task HealthAsync(HttpContext context) =>
        life.Healthy
            ? WriteAsync(context, StatusCodes.Status200OK, MediaTypeNames.Application.Json, """{"status":"healthy"}""")
            : WriteAsync(context, StatusCodes.Status503ServiceUnavailable, MediaTypeNames.Application.Json, """{"status":"sick"}""");

    private Task IdentityAsync(HttpContext context) =>
        WriteAsync(context, StatusCodes.Status200OK, MediaTypeNames.Application.Json, JsonSerializer.Serialize(identity, LabJson.Default.GuestIdentity));

    private async Task PageAsync(HttpContext context)
    {
        using var body = new StreamReader(context.Request.Body);
        var posted = HttpMethods.IsPost(context.Request.Method) ? await body.ReadToEndAsync(context.RequestAborted) : string.Empty;
        await WriteAsync(context, StatusCodes.Status200OK, MediaTypeNames.Text.Html, _page + context.Request.Query["id"] + posted);
    }

    private static Task WriteAsync(HttpContext context, int status, string type, string text)
    {
        context.Response.StatusCode = status;
        context.Response.ContentType = type;
        context.Response.ContentLength = System.Text.Encoding.UTF8.GetByteCount(text);
        return context.Response.WriteAsync(text);
    }
}
