using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.AspNetCore.Server.Kestrel.Https;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Hosting.Systemd;
using Refresh.Orchestrator.Application;
using Refresh.Orchestrator.Engine;
using Refresh.Orchestrator.Journals;
using Refresh.Orchestrator.Journals.Service;
using Refresh.Orchestrator.Serving.Api;
using Refresh.Orchestrator.Serving.Audits;
using Refresh.Orchestrator.Serving.Chat;
using Refresh.Orchestrator.Serving.Configuration;
using Refresh.Orchestrator.Serving.Notices;
using Refresh.Orchestrator.Serving.Operations;
using Refresh.Orchestrator.Serving.Secrets;
using Refresh.Orchestrator.Serving.Triggers;
using Refresh.Workflows.Ports;
using Serilog;

namespace Refresh.Orchestrator.Serving.Hosting;

/// <summary>Builds the service: one place where its rooms are put together.</summary>
internal static class ServeHost
{
    /// <summary>What a stop takes beside the runs.</summary>
    private static readonly TimeSpan s_margin = TimeSpan.FromSeconds(30);

    /// <summary>Builds it; it listens and works when it is started.</summary>
    public static WebApplication Build(ServeParts parts)
    {
        var builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions());
        builder.WebHost.UseKestrelCore().UseKestrelHttpsConfiguration().ConfigureKestrel(kestrel => Listen(kestrel, parts));
        AddSystemd(builder.Services);
        builder.Services.AddSerilog(parts.Log, dispose: true);
        builder.Services.Configure<HostOptions>(host => host.ShutdownTimeout = parts.Settings.StopWithin + s_margin);
        AddParts(builder.Services, parts);
        AddWorker(builder.Services);
        AddTriggers(builder.Services);
        builder.Services.AddApi().AddOperations(parts.Settings).AddChat().AddNotices();
        var app = builder.Build();
        app.UseApi();
        return app;
    }

    // Whoever is told where to notify does so: a parent that is not systemd itself, a wrapper for example, makes no difference.
    private static void AddSystemd(IServiceCollection services)
    {
        if (Environment.GetEnvironmentVariable("NOTIFY_SOCKET") is { Length: > 0 })
            services.AddSingleton<ISystemdNotifier, SystemdNotifier>().AddSingleton<IHostLifetime, SystemdLifetime>();
    }

    private static void AddParts(IServiceCollection services, ServeParts parts) => services
        .AddSingleton(parts)
        .AddSingleton(parts.Settings)
        .AddSingleton(parts.Secrets)
        .AddSingleton(parts.Redaction)
        .AddSingleton(parts.Worker)
        .AddSingleton(new Instance($"{parts.Worker.Worker}/{parts.NewId()}"))
        .AddSingleton(parts.NewId)
        .AddSingleton(parts.Clock)
        .AddSingleton(parts.Journal)
        .AddSingleton<IRunJournal>(parts.Journal)
        .AddSingleton(new TokenStore(parts.Journal.Database))
        .AddSingleton(new AnswerStore(parts.Journal.Database))
        .AddSingleton(new ActStore(parts.Journal.Database))
        .AddSingleton(new OrderStore(parts.Journal.Database))
        .AddSingleton(new AskedStore(parts.Journal.Database))
        .AddSingleton(new TriggerStore(parts.Journal.Database))
        .AddSingleton(new DeliveryStore(parts.Journal.Database))
        .AddSingleton(new ConfirmationStore(parts.Journal.Database))
        .AddSingleton(new OutboxStore(parts.Journal.Database));

    private static void AddWorker(IServiceCollection services) => services
        .AddSingleton<RunService>()
        .AddSingleton<FleetDirectory>()
        .AddSingleton<Watchers>()
        .AddSingleton<OrderQueue>()
        .AddSingleton<RecordsFolder>()
        .AddSingleton<RunEvidence>()
        .AddSingleton<RunsWorker>()
        .AddSingleton<Reload>()
        .AddSingleton<DoctorDesk>()
        .AddSingleton<CatalogueDesk>()
        .AddHostedService(provider => provider.GetRequiredService<RunsWorker>())
        .AddHostedService<EvidenceWorker>()
        .AddSingleton<AuditRound>()
        .AddSingleton<AuditDesk>()
        .AddHostedService<AuditWorker>()
        .AddHostedService<Housekeeping>();

    private static void AddTriggers(IServiceCollection services) => services
        .AddSingleton<OrderDesk>()
        .AddSingleton<WindowTrigger>()
        .AddSingleton<ImageOrders>()
        .AddSingleton<ImageTrigger>()
        .AddHostedService<TriggersWorker>();

    private static void Listen(KestrelServerOptions kestrel, ServeParts parts)
    {
        var (settings, limits) = (parts.Settings, parts.Settings.Limits);
        kestrel.AddServerHeader = false;
        kestrel.Limits.MaxRequestBodySize = limits.BodyBytes;
        kestrel.Limits.RequestHeadersTimeout = limits.HeadersWithin;
        kestrel.Limits.MaxRequestHeadersTotalSize = 16 * 1024;
        kestrel.Limits.MaxRequestLineSize = 4 * 1024;
        kestrel.Limits.MaxConcurrentConnections = limits.Connections;
        kestrel.Limits.KeepAliveTimeout = TimeSpan.FromMinutes(2);
        foreach (var address in settings.Listen)
            Listen(kestrel, address, parts);
    }

    private static void Listen(KestrelServerOptions kestrel, Uri address, ServeParts parts)
    {
        void Secure(ListenOptions options)
        {
            if (address.Scheme == "https")
                options.UseHttps(new TlsHandshakeCallbackOptions { OnConnection = _ => ValueTask.FromResult(parts.Certificate!.Options) });
        }

        if (System.Net.IPAddress.TryParse(address.Host.Trim('[', ']'), out var ip))
            kestrel.Listen(ip, address.Port, Secure);
        else if (address.Host == "localhost")
            kestrel.ListenLocalhost(address.Port, Secure);
        else
            kestrel.ListenAnyIP(address.Port, Secure);
    }
}

/// <summary>What the service is made of.</summary>
/// <param name="Settings">How it is set up.</param>
/// <param name="Secrets">Its secrets.</param>
/// <param name="Redaction">What takes them out of what is written.</param>
/// <param name="Journal">The journal; the service does not close it.</param>
/// <param name="Worker">Who it is, and its leases.</param>
/// <param name="Clock">The only clock.</param>
/// <param name="NewId">Makes ids.</param>
/// <param name="Log">Its log.</param>
internal sealed record ServeParts(
    ServeSettings Settings,
    SecretStore Secrets,
    Redaction Redaction,
    SqliteRunJournal Journal,
    WorkerOptions Worker,
    TimeProvider Clock,
    Func<string> NewId,
    ILogger Log)
{
    /// <summary>The certificate of https addresses; null for none.</summary>
    public ServerCertificate? Certificate { get; init; }
}
