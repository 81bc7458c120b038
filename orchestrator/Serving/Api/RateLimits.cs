using System.Threading.RateLimiting;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.RateLimiting;
using Refresh.Orchestrator.Serving.Access;
using Refresh.Orchestrator.Serving.Configuration;

namespace Refresh.Orchestrator.Serving.Api;

/// <summary>
/// How often somebody may ask: by token, and by address. A webhook counts for itself, once a signature was found good: what
/// is not signed counts by its address and shuts nobody else out.
/// </summary>
internal sealed class RateLimits(ServeSettings settings) : IDisposable
{
    /// <summary>An address, or a webhook, may carry several people.</summary>
    private const int PeoplePerAddress = 10;

    private readonly PartitionedRateLimiter<string> _signed = Of(settings.Limits.RequestsPerMinute * PeoplePerAddress);
    private readonly PartitionedRateLimiter<string> _unsigned = Of(settings.Limits.RequestsPerMinute);

    /// <summary>Sets up what holds for every request but those to webhooks.</summary>
    public void Configure(RateLimiterOptions limiter)
    {
        limiter.GlobalLimiter = PartitionedRateLimiter.CreateChained(
            PartitionedRateLimiter.Create<HttpContext, string>(http => IsHook(http) ? None() : Window(TokenGate.Origin(http), settings.Limits.RequestsPerMinute * PeoplePerAddress)),
            PartitionedRateLimiter.Create<HttpContext, string>(http => IsHook(http) ? None() : Window(http.Request.Headers.Authorization is [{ Length: < 200 } token] ? TokenText.Hash(token) : TokenGate.Origin(http), settings.Limits.RequestsPerMinute)));
        limiter.OnRejected = (rejected, _) => throw Refused(rejected.HttpContext, rejected.Lease);
    }

    /// <summary>Counts a request that a webhook's key has signed.</summary>
    /// <exception cref="Problem">There were too many.</exception>
    public void CountSigned(HttpContext http, string hook) => Count(http, _signed, hook);

    /// <summary>Counts a request to a webhook that nobody has signed.</summary>
    /// <exception cref="Problem">There were too many from its address.</exception>
    public void CountUnsigned(HttpContext http) => Count(http, _unsigned, TokenGate.Origin(http));

    public void Dispose()
    {
        _signed.Dispose();
        _unsigned.Dispose();
    }

    private void Count(HttpContext http, PartitionedRateLimiter<string> limiter, string who)
    {
        using var lease = limiter.AttemptAcquire(who);
        if (!lease.IsAcquired)
            throw Refused(http, lease);
    }

    private Problem Refused(HttpContext http, RateLimitLease lease)
    {
        var wait = lease.TryGetMetadata(MetadataName.RetryAfter, out var told) ? told : TimeSpan.FromSeconds(10);
        http.Response.Headers.RetryAfter = FormattableString.Invariant($"{Math.Ceiling(wait.TotalSeconds)}");
        return Problem.Of(ProblemCode.RateLimited, FormattableString.Invariant($"More than {settings.Limits.RequestsPerMinute} requests in a minute. Retry-After says when to ask again."));
    }

    private static bool IsHook(HttpContext http) => http.Request.Path.StartsWithSegments("/hooks");

    private static RateLimitPartition<string> None() => RateLimitPartition.GetNoLimiter(string.Empty);

    private static PartitionedRateLimiter<string> Of(int permits) => PartitionedRateLimiter.Create<string, string>(who => Window(who, permits));

    private static RateLimitPartition<string> Window(string who, int permits) => RateLimitPartition.GetSlidingWindowLimiter(who, _ => new SlidingWindowRateLimiterOptions
    {
        PermitLimit = permits,
        Window = TimeSpan.FromMinutes(1),
        SegmentsPerWindow = 6,
    });
}
