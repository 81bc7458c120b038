using Refresh.Workflows.Ports;

namespace Refresh.Orchestrator.Engine;

/// <summary>Holds the lease of a fleet: renews it in the background, and proves before each act that it is still ours (promise 6).</summary>
internal sealed class Fence : IAsyncDisposable
{
    private readonly IRunJournal _journal;
    private readonly TimeProvider _clock;
    private readonly TimeSpan _duration;
    private readonly CancellationTokenSource _lost = new();
    private readonly CancellationTokenSource _stop = new();
    private readonly SemaphoreSlim _one = new(1, 1);
    private readonly Task _renewing;

    public Fence(IRunJournal journal, Lease lease, TimeSpan duration, TimeProvider clock)
    {
        _journal = journal;
        _clock = clock;
        _duration = duration;
        Lease = lease;
        _renewing = RenewAsync();
    }

    public Lease Lease { get; private set; }

    /// <summary>Fires when the lease is lost: whatever is under way must stop.</summary>
    public CancellationToken Lost => _lost.Token;

    /// <summary>Writes to the journal that the lease is still ours.</summary>
    /// <exception cref="JournalException">It is not.</exception>
    public async Task ProveAsync(CancellationToken cancellation)
    {
        await _one.WaitAsync(cancellation);
        try
        {
            Lease = await _journal.RenewAsync(Lease, _duration, cancellation);
        }
        catch (JournalException fault) when (fault.Fault == JournalFault.LeaseLost)
        {
            await _lost.CancelAsync();
            throw;
        }
        finally
        {
            _one.Release();
        }
    }

    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        await _renewing;
        if (!_lost.IsCancellationRequested)
        {
            try
            {
                await _journal.ReleaseAsync(Lease, CancellationToken.None);
            }
            catch (JournalException)
            {
                // It ends by itself.
            }
        }

        _stop.Dispose();
        _lost.Dispose();
        _one.Dispose();
    }

    private async Task RenewAsync()
    {
        try
        {
            while (true)
            {
                await Task.Delay(_duration / 3, _clock, _stop.Token);
                await RenewOnceAsync();
            }
        }
        catch (OperationCanceledException)
        {
            // Disposed, or lost.
        }
    }

    private async Task RenewOnceAsync()
    {
        try
        {
            await ProveAsync(_stop.Token);
        }
        catch (JournalException fault)
        {
            // A journal that cannot be written for a while is tried again until the lease has run out.
            if (fault.Fault != JournalFault.LeaseLost && _clock.GetUtcNow() < Lease.ExpiresAt)
                return;
            await _lost.CancelAsync();
            throw new OperationCanceledException("The lease is lost.", fault);
        }
    }
}
