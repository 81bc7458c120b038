using System.Security.Cryptography.X509Certificates;
using Microsoft.AspNetCore.Http;
using Refresh.Orchestrator.Probes;
using Refresh.Orchestrator.Settings;
using Refresh.Workflows.Fleets;
using Refresh.Workflows.Ports;

namespace Refresh.Orchestrator.Tests.Probes;

/// <summary>The compliance suite for HTTP, with and without TLS.</summary>
public abstract class HttpProbeCompliance : HealthProbeCompliance
{
    private protected static readonly HttpProbeSettings Settings = new("/health", null, false, null, false, null, [200], null, new Dictionary<string, string>(), Ample);

    protected override string HealthyWords => "/health: 200";

    protected override string SickWords => "/health: 503, expected 200";

    protected virtual X509Certificate2? Certificate => null;

    protected override IHealthProbe Probe(TimeSpan timeout) => new HttpProbe(Settings with { Timeout = timeout }, TimeProvider.System);

    protected override Task<Member> HealthyAsync() => ServeAsync(_ => Task.CompletedTask);

    protected override Task<Member> SickAsync() => ServeAsync(context =>
    {
        context.Response.StatusCode = 503;
        return Task.CompletedTask;
    });

    protected override async Task<Member> HangingAsync() => Keep(await Site.HangingAsync(Certificate)).Member;

    private protected async Task<Member> ServeAsync(RequestDelegate answer) => Keep(await Site.StartAsync(answer, Certificate)).Member;
}
