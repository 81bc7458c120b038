using System.Net;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Connections;
using Microsoft.AspNetCore.Connections.Features;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Endpoint = Refresh.Workflows.Fleets.Endpoint;

namespace Refresh.Orchestrator.Tests.Balancers;

/// <summary>
/// A member's VM on an address of its own. It can vanish as a VM does that is destroyed: what goes over the connections
/// that were open then is never answered, and nobody is told that they are dead.
/// </summary>
internal sealed class Backend : IAsyncDisposable
{
    private readonly WebApplication _app;
    private volatile int _machine = 1;
    private volatile bool _gone;
    private readonly TaskCompletionSource _released = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private int _requests;

    private Backend(WebApplication app) => _app = app;

    /// <summary>Where it serves.</summary>
    public Endpoint Address { get; private set; }

    /// <summary>Requests that reached it, health checks not counted.</summary>
    public int Requests => Volatile.Read(ref _requests);

    /// <summary>Whether its health check passes.</summary>
    public bool Healthy { get; set; } = true;

    /// <summary>Starts one.</summary>
    public static async Task<Backend> StartAsync()
    {
        var builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions());
        Backend? backend = null;
        builder.WebHost.UseKestrelCore().ConfigureKestrel(kestrel =>
            kestrel.Listen(Loopback.Address(), 0, listen => listen.Use(next => context => backend!.ConnectAsync(context, next))));
        builder.Services.AddRouting();
        var app = builder.Build();
        backend = new Backend(app);
        app.Use(backend.AnswerAsync);
        await app.StartAsync();
        var url = new Uri(app.Urls.Single());
        backend.Address = new Endpoint(url.Host, url.Port);
        return backend;
    }

    /// <summary>The VM is destroyed, and its connections hang.</summary>
    public void Vanish() => _gone = true;

    /// <summary>Answers the requests to <c>/held</c>, which wait until then.</summary>
    public void Release() => _released.TrySetResult();

    /// <summary>Another VM takes its address.</summary>
    public void Return()
    {
        _machine++;
        _gone = false;
    }

    public async ValueTask DisposeAsync()
    {
        _gone = true;
        using var now = new CancellationTokenSource();
        await now.CancelAsync();
        await _app.StopAsync(now.Token);
        await _app.DisposeAsync();
    }

    private Task ConnectAsync(ConnectionContext connection, ConnectionDelegate next)
    {
        if (_gone)
        {
            connection.Abort();
            return Task.CompletedTask;
        }

        connection.Items["machine"] = _machine;
        return next(connection);
    }

    private async Task AnswerAsync(HttpContext context, RequestDelegate next)
    {
        var items = context.Features.Get<IConnectionItemsFeature>()!.Items;
        if (_gone || (int)items["machine"]! != _machine)
        {
            await Task.Delay(Timeout.Infinite, context.RequestAborted).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            return;
        }

        if (context.Request.Path == "/health")
        {
            context.Response.StatusCode = Healthy ? StatusCodes.Status200OK : StatusCodes.Status503ServiceUnavailable;
            return;
        }

        Interlocked.Increment(ref _requests);
        if (context.Request.Path == "/slow")
            await Task.Delay(TimeSpan.FromMilliseconds(400), context.RequestAborted);
        if (context.Request.Path == "/held")
            await _released.Task.WaitAsync(context.RequestAborted);
        await context.Response.WriteAsync(Address.ToString(), context.RequestAborted);
    }
}

/// <summary>Addresses in 127.0.0.0/8 that nobody else takes.</summary>
internal static class Loopback
{
    /// <summary>One of sixteen million, by chance.</summary>
    public static IPAddress Address() =>
        new([127, (byte)Random.Shared.Next(1, 255), (byte)Random.Shared.Next(0, 256), (byte)Random.Shared.Next(2, 255)]);
}
