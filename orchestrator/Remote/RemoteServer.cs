using System.Net;
using System.Net.Http.Headers;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using Refresh.Orchestrator.Documents;
using Refresh.Workflows.Reasons;

namespace Refresh.Orchestrator.Remote;

/// <summary>A worker elsewhere, through its API. Every POST has a key of its own and is tried again with it when the answer was lost, so that it acts once.</summary>
internal sealed class RemoteServer : IDisposable
{
    private const int Tries = 3;
    private const int Large = 32 * 1024;
    private static readonly TimeSpan s_patience = TimeSpan.FromMinutes(5);
    private static readonly TimeSpan s_between = TimeSpan.FromSeconds(1);
    private readonly HttpClient _http;
    private readonly TimeProvider _clock;
    private readonly Func<string> _newId;

    public RemoteServer(Uri address, string token, TimeProvider clock, Func<string> newId)
    {
        (Address, _clock, _newId) = (address, clock, newId);
        _http = new HttpClient(new SocketsHttpHandler { ConnectTimeout = TimeSpan.FromSeconds(10), AllowAutoRedirect = false }) { BaseAddress = address, Timeout = Timeout.InfiniteTimeSpan };
        _http.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", token);
    }

    public Uri Address { get; }

    /// <summary>Reads a document.</summary>
    /// <param name="path">Where it is.</param>
    /// <param name="cancellation">Ends the call.</param>
    /// <param name="longer">How much longer than usual it may take.</param>
    /// <exception cref="RemoteFailure">It is refused, or the server cannot be reached.</exception>
    public async Task<T> GetAsync<T>(string path, CancellationToken cancellation, TimeSpan longer = default) =>
        Read<T>(await TryAsync(() => new HttpRequestMessage(HttpMethod.Get, path), longer, cancellation));

    /// <summary>Reads a text.</summary>
    public Task<string> GetTextAsync(string path, CancellationToken cancellation) =>
        TryAsync(() => new HttpRequestMessage(HttpMethod.Get, path), default, cancellation);

    /// <summary>Has something done.</summary>
    /// <param name="path">Where it is asked.</param>
    /// <param name="body">What is asked.</param>
    /// <param name="cancellation">Ends the call.</param>
    /// <param name="longer">How much longer than usual it may take.</param>
    /// <exception cref="RemoteFailure">It is refused, or the server cannot be reached.</exception>
    public Task<T> PostAsync<T>(string path, object body, CancellationToken cancellation, TimeSpan longer = default)
    {
        var json = JsonSerializer.Serialize(body, DocumentJson.Options);
        return SendAsync<T>(path, () => new StringContent(json, Encoding.UTF8, "application/json"), longer, cancellation);
    }

    /// <summary>Sends files and short texts, and has something done with them.</summary>
    /// <exception cref="RemoteFailure">It is refused, or the server cannot be reached.</exception>
    public Task<T> SendFilesAsync<T>(string path, IReadOnlyList<(string Name, string File)> files, IReadOnlyList<(string Name, string? Text)> texts, TimeSpan longer, CancellationToken cancellation) =>
        SendAsync<T>(path, () => Form(files, texts), longer, cancellation);

    /// <summary>Opens an event stream; null when there is nothing more to come.</summary>
    public async Task<Stream?> OpenAsync(string path, long after, CancellationToken cancellation)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, path);
        request.Headers.Accept.ParseAdd("text/event-stream");
        request.Headers.Add("Last-Event-ID", after.ToString(System.Globalization.CultureInfo.InvariantCulture));
        using var late = Late(default, cancellation);
        var response = await _http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, late.Token);
        if (response.StatusCode == HttpStatusCode.NoContent)
            return null;
        return response.IsSuccessStatusCode ? await response.Content.ReadAsStreamAsync(cancellation) : throw await RefusedAsync(response, cancellation);
    }

    public void Dispose() => _http.Dispose();

    private async Task<T> SendAsync<T>(string path, Func<HttpContent> content, TimeSpan longer, CancellationToken cancellation)
    {
        var key = _newId() + _newId() + _newId();
        return Read<T>(await TryAsync(
            () =>
            {
                var request = new HttpRequestMessage(HttpMethod.Post, path) { Content = content() };
                request.Headers.Add("Idempotency-Key", key);
                // What is large is not sent before it is known that it is taken.
                request.Headers.ExpectContinue = request.Content.Headers.ContentLength is not < Large;
                return request;
            },
            longer,
            cancellation));
    }

    private static MultipartFormDataContent Form(IReadOnlyList<(string Name, string File)> files, IReadOnlyList<(string Name, string? Text)> texts)
    {
        var form = new MultipartFormDataContent();
        foreach (var (name, text) in texts)
        {
            if (!string.IsNullOrEmpty(text))
                form.Add(new StringContent(text, Encoding.UTF8), name);
        }

        foreach (var (name, file) in files)
            form.Add(new StreamContent(File.OpenRead(file)), name, name);
        return form;
    }

    private T Read<T>(string text)
    {
        try
        {
            return JsonSerializer.Deserialize<T>(text, DocumentJson.Options) ?? throw RemoteFailure.Strange(Address);
        }
        catch (JsonException)
        {
            throw RemoteFailure.Strange(Address);
        }
    }

    private async Task<string> TryAsync(Func<HttpRequestMessage> ask, TimeSpan longer, CancellationToken cancellation)
    {
        for (var tried = 1; ; tried++)
        {
            try
            {
                using var late = Late(longer, cancellation);
                using var request = ask();
                using var response = await _http.SendAsync(request, late.Token);
                return response.IsSuccessStatusCode ? await response.Content.ReadAsStringAsync(late.Token) : throw await RefusedAsync(response, late.Token);
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

    private static CancellationTokenSource Late(TimeSpan longer, CancellationToken cancellation)
    {
        var late = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        late.CancelAfter(s_patience + longer);
        return late;
    }

    private async Task<RemoteFailure> RefusedAsync(HttpResponseMessage response, CancellationToken cancellation)
    {
        try
        {
            var problem = JsonSerializer.Deserialize<JsonObject>(await response.Content.ReadAsStringAsync(cancellation), DocumentJson.Options);
            var text = (string?)problem?["detail"] ?? (string?)problem?["title"] ?? response.ReasonPhrase ?? "refused";
            var reasons = problem?["reasons"].Deserialize<List<Reason>>(DocumentJson.Options) ?? [];
            return new RemoteFailure((string?)problem?["code"] ?? "unknown", (int)response.StatusCode, text) { Reason = reasons is [var only] && only.Text == text ? only : null };
        }
        catch (Exception strange) when (strange is JsonException or InvalidOperationException)
        {
            return RemoteFailure.Strange(Address, (int)response.StatusCode);
        }
    }
}
