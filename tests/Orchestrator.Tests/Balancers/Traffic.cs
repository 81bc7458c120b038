using System.Collections.Concurrent;

namespace Refresh.Orchestrator.Tests.Balancers;

/// <summary>Clients that keep their connections and ask without end: mostly fast, some slow, some with a body.</summary>
internal sealed class Traffic : IAsyncDisposable
{
    private const int Clients = 12;
    private readonly CancellationTokenSource _stop = new(TimeSpan.FromSeconds(90));
    private readonly HttpClient _http = new(new SocketsHttpHandler { UseProxy = false }) { Timeout = TimeSpan.FromSeconds(15) };
    private readonly ConcurrentQueue<string> _failures = [];
    private readonly Task[] _clients;
    private int _sent;

    /// <summary>Begins.</summary>
    /// <param name="sites">The frontends, taken in turn.</param>
    public Traffic(IReadOnlyList<Uri> sites) =>
        _clients = [.. Enumerable.Range(0, Clients).Select(client => Task.Run(() => AskAsync(sites[client % sites.Count], client)))];

    /// <summary>Requests that were answered or failed.</summary>
    public int Sent => Volatile.Read(ref _sent);

    /// <summary>What failed.</summary>
    public IReadOnlyCollection<string> Failures => _failures;

    /// <summary>Lets the clients end what they have begun.</summary>
    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        await Task.WhenAll(_clients);
        _http.Dispose();
        _stop.Dispose();
    }

    private async Task AskAsync(Uri site, int client)
    {
        for (var i = client; !_stop.IsCancellationRequested; i++)
        {
            try
            {
                using var request = new HttpRequestMessage(i % 3 == 0 ? HttpMethod.Post : HttpMethod.Get, new Uri(site, i % 50 == 0 ? "/slow" : "/fast"));
                request.Content = request.Method == HttpMethod.Post ? new StringContent("order") : null;
                using var response = await _http.SendAsync(request);
                if (!response.IsSuccessStatusCode)
                    _failures.Enqueue($"{request.Method} {request.RequestUri}: {(int)response.StatusCode}");
            }
            catch (Exception e) when (e is HttpRequestException or OperationCanceledException)
            {
                _failures.Enqueue($"{e.GetType().Name}: {e.Message} {e.InnerException?.Message}");
            }

            Interlocked.Increment(ref _sent);
            await Task.Delay(2);
        }
    }
}
