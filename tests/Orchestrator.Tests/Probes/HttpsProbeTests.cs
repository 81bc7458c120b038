using System.Security.Cryptography.X509Certificates;
using Microsoft.AspNetCore.Http;
using Refresh.Orchestrator.Probes;
using Refresh.Orchestrator.Settings;
using Refresh.Workflows.Ports;
using Xunit;

namespace Refresh.Orchestrator.Tests.Probes;

public sealed class HttpsProbeTests : HttpProbeCompliance
{
    private readonly Certificates authority;

    public HttpsProbeTests()
    {
        authority = Keep(new Certificates());
        Certificate = authority.Issue();
    }

    protected override X509Certificate2 Certificate { get; }

    private HttpProbeSettings Trusting => Settings with { Tls = true, TlsCa = authority.File };

    protected override IHealthProbe Probe(TimeSpan timeout) => new HttpProbe(Trusting with { Timeout = timeout }, TimeProvider.System);

    [Fact]
    public async Task An_expired_certificate_is_unhealthy_and_the_detail_says_when_it_ended()
    {
        var expired = new DateTimeOffset(2026, 1, 2, 3, 4, 5, TimeSpan.Zero);
        Assert.EndsWith("TLS: certificate expired 2026-01-02 03:04:05Z (CN=member)", await AskAsync(Trusting, authority.Issue(until: expired)), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_certificate_of_an_unknown_authority_is_unhealthy() =>
        Assert.Contains("TLS: certificate is not signed by a trusted authority (CN=member, issued by CN=Test authority)", await AskAsync(Trusting with { TlsCa = null }, Certificate), StringComparison.Ordinal);

    [Fact]
    public async Task A_certificate_of_another_authority_of_the_same_name_is_unhealthy()
    {
        var other = Keep(new Certificates());
        Assert.Contains("TLS: ", await AskAsync(Trusting with { TlsCa = other.File }, Certificate), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_certificate_for_another_name_is_unhealthy_and_both_names_are_told() =>
        Assert.EndsWith("TLS: certificate is for shop.example, not for 127.0.0.1", await AskAsync(Trusting, authority.Issue("shop.example")), StringComparison.Ordinal);

    [Fact]
    public async Task The_certificate_is_checked_against_the_host_of_the_settings() =>
        Assert.EndsWith(": 200", await AskAsync(Trusting with { Host = "shop.example" }, authority.Issue("shop.example")), StringComparison.Ordinal);

    [Fact]
    public async Task The_host_of_the_settings_is_sent_as_the_server_name()
    {
        var member = Keep(await Site.StartAsync(
            context => context.Response.WriteAsync(context.Features.Get<Microsoft.AspNetCore.Connections.Features.ITlsHandshakeFeature>()!.HostName!),
            authority.Issue("shop.example"))).Member;
        var facts = await new HttpProbe(Trusting with { Host = "shop.example:8443", BodyContains = "shop.example" }, TimeProvider.System).ProbeAsync(member, Cancellation);
        Assert.True(facts.Healthy, facts.Detail);
    }

    [Fact]
    public async Task Any_certificate_will_do_if_the_settings_say_so() =>
        Assert.EndsWith(": 200", await AskAsync(Trusting with { TlsCa = null, TlsSkipVerify = true }, authority.Issue("shop.example", DateTimeOffset.UtcNow.AddDays(-1))), StringComparison.Ordinal);

    [Fact]
    public async Task A_member_that_speaks_no_TLS_is_unhealthy()
    {
        var server = Keep(RawServer.Answering("HTTP/1.1 200 OK\r\n\r\n"));
        var facts = await new HttpProbe(Trusting with { Timeout = TimeSpan.FromSeconds(1) }, TimeProvider.System).ProbeAsync(server.Member, Cancellation);
        Assert.False(facts.Healthy);
    }

    [Fact]
    public void A_file_without_a_certificate_authority_is_refused_before_anything_is_asked()
    {
        var missing = Assert.Throws<AdapterException>(() => new HttpProbe(Trusting with { TlsCa = "/nowhere/ca.pem" }, TimeProvider.System));
        Assert.Equal("tls-ca-unreadable", missing.Reason.Code);
        Assert.Contains("/nowhere/ca.pem", missing.Reason.Text, StringComparison.Ordinal);
        File.WriteAllText(authority.File, "not a certificate");
        Assert.Throws<AdapterException>(() => new HttpProbe(Trusting, TimeProvider.System));
    }

    private async Task<string> AskAsync(HttpProbeSettings settings, X509Certificate2 certificate)
    {
        var site = Keep(await Site.StartAsync(_ => Task.CompletedTask, certificate));
        return (await new HttpProbe(settings, TimeProvider.System).ProbeAsync(site.Member, Cancellation)).Detail;
    }
}
