using System.Threading.Channels;
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
    private readonly Channel<bool> _turn = Channel.CreateBounded<bool>(1);
    private readonly Task _renewing;
    private long _proved;

    public Fence(IRunJournal journal, Lease lease, TimeSpan duration, TimeProvider clock)
    {
        _journal = journal;
        _clock = clock;
        _duration = duration;
        _proved = clock.GetTimestamp();
        Lease = lease;
        _turn.Writer.TryWrite(true);
        _renewing = RenewAsync();
    }

    public Lease Lease { get; private set; }

    /// <summary>Fires when the lease is lost, or could not be proved for as long as it holds: whatever is under way must stop.</summary>
    public CancellationToken Lost => _lost.Token;

    /// <summary>Why <see cref="Lost"/> fired; null before.</summary>
    public JournalException? Fault { get; private set; }

    /// <summary>Writes to the journal that the lease is still ours. A journal that cannot be written for a moment is asked again while the lease holds, by the time that passes and not by a clock that can be set.</summary>
    /// <exception cref="JournalException">It is not, or that could not be written for as long as it holds.</exception>
    public async Task ProveAsync(CancellationToken cancellation)
    {
        await _turn.Reader.ReadAsync(cancellation);
        try
        {
            // An answer that was long under way proves nothing any more: somebody else may have the lease by now.
            do
            {
                var asked = _clock.GetTimestamp();
                Lease = await JournalPatience.AskAsync(() => _journal.RenewAsync(Lease, _duration, cancellation), _duration - _clock.GetElapsedTime(_proved), _clock, cancellation);
                _proved = asked;
            }
            while (_clock.GetElapsedTime(_proved) >= _duration / 3);
        }
        catch (JournalException fault)
        {
            Fault ??= fault;
            _lost.Cancel();
            throw;
        }
        finally
        {
            _turn.Writer.TryWrite(true);
        }
    }

    public async ValueTask DisposeAsync()
    {
        _stop.Cancel();
        await _renewing;
        if (Fault is null)
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
    }

    private async Task RenewAsync()
    {
        try
        {
            while (true)
            {
                await Task.Delay(_duration / 3, _clock, _stop.Token);
                await ProveAsync(_stop.Token);
            }
        }
        catch (OperationCanceledException)
        {
            // Disposed.
        }
        catch (JournalException)
        {
            // Lost, and told so.
        }
    }
}
