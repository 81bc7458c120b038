using System.Text.Json;
using System.Threading.Channels;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Xunit;

namespace Refresh.Orchestrator.Tests.Serving.Chat;

/// <summary>A receiver on a real port that keeps what it is sent.</summary>
internal sealed class Sink : IAsyncDisposable
{
    private static readonly TimeSpan s_patience = TimeSpan.FromSeconds(60);
    private readonly Channel<Received> _received = Channel.CreateUnbounded<Received>();
    private readonly WebApplication _app;
    private int _count;

    private Sink()
    {
        var builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions());
        builder.WebHost.UseKestrelCore().UseUrls("http://127.0.0.1:0");
        _app = builder.Build();
        _app.Run(TakeAsync);
    }

    public Uri Address { get; private set; } = null!;

    /// <summary>The status, and where it redirects to or what it answers.</summary>
    public (int Status, string? Text) Answer { get; set; } = (200, null);

    /// <summary>Makes the answer to a request; null for <see cref="Answer"/>.</summary>
    public Func<Received, string?> Makes { get; set; } = _ => null;

    public TimeSpan? RetryAfter { get; set; }

    public int Count => Volatile.Read(ref _count);

    public static async Task<Sink> StartAsync()
    {
        var sink = new Sink();
        await sink._app.StartAsync(TestContext.Current.CancellationToken);
        sink.Address = new Uri(sink._app.Urls.First() + "/");
        return sink;
    }

    /// <summary>The next request, in the order in which they came.</summary>
    public async Task<Received> NextAsync()
    {
        using var bound = CancellationTokenSource.CreateLinkedTokenSource(TestContext.Current.CancellationToken);
        bound.CancelAfter(s_patience);
        return await _received.Reader.ReadAsync(bound.Token);
    }

    /// <summary>The next request that is as wanted; others are left out.</summary>
    public async Task<Received> NextAsync(Func<Received, bool> wanted)
    {
        while (true)
        {
            if (await NextAsync() is { } received && wanted(received))
                return received;
        }
    }

    public async ValueTask DisposeAsync() => await _app.DisposeAsync();

    private async Task TakeAsync(HttpContext http)
    {
        using var body = new MemoryStream();
        await http.Request.Body.CopyToAsync(body, http.RequestAborted);
        var received = new Received(http.Request.Method, http.Request.Path, http.Request.Headers.ToDictionary(header => header.Key, header => header.Value.ToString(), StringComparer.OrdinalIgnoreCase), body.ToArray());
        Interlocked.Increment(ref _count);
        http.Response.StatusCode = Answer.Status;
        if (Answer is { Status: >= 300 and < 400, Text: { } location })
            http.Response.Headers.Location = location;
        if (RetryAfter is { } wait)
            http.Response.Headers.RetryAfter = $"{wait.TotalSeconds:0}";
        var text = Makes(received);
        _received.Writer.TryWrite(received);
        await http.Response.WriteAsync(text ?? string.Empty, http.RequestAborted);
    }

    internal sealed record Received(string Method, string Path, IReadOnlyDictionary<string, string> Headers, byte[] Body)
    {
        public JsonElement Json => JsonElement.Parse(Body);
    }
}
