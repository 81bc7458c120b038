using System.Net;
using System.Net.Http.Headers;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using Refresh.Orchestrator.Documents;

namespace Refresh.Orchestrator.Remote;

/// <summary>A worker elsewhere, through its API. Every POST has a key of its own and is tried again with it when the answer was lost, so that it acts once.</summary>
internal sealed class RemoteServer : IDisposable
{
    private const int Tries = 3;
    private static readonly TimeSpan s_between = TimeSpan.FromSeconds(1);
    private readonly HttpClient _http;
    private readonly TimeProvider _clock;
    private readonly Func<string> _newId;

    public RemoteServer(Uri address, string token, TimeProvider clock, Func<string> newId)
    {
        (Address, _clock, _newId) = (address, clock, newId);
        _http = new HttpClient(new SocketsHttpHandler { ConnectTimeout = TimeSpan.FromSeconds(10), AllowAutoRedirect = false }) { BaseAddress = address, Timeout = TimeSpan.FromMinutes(5) };
        _http.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", token);
    }

    public Uri Address { get; }

    /// <summary>Reads a document.</summary>
    /// <exception cref="RemoteFailure">It is refused, or the server cannot be reached.</exception>
    public async Task<T> GetAsync<T>(string path, CancellationToken cancellation) =>
        JsonSerializer.Deserialize<T>(await GetTextAsync(path, cancellation), DocumentJson.Options) ?? throw RemoteFailure.Strange(Address);

    /// <summary>Reads a text.</summary>
    public Task<string> GetTextAsync(string path, CancellationToken cancellation) =>
        TryAsync(() => new HttpRequestMessage(HttpMethod.Get, path), cancellation);

    /// <summary>Has something done.</summary>
    public async Task<JsonElement> PostAsync(string path, object body, CancellationToken cancellation)
    {
        var key = _newId() + _newId() + _newId();
        var json = JsonSerializer.Serialize(body, DocumentJson.Options);
        return JsonElement.Parse(await TryAsync(
            () =>
            {
                var request = new HttpRequestMessage(HttpMethod.Post, path) { Content = new StringContent(json, Encoding.UTF8, "application/json") };
                request.Headers.Add("Idempotency-Key", key);
                return request;
            },
            cancellation));
    }

    /// <summary>Opens an event stream; null when there is nothing more to come.</summary>
    public async Task<Stream?> OpenAsync(string path, long after, CancellationToken cancellation)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, path);
        request.Headers.Accept.ParseAdd("text/event-stream");
        request.Headers.Add("Last-Event-ID", after.ToString(System.Globalization.CultureInfo.InvariantCulture));
        var response = await _http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, cancellation);
        if (response.StatusCode == HttpStatusCode.NoContent)
            return null;
        return response.IsSuccessStatusCode ? await response.Content.ReadAsStreamAsync(cancellation) : throw await RefusedAsync(response, cancellation);
    }

    public void Dispose() => _http.Dispose();

    private async Task<string> TryAsync(Func<HttpRequestMessage> ask, CancellationToken cancellation)
    {
        for (var tried = 1; ; tried++)
        {
            try
            {
                using var request = ask();
                using var response = await _http.SendAsync(request, cancellation);
                return response.IsSuccessStatusCode ? await response.Content.ReadAsStringAsync(cancellation) : throw await RefusedAsync(response, cancellation);
            }
            catch (Exception lost) when (lost is HttpRequestException or OperationCanceledException && !cancellation.IsCancellationRequested)
            {
                if (tried == Tries)
                    throw RemoteFailure.Unreachable(Address, lost);
            }
            catch (RemoteFailure busy) when (busy.Code is "idempotency-key-in-flight" or "journal-unavailable" && tried < Tries)
            {
            }

            await Task.Delay(s_between, _clock, cancellation);
        }
    }

    private async Task<RemoteFailure> RefusedAsync(HttpResponseMessage response, CancellationToken cancellation)
    {
        try
        {
            var problem = JsonNode.Parse(await response.Content.ReadAsStringAsync(cancellation));
            return new RemoteFailure((string?)problem?["code"] ?? "unknown", (int)response.StatusCode, (string?)problem?["detail"] ?? (string?)problem?["title"] ?? response.ReasonPhrase ?? "refused");
        }
        catch (JsonException)
        {
            return RemoteFailure.Strange(Address);
        }
    }
}
