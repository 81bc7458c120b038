using System.Net.Http.Json;
using System.Text.Json;
using Refresh.Lab;
using Refresh.Lab.Client;
using Refresh.Lab.Cloud;
using Xunit;

namespace Refresh.Orchestrator.Tests.Lab;

/// <summary>A running lab of real processes in a directory of its own, stopped and deleted when disposed. As a class fixture: one pair, no balancer, short delays.</summary>
public sealed class LabFixture : IAsyncLifetime
{
    /// <summary>The program under test, beside this one.</summary>
    public static readonly LabExecutable Executable = Path.GetFileNameWithoutExtension(Environment.ProcessPath) == "dotnet"
        ? LabExecutable.Library(Path.Combine(AppContext.BaseDirectory, "refresh.dll"))
        : new(Path.Combine(AppContext.BaseDirectory, "refresh"), []);

    private static readonly TimeSpan Bound = TimeSpan.FromMinutes(3);
    private readonly HttpClient _http = new(new SocketsHttpHandler { UseProxy = false, PooledConnectionLifetime = TimeSpan.Zero });
    private LabOptions _options = new(Path.Combine(Path.GetTempPath(), "refresh-lab-" + Guid.NewGuid().ToString("N")[..12]))
    {
        Pairs = 1,
        Balancer = BalancerChoice.None,
        CloneDelay = TimeSpan.FromMilliseconds(300),
        BootDelay = TimeSpan.FromMilliseconds(100),
        Lifetime = TimeSpan.FromMinutes(10),
    };

    public LabFacts Facts { get; private set; } = null!;

    public LabClient Client { get; private set; } = null!;

    public string Directory => _options.Directory;

    public static async Task<LabFixture> StartAsync(Func<LabOptions, LabOptions> with)
    {
        var fixture = new LabFixture();
        fixture._options = with(fixture._options);
        await fixture.InitializeAsync();
        return fixture;
    }

    public async ValueTask InitializeAsync()
    {
        using var bound = new CancellationTokenSource(Bound);
        Facts = await LabLauncher.StartAsync(_options, Executable, bound.Token);
        Client = new LabClient(Facts.Api);
    }

    public async Task<LabVm> VmAsync(string name) => (await Client.FindAsync(name, TestContext.Current.CancellationToken))!;

    /// <summary>Clones and waits until the operation has ended.</summary>
    public async Task<LabOperation> CloneAsync(string name, string image) => await EndAsync(await Client.CloneAsync(name, new(image), TestContext.Current.CancellationToken));

    public Task<LabOperation> EndAsync(LabOperation operation) => Client.WaitAsync(operation, null, TestContext.Current.CancellationToken);

    /// <summary>Asks a guest; a failed call is null.</summary>
    public async Task<HttpResponseMessage?> AskAsync(LabVm vm, string path, HttpMethod? method = null)
    {
        try
        {
            return await _http.SendAsync(new(method ?? HttpMethod.Get, Url(vm, path)), TestContext.Current.CancellationToken);
        }
        catch (HttpRequestException)
        {
            return null;
        }
    }

    /// <summary>Waits until a guest answers, and reads its identity.</summary>
    public async Task<JsonElement> IdentityAsync(LabVm vm)
    {
        await UntilAsync(async () => await AskAsync(vm, "/identity") is { IsSuccessStatusCode: true });
        return await _http.GetFromJsonAsync<JsonElement>(Url(vm, "/identity"), TestContext.Current.CancellationToken);
    }

    public static Uri Url(LabVm vm, string path) => new($"http://{vm.Host}:{vm.Port}{path}");

    public static async Task UntilAsync(Func<Task<bool>> condition)
    {
        using var bound = CancellationTokenSource.CreateLinkedTokenSource(TestContext.Current.CancellationToken);
        bound.CancelAfter(Bound);
        while (!await condition())
            await Task.Delay(20, bound.Token);
    }

    public async ValueTask DisposeAsync()
    {
        _http.Dispose();
        Client?.Dispose();
        using var bound = new CancellationTokenSource(Bound);
        try
        {
            await LabLauncher.StopAsync(Directory, TimeProvider.System, bound.Token);
        }
        catch (LabException)
        {
            // The test stopped or killed it.
        }
        System.IO.Directory.Delete(Directory, recursive: true);
    }
}
