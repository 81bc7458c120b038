using System.Globalization;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Hosting.Systemd;
using Refresh.Orchestrator.Serving.Hosting;

namespace Refresh.Orchestrator.Serving.Operations;

/// <summary>Tells systemd's watchdog that the worker still looks; when it does not, systemd starts the service anew.</summary>
internal sealed class Watchdog(IServiceProvider services, RunsWorker worker, TimeProvider clock) : BackgroundService
{
    private static readonly ServiceState s_alive = new("WATCHDOG=1");

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        if (services.GetService<ISystemdNotifier>() is not { IsEnabled: true } systemd || Limit() is not { } limit)
            return;
        using var timer = new PeriodicTimer(limit / 3, clock);
        do
        {
            if (clock.GetUtcNow() - worker.LookedAt < limit)
                systemd.Notify(s_alive);
        }
        while (await timer.WaitForNextTickAsync(stoppingToken));
    }

    private static TimeSpan? Limit() =>
        long.TryParse(Environment.GetEnvironmentVariable("WATCHDOG_USEC"), NumberStyles.None, CultureInfo.InvariantCulture, out var microseconds) && microseconds >= 1000
            ? TimeSpan.FromMicroseconds(microseconds)
            : null;
}
