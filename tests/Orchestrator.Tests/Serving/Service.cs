using System.Net.Http.Headers;
using System.Text;
using System.Text.Json;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.Logging.Abstractions;
using Refresh.Orchestrator.Engine;
using Refresh.Orchestrator.Journals;
using Refresh.Orchestrator.Journals.Service;
using Refresh.Orchestrator.Serving.Access;
using Refresh.Orchestrator.Serving.Configuration;
using Refresh.Orchestrator.Serving.Hosting;
using Refresh.Orchestrator.Serving.Secrets;
using Refresh.Orchestrator.Tests.Lab;
using Xunit;

namespace Refresh.Orchestrator.Tests.Serving;

/// <summary>The real service on a real port, with a directory of fleet files and a journal of its own; it can be stopped and started again.</summary>
internal sealed class Service : IAsyncDisposable
{
    private readonly Dictionary<string, string?> _settings;
    private WebApplication? _app;
    private SqliteRunJournal? _journal;
    private int _ids;

    private Service(IEnumerable<(string Key, string Value)> settings)
    {
        Directory.CreateDirectory(Fleets);
        _settings = new() { ["fleets"] = Fleets, ["listen"] = "http://127.0.0.1:0", ["lookEvery"] = "50ms", ["stopWithin"] = "20s", ["limits:requestsPerMinute"] = "100000" };
        foreach (var (key, value) in settings)
            _settings[key] = value;
    }

    public string Folder { get; } = Directory.CreateTempSubdirectory("refresh-serve-").FullName;

    public string Fleets => Path.Combine(Folder, "fleets");

    public string JournalPath => Path.Combine(Folder, "journal.db");

    public string LogPath => Path.Combine(Folder, "serve.log");

    public Uri Address { get; private set; } = null!;

    public Redaction Redaction { get; } = new();

    public SqliteRunJournal Journal => _journal!;

    public IServiceProvider Provider => _app!.Services;

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public static async Task<Service> StartAsync(params (string Key, string Value)[] settings)
    {
        var service = new Service(settings);
        await service.StartAsync();
        return service;
    }

    public async Task StartAsync()
    {
        var (settings, mistakes) = ServeSettingsReader.Read(new ConfigurationBuilder().AddInMemoryCollection(_settings).Build());
        Assert.Empty(mistakes);
        var (secrets, missing) = await SecretStore.OpenAsync(settings!, Redaction, Cancellation);
        Assert.Empty(missing);
        _journal = await SqliteRunJournal.OpenAsync(JournalPath, TimeProvider.System, EventFormat.Standard.Cleaned(Redaction.Clean), Cancellation);
        var worker = new WorkerOptions { Worker = $"test:{Guid.NewGuid():N}", LeaseDuration = TimeSpan.FromSeconds(2) };
        var prefix = Guid.NewGuid().ToString("N")[..6];
        _app = ServeHost.Build(new ServeParts(settings!, secrets, Redaction, _journal, worker, TimeProvider.System, () => FormattableString.Invariant($"{prefix}{Interlocked.Increment(ref _ids)}"), ServeLog.Create(settings!, Redaction, LogPath)));
        await _app.StartAsync(Cancellation);
        Address = new Uri(_app.Urls.First());
    }

    /// <summary>Stops the service as its host does at the end.</summary>
    public async Task StopAsync()
    {
        if (_app is null)
            return;
        await _app.StopAsync(CancellationToken.None);
        await _app.DisposeAsync();
        await _journal!.DisposeAsync();
        _app = null;
    }

    /// <summary>A client with a token of its own.</summary>
    public async Task<ApiClient> ClientAsync(string person, params string[] roles)
    {
        var desk = new TokenDesk(new TokenStore(Journal.Database), TimeProvider.System, () => Guid.NewGuid().ToString("N")[..8], NullLogger<TokenDesk>.Instance);
        var (token, _) = await desk.CreateAsync(person, Grants.Parse(string.Join(' ', roles)), string.Empty, null, "test", Cancellation);
        return new ApiClient(() => Address, token);
    }

    public async ValueTask DisposeAsync()
    {
        await StopAsync();
        Directory.Delete(Folder, recursive: true);
    }
}

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
