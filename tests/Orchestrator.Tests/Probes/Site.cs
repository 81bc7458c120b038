using System.Net;
using System.Security.Cryptography.X509Certificates;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Refresh.Workflows.Fleets;
using Xunit;

namespace Refresh.Orchestrator.Tests.Probes;

/// <summary>A real HTTP server on a port of its own.</summary>
internal sealed class Site : IAsyncDisposable
{
    private readonly WebApplication application;

    private Site(WebApplication application) => this.application = application;

    public Member Member => Members.At(new Uri(application.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses.Single()).Port);

    public static Task<Site> StartAsync(RequestDelegate answer, X509Certificate2? certificate = null) =>
        StartAsync(_ => { }, site => site.Run(answer), certificate, HttpProtocols.Http1);

    /// <summary>A site that takes every request and answers none.</summary>
    public static Task<Site> HangingAsync(X509Certificate2? certificate = null) =>
        StartAsync(context => Task.Delay(Timeout.Infinite, context.RequestAborted), certificate);

    public static async Task<Site> StartAsync(Action<IServiceCollection> services, Action<WebApplication> map, X509Certificate2? certificate, HttpProtocols protocols)
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseKestrelHttpsConfiguration().ConfigureKestrel(kestrel => kestrel.Listen(IPAddress.Loopback, 0, listen =>
        {
            listen.Protocols = protocols;
            if (certificate is not null)
                listen.UseHttps(https => https.ServerCertificateSelector = (_, _) => certificate);
        }));
        builder.Services.Configure<HostOptions>(host => host.ShutdownTimeout = TimeSpan.FromSeconds(1));
        services(builder.Services);
        var site = new Site(builder.Build());
        map(site.application);
        await site.application.StartAsync(TestContext.Current.CancellationToken);
        return site;
    }

    public ValueTask DisposeAsync() => application.DisposeAsync();
}
