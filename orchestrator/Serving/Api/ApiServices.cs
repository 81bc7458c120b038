using System.Threading.RateLimiting;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Json;
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
    /// <summary>An address may carry several people.</summary>
    private const int PeoplePerAddress = 10;

    public static IServiceCollection AddApi(this IServiceCollection services)
    {
        services.AddDescription().AddRouting().AddSingleton<TokenDesk>().AddSingleton<Acts>().AddSingleton<RunBook>().AddSingleton<RunDesk>();
        services.AddSingleton<RunFeeds>().AddSingleton<IRunWatcher>(provider => provider.GetRequiredService<RunFeeds>()).AddSingleton<EventStream>();
        services.Configure<JsonOptions>(json =>
        {
            foreach (var converter in DocumentJson.Options.Converters)
                json.SerializerOptions.Converters.Add(converter);
        });
        services.AddRateLimiter(_ => { }).AddSingleton<IConfigureOptions<RateLimiterOptions>>(provider => new ConfigureOptions<RateLimiterOptions>(
            limiter => Limit(limiter, provider.GetRequiredService<ServeSettings>().Limits)));
        return services;
    }

    public static void UseApi(this WebApplication app)
    {
        app.UseMiddleware<HeadRequests>();
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

    private static void Limit(RateLimiterOptions limiter, LimitSettings limits)
    {
        RateLimitPartition<string> Window(string who, int permits) => RateLimitPartition.GetSlidingWindowLimiter(who, _ => new SlidingWindowRateLimiterOptions
        {
            PermitLimit = permits,
            Window = TimeSpan.FromMinutes(1),
            SegmentsPerWindow = 6,
        });
        limiter.GlobalLimiter = PartitionedRateLimiter.CreateChained(
            PartitionedRateLimiter.Create<HttpContext, string>(http => Window(TokenGate.Origin(http), limits.RequestsPerMinute * PeoplePerAddress)),
            PartitionedRateLimiter.Create<HttpContext, string>(http => Window(http.Request.Headers.Authorization is [{ Length: < 200 } token] ? TokenText.Hash(token) : TokenGate.Origin(http), limits.RequestsPerMinute)));
        limiter.OnRejected = (rejected, _) =>
        {
            var wait = rejected.Lease.TryGetMetadata(MetadataName.RetryAfter, out var told) ? told : TimeSpan.FromSeconds(10);
            rejected.HttpContext.Response.Headers.RetryAfter = FormattableString.Invariant($"{Math.Ceiling(wait.TotalSeconds)}");
            throw Problem.Of(ProblemCode.RateLimited, FormattableString.Invariant($"More than {limits.RequestsPerMinute} requests in a minute. Retry-After says when to ask again."));
        };
    }
}
