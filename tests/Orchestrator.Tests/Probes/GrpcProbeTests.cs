using System.Security.Cryptography.X509Certificates;
using Grpc.Core;
using Grpc.Health.V1;
using Grpc.HealthCheck;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Connections.Features;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.DependencyInjection;
using Refresh.Orchestrator.Probes;
using Refresh.Orchestrator.Settings;
using Refresh.Workflows.Fleets;
using Refresh.Workflows.Ports;
using Xunit;

namespace Refresh.Orchestrator.Tests.Probes;

public sealed class GrpcProbeTests : HealthProbeCompliance
{
    private static readonly GrpcProbeSettings Settings = new("", null, false, null, false, null, Ample);

    protected override string HealthyWords => ": SERVING";

    protected override string SickWords => ": NOT_SERVING, expected SERVING";

    protected override IHealthProbe Probe(TimeSpan timeout) => new GrpcProbe(Settings with { Timeout = timeout }, TimeProvider.System);

    protected override Task<Member> HealthyAsync() => ServeAsync("", HealthCheckResponse.Types.ServingStatus.Serving);

    protected override Task<Member> SickAsync() => ServeAsync("", HealthCheckResponse.Types.ServingStatus.NotServing);

    protected override async Task<Member> HangingAsync() => Keep(await Site.StartAsync(
        services => services.AddGrpc(),
        site => site.MapGrpcService<HangingHealth>(),
        null,
        HttpProtocols.Http2)).Member;

    [Fact]
    public async Task One_service_can_be_asked_for()
    {
        var member = await ServeAsync("orders", HealthCheckResponse.Types.ServingStatus.Serving);
        Assert.Equal($"gRPC health http://{member.Address} 'orders': SERVING", await AskAsync(member, Settings with { Service = "orders" }));
    }

    [Fact]
    public async Task A_service_that_the_server_does_not_know_is_unhealthy()
    {
        var member = await HealthyAsync();
        Assert.EndsWith(" 'orders': the server does not know this service", await AskAsync(member, Settings with { Service = "orders" }), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_server_without_the_health_service_is_unhealthy()
    {
        var site = Keep(await Site.StartAsync(services => services.AddGrpc(), site => site.MapGrpcService<OtherService>(), null, HttpProtocols.Http2));
        Assert.EndsWith(": the server has no grpc.health.v1.Health service", await AskAsync(site.Member, Settings), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_server_that_speaks_no_HTTP_2_is_unhealthy()
    {
        var server = Keep(RawServer.Answering("HTTP/1.1 400 Bad Request\r\n\r\n"));
        var facts = await new GrpcProbe(Settings with { Timeout = TimeSpan.FromSeconds(2) }, TimeProvider.System).ProbeAsync(server.Member, Cancellation);
        Assert.False(facts.Healthy, facts.Detail);
    }

    [Fact]
    public async Task Over_TLS_the_certificate_is_checked_unless_the_settings_say_otherwise()
    {
        var member = await ServeAsync("", HealthCheckResponse.Types.ServingStatus.Serving, Keep(new Certificates()).Issue());
        Assert.EndsWith(": SERVING", await AskAsync(member, Settings with { Tls = true, TlsSkipVerify = true }), StringComparison.Ordinal);
        Assert.Contains("TLS: certificate is not signed by a trusted authority", await AskAsync(member, Settings with { Tls = true }), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_certificate_authority_of_its_own_is_trusted_and_the_host_of_the_settings_is_the_name_that_is_asked_for()
    {
        var authority = Keep(new Certificates());
        var (authorities, names) = (new List<string>(), new List<string?>());
        var health = new HealthServiceImpl();
        health.SetStatus("", HealthCheckResponse.Types.ServingStatus.Serving);
        var member = Keep(await Site.StartAsync(
            services => services.AddSingleton(health).AddGrpc(),
            site =>
            {
                site.Use((context, next) =>
                {
                    authorities.Add(context.Request.Host.Value!);
                    names.Add(context.Features.Get<ITlsHandshakeFeature>()!.HostName);
                    return next(context);
                });
                site.MapGrpcService<HealthServiceImpl>();
            },
            authority.Issue("cart.example"),
            HttpProtocols.Http2)).Member;
        var trusting = Settings with { Tls = true, TlsCa = authority.File };
        Assert.EndsWith(": SERVING", await AskAsync(member, trusting with { Host = "cart.example" }), StringComparison.Ordinal);
        Assert.Equal(["cart.example"], authorities);
        Assert.Equal(["cart.example"], names);
        Assert.Contains("certificate is for cart.example, not for 127.0.0.1", await AskAsync(member, trusting), StringComparison.Ordinal);
    }

    private static async Task<string> AskAsync(Member member, GrpcProbeSettings settings) =>
        (await new GrpcProbe(settings, TimeProvider.System).ProbeAsync(member, Cancellation)).Detail;

    private async Task<Member> ServeAsync(string service, HealthCheckResponse.Types.ServingStatus status, X509Certificate2? certificate = null)
    {
        var health = new HealthServiceImpl();
        health.SetStatus(service, status);
        return Keep(await Site.StartAsync(
            services => services.AddSingleton(health).AddGrpc(),
            site => site.MapGrpcService<HealthServiceImpl>(),
            certificate,
            HttpProtocols.Http2)).Member;
    }

    private sealed class HangingHealth : Health.HealthBase
    {
        public override async Task<HealthCheckResponse> Check(HealthCheckRequest request, ServerCallContext context)
        {
            await Task.Delay(Timeout.Infinite, context.CancellationToken);
            return new HealthCheckResponse();
        }
    }

    // The base answers Unimplemented to every call.
    private sealed class OtherService : Health.HealthBase;
}
