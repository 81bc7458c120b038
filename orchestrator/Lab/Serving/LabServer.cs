using System.Net;
using System.Text.Json;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http.Json;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Refresh.Lab.Balancer;
using Refresh.Lab.Client;
using Refresh.Lab.Cloud;
using Refresh.Lab.Images;

namespace Refresh.Lab.Serving;

/// <summary>The lab's process, from the lock on its directory to the end of its last guest.</summary>
internal sealed class LabServer(LabOptions options, LabExecutable executable, TimeProvider time) : IDisposable
{
    private readonly CancellationTokenSource _stop = new();

    /// <summary>Runs the lab until it is told to stop or its lifetime is over.</summary>
    /// <param name="ready">Is told once, when every guest and balancer answers.</param>
    /// <param name="cancellation">Stops the lab.</param>
    public async Task RunAsync(Action<LabFacts> ready, CancellationToken cancellation)
    {
        using var stopped = cancellation.Register(_stop.Cancel);
        Directory.CreateDirectory(options.Directory);
        using var held = LabLauncher.Lock(options.Directory);
        if (!Directory.Exists(options.Images))
            WebImages.Write(options.Images);

        var images = new ImageStore(options.Images);
        var before = LabState.Read(options.State);
        var book = new LabBook(options.State, before is null ? Seed.State(options) : Seed.Again(before, options), time);
        var guests = new GuestRoom(book, options, executable, time);
        var cloud = new LabCloud(book, images, guests, new(book, images, guests, options, time), options, time);
        var api = new IPEndPoint(IPAddress.Parse(Subnets.Api(book.Subnet)), book.Port);
        var endsAt = options.Lifetime > TimeSpan.Zero ? time.GetUtcNow() + options.Lifetime : (DateTimeOffset?)null;
        var balancers = new List<HAProxyNode>();
        LabFacts Facts() => new(
            new($"http://{api}/"), Environment.ProcessId, options.Directory, options.Images, book.Subnet,
            (int)options.CloneDelay.TotalMilliseconds, (int)options.BootDelay.TotalMilliseconds, endsAt,
            [.. balancers.Select(node => node.Facts)], book.Vms());

        await using var app = Build(api);
        var up = false;
        app.MapLab(cloud, Facts, _stop.Cancel);
        try
        {
            await app.StartAsync(_stop.Token);
            await Seed.BootAsync(book, images, guests, options, before is null, time, _stop.Token);
            await StartBalancersAsync(book, balancers);
            await File.WriteAllTextAsync(options.Facts, JsonSerializer.Serialize(Facts(), LabJson.Indented.LabFacts), _stop.Token);
            up = true;
            ready(Facts());
            await EndAsync(endsAt);
        }
        catch (IOException e) when (e.InnerException is Microsoft.AspNetCore.Connections.AddressInUseException)
        {
            throw new LabException("address-taken", 409, $"{api} is in use: another lab, or another program, is there.", "stop it, or choose another --subnet", e);
        }
        catch (OperationCanceledException) when (_stop.IsCancellationRequested)
        {
            // Told to stop while starting: ends as it would later.
        }
        finally
        {
            File.Delete(options.Facts);
            await app.StopAsync(CancellationToken.None);
            await Task.WhenAll(balancers.Select(node => node.StopAsync()));
            await cloud.DisposeAsync();
            if (before is null && !up)
                LabRemains.DeleteVms(options, book.Vms());
        }
    }

    /// <inheritdoc />
    public void Dispose() => _stop.Dispose();

    private async Task StartBalancersAsync(LabBook book, List<HAProxyNode> balancers)
    {
        var program = options.Balancer == BalancerChoice.None ? null : HAProxyNode.FindProgram();
        if (program is null && options.Balancer == BalancerChoice.HAProxy)
            throw new LabException("haproxy-missing", 500, "HAProxy is not installed.", "install it, or start the lab with --balancer none");
        if (program is null)
            return;
        for (var number = 1; number <= options.HAProxyNodes; number++)
            balancers.Add(HAProxyNode.Start(program, options.Directory, number, Subnets.Balancer(book.Subnet, number), book.Port, book.Vms()));
        foreach (var node in balancers)
            await node.ReadyAsync(time, _stop.Token);
    }

    private async Task EndAsync(DateTimeOffset? endsAt)
    {
        if (endsAt is { } end)
            _stop.CancelAfter(end - time.GetUtcNow());
        await _stop.Token.WhenCancelledAsync();
    }

    private static WebApplication Build(IPEndPoint api)
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.ConfigureKestrel(kestrel => kestrel.Listen(api));
        builder.Services.Configure<JsonOptions>(json => json.SerializerOptions.TypeInfoResolverChain.Insert(0, LabJson.Default));
        var app = builder.Build();
        app.Use(LabApi.AnswerProblemsAsync);
        app.UseRouting();
        return app;
    }
}
