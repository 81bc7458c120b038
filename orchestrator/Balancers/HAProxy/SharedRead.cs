namespace Refresh.Orchestrator.Balancers.HAProxy;

/// <summary>
/// One reading for all who ask at the same time, so that fifty pairs cost a balancer no more than one. A reading begins
/// after the asking: who asks while one is under way shares the next.
/// </summary>
/// <typeparam name="T">What is read.</typeparam>
/// <param name="read">Reads; its time is bounded by itself.</param>
internal sealed class SharedRead<T>(Func<Task<T>> read)
{
    private readonly Lock _one = new();
    private Task _underWay = Task.CompletedTask;
    private Task<T>? _next;

    /// <summary>Asks.</summary>
    /// <param name="cancellation">Ends the wait of this asker alone.</param>
    /// <returns>What was read after the asking.</returns>
    public Task<T> AskAsync(CancellationToken cancellation)
    {
        lock (_one)
            return (_next ??= ReadAfterAsync(_underWay)).WaitAsync(cancellation);
    }

    private async Task<T> ReadAfterAsync(Task before)
    {
        // Yields even when nothing is under way: the asker is to have noted this task first.
        await before.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing | ConfigureAwaitOptions.ForceYielding);
        lock (_one)
        {
            _underWay = _next!;
            _next = null;
        }

        return await read();
    }
}
