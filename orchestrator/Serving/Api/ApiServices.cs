using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http.Json;
using Microsoft.AspNetCore.HttpOverrides;
using Microsoft.AspNetCore.RateLimiting;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;
using Refresh.Orchestrator.Documents;
using Refresh.Orchestrator.Engine;
using Refresh.Orchestrator.Serving.Access;
using Refresh.Orchestrator.Serving.Chat.Hooks;
using Refresh.Orchestrator.Serving.Configuration;
using Refresh.Orchestrator.Serving.Events;
using Refresh.Orchestrator.Serving.Operations;

namespace Refresh.Orchestrator.Serving.Api;

/// <summary>The HTTP API: what it is made of, and the order in which a request passes.</summary>
internal static class ApiServices
{
    /// <summary>How many proxies may stand one behind the other.</summary>
    private const int MostProxies = 8;

    public static IServiceCollection AddApi(this IServiceCollection services)
    {
        services.AddDescription().AddRouting().AddSingleton<TokenDesk>().AddSingleton<Acts>().AddSingleton<RunBook>().AddSingleton<RunDesk>();
        services.AddSingleton<RunFeeds>().AddSingleton<IRunWatcher>(provider => provider.GetRequiredService<RunFeeds>()).AddSingleton<EventStream>();
        services.Configure<JsonOptions>(json =>
        {
            foreach (var converter in DocumentJson.Options.Converters)
                json.SerializerOptions.Converters.Add(converter);
        });
        services.AddRateLimiter(_ => { }).AddSingleton<RateLimits>().AddSingleton<IConfigureOptions<RateLimiterOptions>>(provider => new ConfigureOptions<RateLimiterOptions>(
            provider.GetRequiredService<RateLimits>().Configure));
        return services;
    }

    public static void UseApi(this WebApplication app)
    {
        app.UseMiddleware<HeadRequests>();
        Believe(app, app.Services.GetRequiredService<ServeSettings>().TrustedProxies);
        app.UseMiddleware<Problems>();
        app.UseMiddleware<SafeHeaders>();
        app.UseRouting();
        app.UseRateLimiter();
        app.UseMiddleware<TokenGate>();
        var api = app.MapGroup("/v1");
        api.MapFleets();
        api.MapLooks();
        api.MapCatalogues();
        api.MapRuns();
        api.MapEvidence();
        api.MapRecords();
        HookEndpoint.Map(app);
        app.MapOperations();
        app.MapDescription();
    }

    // Whom a proxy calls for is read from the end of X-Forwarded-For, as far as trusted proxies wrote it.
    private static void Believe(WebApplication app, IReadOnlyList<System.Net.IPNetwork> proxies)
    {
        if (proxies.Count == 0)
            return;
        var options = new ForwardedHeadersOptions { ForwardedHeaders = ForwardedHeaders.XForwardedFor, ForwardLimit = MostProxies };
        options.KnownProxies.Clear();
        options.KnownIPNetworks.Clear();
        foreach (var proxy in proxies)
            options.KnownIPNetworks.Add(proxy);
        app.UseForwardedHeaders(options);
    }
}
