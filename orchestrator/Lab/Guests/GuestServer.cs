using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Runtime.InteropServices;
using System.Text.Json;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.AspNetCore.Server.Kestrel.Transport.Sockets;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;

namespace Refresh.Lab.Guests;

/// <summary>
/// The process that is a VM: <c>lab guest DISK HOST PORT</c>. It takes its behaviour from standard input, and ends when
/// that ends, so that no guest outlives its lab. On SIGTERM it takes no new work and finishes what it has begun.
/// </summary>
public static class GuestServer
{
    private static readonly TimeSpan FinishBound = TimeSpan.FromSeconds(20);

    /// <summary>Runs the guest until it is stopped.</summary>
    /// <param name="arguments">Disk, address and port.</param>
    /// <returns>The exit code.</returns>
    public static async Task<int> RunAsync(IReadOnlyList<string> arguments)
    {
        if (arguments is not [var disk, var host, var port])
        {
            await Console.Error.WriteLineAsync("A guest is started by its lab: lab guest DISK HOST PORT");
            return 2;
        }
        using var stop = new CancellationTokenSource();
        using var terminated = PosixSignalRegistration.Create(PosixSignal.SIGTERM, context => Stop(context, stop));
        var input = new StreamReader(Console.OpenStandardInput());
        var first = await ReadAsync(input);
        if (first is null)
            return 0;

        var life = new GuestLife(first, TimeProvider.System);
        _ = FollowAsync(input, life);
        try
        {
            await ServeAsync(disk, new IPEndPoint(IPAddress.Parse(host), int.Parse(port, CultureInfo.InvariantCulture)), life, stop.Token);
            return 0;
        }
        catch (OperationCanceledException) when (stop.IsCancellationRequested)
        {
            return 0;
        }
        catch (Exception e) when (e is IOException or LabException or UnauthorizedAccessException)
        {
            await Console.Error.WriteLineAsync(e.Message);
            return 1;
        }
    }

    private static async Task ServeAsync(string disk, IPEndPoint listen, GuestLife life, CancellationToken stop)
    {
        var poweredAt = PoweredAt();
        var site = new GuestSite(disk, GuestIdentity.Read(disk, poweredAt), life);
        var options = new KestrelServerOptions();
        options.Listen(listen, endpoint => endpoint.Protocols = HttpProtocols.Http1);
        // The server alone, without a host around it: fifty guests may boot at once, and that takes a third of the time off each.
        var sockets = new SocketTransportFactory(Options.Create(new SocketTransportOptions()), NullLoggerFactory.Instance);
        using var server = new KestrelServer(Options.Create(options), sockets, NullLoggerFactory.Instance);
        await life.BootAsync(poweredAt, stop);
        await server.StartAsync(site, stop);
        life.Booted();
        await stop.WhenCancelledAsync();
        using var bound = new CancellationTokenSource(FinishBound, TimeProvider.System);
        await server.StopAsync(bound.Token);
    }

    private static async Task FollowAsync(StreamReader input, GuestLife life)
    {
        while (await ReadAsync(input) is { } behaviour)
            life.Become(behaviour);
        Unix.Die();
    }

    private static async Task<GuestBehaviour?> ReadAsync(StreamReader input) =>
        await input.ReadLineAsync() is { } line ? JsonSerializer.Deserialize(line, LabJson.Default.GuestBehaviour) : null;

    private static DateTimeOffset PoweredAt()
    {
        using var self = Process.GetCurrentProcess();
        return self.StartTime.ToUniversalTime();
    }

    private static void Stop(PosixSignalContext context, CancellationTokenSource stop)
    {
        context.Cancel = true;
        stop.Cancel();
    }
}
