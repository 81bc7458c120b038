using Refresh.Orchestrator.Serving.Secrets;
using Refresh.Workflows.Ports;

namespace Refresh.Orchestrator.Serving.Events;

/// <summary>The entries of one run as frames of an event stream, read from the journal once for all who listen. Those that come late read what they missed from the journal themselves.</summary>
internal sealed class RunFeed : IDisposable
{
    private const int Kept = 512;
    private static readonly TimeSpan s_poll = TimeSpan.FromSeconds(1);
    private readonly IRunJournal _journal;
    private readonly Redaction _redaction;
    private readonly CancellationTokenSource _end = new();
    private readonly SemaphoreSlim _nudge = new(0, 1);
    private volatile Window _window = new([], 0, new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously));

    public RunFeed(string run, IRunJournal journal, Redaction redaction)
    {
        (Run, _journal, _redaction) = (run, journal, redaction);
        _ = TailAsync();
    }

    public string Run { get; }

    /// <summary>How many listen; counted by who hands feeds out.</summary>
    public int Listeners { get; set; }

    /// <summary>The latest frames, and what is completed when there are more.</summary>
    public Window Latest => _window;

    /// <summary>Looks into the journal now.</summary>
    public void Nudge()
    {
        try
        {
            _nudge.Release();
        }
        catch (Exception needless) when (needless is SemaphoreFullException or ObjectDisposedException)
        {
            // It looks anyway, or nobody listens any more.
        }
    }

    /// <summary>Ends the feed: its reader disposes what it uses.</summary>
    public void Dispose() => _end.Cancel();

    private async Task TailAsync()
    {
        try
        {
            long? last = null;
            while (true)
            {
                last = await ReadAsync(last);
                await _nudge.WaitAsync(s_poll, _end.Token);
            }
        }
        catch (OperationCanceledException)
        {
            // Nobody listens any more.
        }
        finally
        {
            _window.More.TrySetResult();
            _end.Dispose();
            _nudge.Dispose();
        }
    }

    /// <summary>Reads what comes after an entry; at first, which entry is the last.</summary>
    private async Task<long?> ReadAsync(long? before)
    {
        var last = before;
        try
        {
            if (last is null)
                Publish([], (long)(last = (await _journal.FindAsync(Run, _end.Token))?.Sequence ?? 0));
            var frames = new List<Frame>();
            await foreach (var entry in _journal.ReadAsync(Run, last.Value, _end.Token))
                frames.Add(Frame.Of(entry, _redaction));
            if (frames.Count > 0)
                Publish(frames, (long)(last = frames[^1].Sequence));
        }
        catch (JournalException)
        {
            // It is tried again; who listens sees the beats, and /readyz tells of the journal.
        }

        return last;
    }

    private void Publish(IReadOnlyList<Frame> more, long last)
    {
        var before = _window;
        Frame[] all = [.. before.Frames, .. more];
        _window = new Window(all.Length > Kept ? all[^Kept..] : all, last, new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously));
        before.More.TrySetResult();
    }

    /// <summary>The latest frames of a run.</summary>
    /// <param name="Frames">In order, without a gap.</param>
    /// <param name="Last">The sequence of the last entry that was read.</param>
    /// <param name="More">Is completed when there is a newer window.</param>
    internal sealed record Window(IReadOnlyList<Frame> Frames, long Last, TaskCompletionSource More)
    {
        /// <summary>The frames after a sequence; null when the window does not reach back so far.</summary>
        public IEnumerable<Frame>? After(long sequence) =>
            sequence >= Last ? []
            : Frames.Count > 0 && Frames[0].Sequence <= sequence + 1 ? Frames.Where(frame => frame.Sequence > sequence)
            : null;
    }
}
