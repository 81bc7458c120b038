using Microsoft.AspNetCore.Builder;
using Microsoft.Data.Sqlite;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.Logging.Abstractions;
using Refresh.Orchestrator.Engine;
using Refresh.Orchestrator.Journals;
using Refresh.Orchestrator.Journals.Service;
using Refresh.Orchestrator.Serving.Access;
using Refresh.Orchestrator.Serving.Configuration;
using Refresh.Orchestrator.Serving.Hosting;
using Refresh.Orchestrator.Serving.Secrets;
using Xunit;

namespace Refresh.Orchestrator.Tests.Serving;

/// <summary>The real service on a real port, with a directory of fleet files and a journal of its own; it can be stopped and started again.</summary>
internal sealed class Service : IAsyncDisposable
{
    private readonly Dictionary<string, string?> _settings;
    private WebApplication? _app;
    private SqliteRunJournal? _journal;
    private int _ids;

    // The same after every start, as that of a container is.
    private readonly string _worker = $"test:{Guid.NewGuid():N}";

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
        var worker = new WorkerOptions { Worker = _worker, LeaseDuration = TimeSpan.FromSeconds(2) };
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

    /// <summary>Does something to the journal's file from outside.</summary>
    public async Task<int> ExecuteAsync(string sql)
    {
        await using var connection = new SqliteConnection($"Data Source={JournalPath};Pooling=False");
        await connection.OpenAsync(Cancellation);
        await using var command = connection.CreateCommand();
        command.CommandText = sql;
        return await command.ExecuteNonQueryAsync(Cancellation);
    }

    public async ValueTask DisposeAsync()
    {
        await StopAsync();
        Directory.Delete(Folder, recursive: true);
    }
}
