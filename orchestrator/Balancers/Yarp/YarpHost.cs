using System.Net;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Refresh.Orchestrator.Settings;
using Yarp.ReverseProxy.Forwarder;
using Yarp.ReverseProxy.Health;

namespace Refresh.Orchestrator.Balancers.Yarp;

/// <summary>Builds the web server that YARP runs in, apart from any other in this process.</summary>
internal static class YarpHost
{
    /// <summary>How long a stop waits for requests that were begun.</summary>
    private static readonly TimeSpan StopTimeout = TimeSpan.FromSeconds(30);

    /// <summary>Builds it.</summary>
    /// <param name="settings">Where it listens.</param>
    /// <param name="rotations">Who is out of rotation.</param>
    /// <param name="logs">Where it logs.</param>
    public static WebApplication Build(YarpSettings settings, RotationStore rotations, ILoggerFactory logs)
    {
        var builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions());
        builder.WebHost.UseKestrelCore().ConfigureKestrel(kestrel =>
        {
            kestrel.AddServerHeader = false;
            // Limits on what is sent are the member's to set.
            kestrel.Limits.MaxRequestBodySize = null;
            kestrel.Limits.MinRequestBodyDataRate = null;
            if (IPAddress.TryParse(settings.Listen.Host, out var address))
                kestrel.Listen(address, settings.Listen.Port);
            else
                kestrel.ListenLocalhost(settings.Listen.Port);
        });
        builder.Services
            .AddSingleton(logs)
            .AddSingleton<IHostLifetime, NoLifetime>()
            .Configure<HostOptions>(host => host.ShutdownTimeout = StopTimeout)
            .AddSingleton(rotations)
            .AddSingleton<OpenRequests>()
            .AddSingleton<MemberConnections>()
            .AddSingleton<IForwarderHttpClientFactory>(services => services.GetRequiredService<MemberConnections>())
            .AddSingleton<IProbingRequestFactory, FreshProbe>()
            .AddSingleton<RefreshProbePolicy>()
            .AddSingleton<IActiveHealthCheckPolicy>(services => services.GetRequiredService<RefreshProbePolicy>())
            .AddSingleton<IAvailableDestinationsPolicy, InRotationPolicy>()
            .AddRouting()
            .AddReverseProxy()
            .LoadFromMemory([], []);
        var app = builder.Build();
        app.MapReverseProxy(proxy => proxy.UseLoadBalancing().Use(app.Services.GetRequiredService<OpenRequests>().ForwardAsync));
        return app;
    }

    /// <summary>Signals are for the host of the process, which stops the balancer last.</summary>
    private sealed class NoLifetime : IHostLifetime
    {
        public Task WaitForStartAsync(CancellationToken cancellationToken) => Task.CompletedTask;

        public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;
    }
}
