using System.Text.Json;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using OpenTelemetry.Exporter;
using OpenTelemetry.Resources;
using OpenTelemetry.Trace;
using Refresh.Orchestrator.Documents;
using Refresh.Orchestrator.Engine;
using Refresh.Orchestrator.Serving.Configuration;
using Refresh.Orchestrator.Serving.Secrets;

namespace Refresh.Orchestrator.Serving.Operations;

/// <summary>Health, metrics and traces. They tell nothing that a token guards, and need none.</summary>
internal static class OperationServices
{
    public static IServiceCollection AddOperations(this IServiceCollection services, ServeSettings settings)
    {
        services
            .AddMetrics()
            .AddSingleton<Readiness>()
            .AddSingleton<RunMetrics>()
            .AddSingleton<IRunWatcher>(provider => provider.GetRequiredService<RunMetrics>())
            .AddSingleton<IRunWatcher, StepWatch>()
            .AddHostedService<Watchdog>();
        if (settings.Telemetry.Otlp is { } endpoint)
            services.AddOpenTelemetry()
                .ConfigureResource(resource => resource.AddService("refresh"))
                .WithTracing(tracing => tracing.AddSource(StepWatch.SourceName).AddOtlpExporter(otlp =>
                {
                    // Told in code, the whole address is wanted.
                    otlp.Endpoint = settings.Telemetry.Protocol == "grpc" || endpoint.AbsolutePath != "/" ? endpoint : new Uri(endpoint, "v1/traces");
                    otlp.Protocol = settings.Telemetry.Protocol == "grpc" ? OtlpExportProtocol.Grpc : OtlpExportProtocol.HttpProtobuf;
                }));
        return services;
    }

    public static void MapOperations(this IEndpointRouteBuilder app)
    {
        app.MapGet("/livez", () => Results.Text("alive\n")).ExcludeFromDescription().DisableRateLimiting();
        app.MapGet("/readyz", ReadyAsync).ExcludeFromDescription().DisableRateLimiting();
        app.MapGet("/metrics", async (HttpContext http, RunMetrics metrics) =>
        {
            http.Response.ContentType = "text/plain; version=0.0.4; charset=utf-8";
            await metrics.Registry.CollectAndExportAsTextAsync(http.Response.Body, http.RequestAborted);
        }).ExcludeFromDescription().DisableRateLimiting();
    }

    private static async Task ReadyAsync(HttpContext http, Readiness readiness, Redaction redaction)
    {
        var ready = await readiness.LookAsync(http.RequestAborted);
        http.Response.StatusCode = ready.Ready ? StatusCodes.Status200OK : StatusCodes.Status503ServiceUnavailable;
        http.Response.ContentType = "application/json; charset=utf-8";
        await http.Response.WriteAsync(redaction.Clean(JsonSerializer.Serialize(ready, DocumentJson.Options)), http.RequestAborted);
    }
}
