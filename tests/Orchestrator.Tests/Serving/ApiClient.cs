using System.Net.Http.Headers;
using System.Text;
using System.Text.Json;
using Refresh.Orchestrator.Tests.Lab;
using Xunit;

namespace Refresh.Orchestrator.Tests.Serving;

/// <summary>A caller of the API.</summary>
internal sealed class ApiClient(Func<Uri> address, string? token) : IDisposable
{
    private readonly HttpClient _http = new(new SocketsHttpHandler { UseProxy = false }) { Timeout = TimeSpan.FromSeconds(60) };

    public string? Token => token;

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public Task<Reply> GetAsync(string path, params (string Name, string Value)[] headers) => SendAsync(HttpMethod.Get, path, null, headers);

    public Task<Reply> PostAsync(string path, object? body = null, string? key = null, params (string Name, string Value)[] headers) =>
        SendAsync(HttpMethod.Post, path, body is null ? null : Json(JsonSerializer.Serialize(body)), [("Idempotency-Key", key ?? Guid.NewGuid().ToString()), .. headers]);

    public async Task<Reply> SendAsync(HttpMethod method, string path, HttpContent? content, params (string Name, string Value)[] headers)
    {
        using var request = Request(method, path, headers);
        request.Content = content;
        using var response = await _http.SendAsync(request, Cancellation);
        return new Reply(response, await response.Content.ReadAsStringAsync(Cancellation));
    }

    /// <summary>Opens a stream; the caller reads it.</summary>
    public async Task<HttpResponseMessage> OpenAsync(string path, params (string Name, string Value)[] headers)
    {
        using var request = Request(HttpMethod.Get, path, [("Accept", "text/event-stream"), .. headers]);
        return await _http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, Cancellation);
    }

    /// <summary>Waits until what is asked for is as it should be.</summary>
    public async Task<JsonElement> UntilAsync(string path, Func<JsonElement, bool> condition)
    {
        JsonElement last = default;
        await LabFixture.UntilAsync(async () => await GetAsync(path) is { Status: 200 } reply && condition(last = reply.Json));
        return last;
    }

    public static HttpContent Json(string text) => new StringContent(text, Encoding.UTF8, new MediaTypeHeaderValue("application/json"));

    public void Dispose() => _http.Dispose();

    private HttpRequestMessage Request(HttpMethod method, string path, (string Name, string Value)[] headers)
    {
        var request = new HttpRequestMessage(method, new Uri(address(), path));
        if (token is not null)
            request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", token);
        foreach (var (name, value) in headers)
            request.Headers.TryAddWithoutValidation(name, value);
        return request;
    }
}

/// <summary>What the API answered.</summary>
internal sealed class Reply(HttpResponseMessage response, string body)
{
    public int Status => (int)response.StatusCode;

    public string Body => body;

    public JsonElement Json => JsonElement.Parse(body);

    public string? Code => Json.GetProperty("code").GetString();

    public string? Header(string name) =>
        response.Headers.TryGetValues(name, out var values) || response.Content.Headers.TryGetValues(name, out values) ? string.Join(",", values) : null;

    /// <summary>Checks the status.</summary>
    public Reply Is(int status)
    {
        Assert.True(Status == status, $"{Status}, not {status}: {body}");
        return this;
    }

    /// <summary>Checks that it is a problem of this code.</summary>
    public Reply Refused(int status, string code)
    {
        Is(status);
        Assert.Equal("application/problem+json", Header("Content-Type"));
        Assert.Equal(code, Code);
        return this;
    }
}
