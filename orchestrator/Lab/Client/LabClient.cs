using System.Net.Http.Json;
using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using Refresh.Lab.Images;

namespace Refresh.Lab.Client;

/// <summary>Speaks to a lab over its HTTP interface. Every call throws <see cref="LabException"/> when the lab refuses or does not answer.</summary>
public sealed class LabClient : IDisposable
{
    private static readonly TimeSpan s_connect = TimeSpan.FromSeconds(10);
    private static readonly TimeSpan s_answer = TimeSpan.FromSeconds(30);
    private readonly HttpClient _http;

    /// <summary>Creates a client.</summary>
    /// <param name="api">The lab's address.</param>
    public LabClient(Uri api) => _http = new HttpClient(new SocketsHttpHandler
    {
        UseProxy = false,
        ConnectTimeout = s_connect,
        // A connection is used once: on a used one that breaks, a command would be sent again behind our back.
        PooledConnectionLifetime = TimeSpan.Zero,
    })
    {
        BaseAddress = api,
        Timeout = s_answer,
    };

    /// <summary>Reads where the lab of a directory is.</summary>
    /// <param name="directory">The lab's directory.</param>
    /// <returns>A client for it.</returns>
    public static LabClient Of(string directory) => new(Facts(directory).Api);

    /// <summary>Reads the facts of the lab of a directory, as it wrote them when it was ready.</summary>
    /// <param name="directory">The lab's directory.</param>
    /// <returns>The facts.</returns>
    /// <exception cref="LabException">No lab runs there.</exception>
    public static LabFacts Facts(string directory)
    {
        var file = Path.Combine(directory, LabFacts.FileName);
        try
        {
            return JsonSerializer.Deserialize(File.ReadAllBytes(file), LabJson.Default.LabFacts)!;
        }
        catch (Exception e) when (e is IOException or JsonException)
        {
            throw new LabException("lab-not-running", 0, $"No lab runs in {directory}.", "start one with: refresh lab up", e);
        }
    }

    /// <summary>All facts of the lab.</summary>
    /// <param name="cancellation">Ends the call.</param>
    public Task<LabFacts> FactsAsync(CancellationToken cancellation) => GetAsync("v1/lab", LabJson.Default.LabFacts, cancellation);

    /// <summary>Its images, by name, then newest build first.</summary>
    /// <param name="cancellation">Ends the call.</param>
    public Task<IReadOnlyList<LabImage>> ImagesAsync(CancellationToken cancellation) => GetAsync("v1/images", LabJson.Default.IReadOnlyListLabImage, cancellation);

    /// <summary>Its VMs, by name.</summary>
    /// <param name="cancellation">Ends the call.</param>
    public Task<IReadOnlyList<LabVm>> VmsAsync(CancellationToken cancellation) => GetAsync("v1/vms", LabJson.Default.IReadOnlyListLabVm, cancellation);

    /// <summary>One VM.</summary>
    /// <param name="name">Its name.</param>
    /// <param name="cancellation">Ends the call.</param>
    /// <returns>The VM, or null if the lab knows none of that name.</returns>
    public async Task<LabVm?> FindAsync(string name, CancellationToken cancellation)
    {
        try
        {
            return await GetAsync($"v1/vms/{Uri.EscapeDataString(name)}", LabJson.Default.LabVm, cancellation);
        }
        catch (LabException e) when (e.Code == "unknown-vm")
        {
            return null;
        }
    }

    /// <summary>Begins to replace a VM in place.</summary>
    /// <param name="name">Its name.</param>
    /// <param name="request">By what, and on which condition.</param>
    /// <param name="cancellation">Ends the call, not the clone.</param>
    public Task<LabOperation> CloneAsync(string name, CloneRequest request, CancellationToken cancellation) =>
        PostAsync($"v1/vms/{Uri.EscapeDataString(name)}/clone", request, LabJson.Default.CloneRequest, cancellation);

    /// <summary>Begins to make a VM that is not there.</summary>
    /// <param name="request">What it is to be.</param>
    /// <param name="cancellation">Ends the call, not the creation.</param>
    public Task<LabOperation> CreateAsync(CreateRequest request, CancellationToken cancellation) =>
        PostAsync("v1/vms", request, LabJson.Default.CreateRequest, cancellation);

    /// <summary>Begins to delete a VM.</summary>
    /// <param name="name">Its name.</param>
    /// <param name="cancellation">Ends the call, not the deletion.</param>
    public Task<LabOperation> DeleteAsync(string name, CancellationToken cancellation) =>
        SendAsync(new(HttpMethod.Delete, $"v1/vms/{Uri.EscapeDataString(name)}"), LabJson.Default.LabOperation, cancellation);

