using Microsoft.Extensions.Logging;

namespace Refresh.Orchestrator.Serving.Hosting;

/// <summary>What the worker's loop has begun with fleets and does not wait for: one thing at a time for each fleet, and so many at once that a few slow ones hold up no other.</summary>
/// <param name="logger">Where failures are told.</param>
internal sealed partial class Beginnings(ILogger logger) : IDisposable
{
    private const int AtOnce = 64;
    private readonly SemaphoreSlim _places = new(AtOnce, AtOnce);
    private readonly Dictionary<string, Task> _underWay = new(StringComparer.Ordinal);

    /// <summary>Whether something is under way with a fleet.</summary>
    public bool IsBusy(string fleet) => _underWay.TryGetValue(fleet, out var task) && !task.IsCompleted;

    /// <summary>Begins something with a fleet that is not busy.</summary>
    /// <param name="fleet">The fleet.</param>
    /// <param name="act">What is done. When it fails that is logged, and the next look begins it anew.</param>
    /// <param name="stopping">Ends it.</param>
    public void Begin(string fleet, Func<CancellationToken, Task> act, CancellationToken stopping) => _underWay[fleet] = RunAsync(fleet, act, stopping);

    /// <summary>Waits until nothing is under way any more, or for the deadline.</summary>
    public async Task EndAsync(CancellationToken deadline)
    {
        try
        {
            await Task.WhenAll(_underWay.Values).WaitAsync(deadline);
        }
        catch (OperationCanceledException)
        {
            // What is left ends with the process, and is begun anew at the next start.
        }
    }

    public void Dispose() => _places.Dispose();

    private async Task RunAsync(string fleet, Func<CancellationToken, Task> act, CancellationToken stopping)
    {
        await Task.Yield();
        try
        {
            await _places.WaitAsync(stopping);
            try
            {
                await act(stopping);
            }
            finally
            {
                _places.Release();
            }
        }
        catch (OperationCanceledException) when (stopping.IsCancellationRequested)
        {
            // The next start begins it anew.
        }
        catch (Exception failure)
        {
            LogFailed(fleet, failure.Message);
        }
    }

    [LoggerMessage(Level = LogLevel.Warning, Message = "What was begun with fleet {Fleet} has failed: {Why}")]
    private partial void LogFailed(string fleet, string why);
}