    /// <summary>Begins to switch a VM.</summary>
    /// <param name="name">Its name.</param>
    /// <param name="action">What to do.</param>
    /// <param name="cancellation">Ends the call, not the switching.</param>
    public Task<LabOperation> PowerAsync(string name, PowerAction action, CancellationToken cancellation) =>
        PostAsync($"v1/vms/{Uri.EscapeDataString(name)}/power", new(action), LabJson.Default.PowerRequest, cancellation);

    /// <summary>The latest operations on a VM, oldest first.</summary>
    /// <param name="vm">The VM's name, or null for all.</param>
    /// <param name="cancellation">Ends the call.</param>
    public Task<IReadOnlyList<LabOperation>> OperationsAsync(string? vm, CancellationToken cancellation) =>
        GetAsync(vm is null ? "v1/operations" : $"v1/operations?vm={Uri.EscapeDataString(vm)}", LabJson.Default.IReadOnlyListLabOperation, cancellation);

    /// <summary>Waits until an operation has ended.</summary>
    /// <param name="operation">The operation.</param>
    /// <param name="progress">Is told each new phase, or null.</param>
    /// <param name="cancellation">Ends the wait, not the operation.</param>
    /// <returns>The operation as it ended, which may be failed.</returns>
    public async Task<LabOperation> WaitAsync(LabOperation operation, IProgress<string>? progress, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(operation);
        var phase = string.Empty;
        while (!operation.Finished)
        {
            if (operation.Phase != phase)
                progress?.Report(phase = operation.Phase);
            operation = await GetAsync($"v1/operations/{operation.Id}?wait=500", LabJson.Default.LabOperation, cancellation);
        }
        return operation;
    }

    /// <summary>Lets something go wrong.</summary>
    /// <param name="request">What, where and how often.</param>
    /// <param name="cancellation">Ends the call.</param>
    public Task FailAsync(FaultRequest request, CancellationToken cancellation) =>
        SendAsync(new(HttpMethod.Post, "v1/faults") { Content = JsonContent.Create(request, LabJson.Default.FaultRequest) }, cancellation);

    /// <summary>Clears faults: those that wait, those of running guests, and clones that hang.</summary>
    /// <param name="vm">The VM's name, or null for all.</param>
    /// <param name="cancellation">Ends the call.</param>
    public Task ClearFaultsAsync(string? vm, CancellationToken cancellation) =>
        SendAsync(new(HttpMethod.Delete, vm is null ? "v1/faults" : $"v1/faults?vm={Uri.EscapeDataString(vm)}"), cancellation);

    /// <summary>Tells the lab to stop; its process ends some time later.</summary>
    /// <param name="cancellation">Ends the call.</param>
    public Task ShutdownAsync(CancellationToken cancellation) => SendAsync(new(HttpMethod.Post, "v1/shutdown"), cancellation);

    /// <inheritdoc />
    public void Dispose() => _http.Dispose();

    private Task<T> GetAsync<T>(string path, JsonTypeInfo<T> type, CancellationToken cancellation) =>
        SendAsync(new(HttpMethod.Get, path), type, cancellation);

    private Task<LabOperation> PostAsync<T>(string path, T body, JsonTypeInfo<T> type, CancellationToken cancellation) =>
        SendAsync(new(HttpMethod.Post, path) { Content = JsonContent.Create(body, type) }, LabJson.Default.LabOperation, cancellation);

    private async Task<T> SendAsync<T>(HttpRequestMessage request, JsonTypeInfo<T> type, CancellationToken cancellation)
    {
        var body = await SendAsync(request, cancellation);
        return JsonSerializer.Deserialize(body, type)
            ?? throw new LabException("lab-unreadable", 0, $"The lab at {_http.BaseAddress} answered null.", "look whether it is a lab that answers there");
    }

    private async Task<byte[]> SendAsync(HttpRequestMessage request, CancellationToken cancellation)
    {
        try
        {
            using (request)
            using (var response = await _http.SendAsync(request, cancellation))
            {
                var body = await response.Content.ReadAsByteArrayAsync(cancellation);
                return response.IsSuccessStatusCode ? body : throw Refusal(body, (int)response.StatusCode);
            }
        }
        catch (Exception e) when (e is HttpRequestException or IOException || (e is OperationCanceledException && !cancellation.IsCancellationRequested))
        {
            throw new LabException("lab-unreachable", 0, $"The lab at {_http.BaseAddress} does not answer: {(e is OperationCanceledException ? "nothing came in time" : e.Message)}", "look whether it runs: refresh lab list", e);
        }
    }

    private LabException Refusal(byte[] body, int status)
    {
        try
        {
            if (JsonSerializer.Deserialize(body, LabJson.Default.LabProblem) is { Code: not null } problem)
                return new(problem.Code, status, problem.Detail, problem.Next);
        }
        catch (JsonException)
        {
            // Not a lab's answer; said below.
        }
        return new("lab-unreadable", status, $"{_http.BaseAddress} answered status {status}, not as a lab does.", "look whether it is a lab that answers there");
    }
}
