namespace Refresh.Simulation.Time;

/// <summary>
/// Virtual time on one thread. What is due happens in the order of time; of what is ready at the same instant the seed
/// chooses what comes first, as a thread pool might.
/// </summary>
internal sealed class Scheduler(Random order)
{
    private readonly PriorityQueue<Action, (long At, long Order)> _due = new();
    private readonly List<(Process Process, SendOrPostCallback Act, object? State)> _ready = [];
    private readonly int _thread = Environment.CurrentManagedThreadId;
    private long _asked;
    private int _strangers;

    /// <summary>Time since the beginning; it never runs backwards.</summary>
    public TimeSpan Now { get; private set; }

    /// <summary>Steps taken.</summary>
    public long Steps { get; private set; }

    public void After(TimeSpan delay, Action act) => _due.Enqueue(act, (Now.Ticks + Math.Max(0, delay.Ticks), _asked++));

    public void Ready(Process process, SendOrPostCallback act, object? state)
    {
        // Something went on on a thread of its own: the seed no longer decides what comes when.
        if (Environment.CurrentManagedThreadId != _thread)
            Interlocked.Increment(ref _strangers);
        else
            _ready.Add((process, act, state));
    }

    /// <summary>Takes one step of what is ready or due until an instant.</summary>
    /// <returns>False when nothing is.</returns>
    public bool StepUntil(TimeSpan instant) => (_ready.Count > 0 || (_due.TryPeek(out _, out var next) && next.At <= instant.Ticks)) && Step();

    /// <summary>Takes one step.</summary>
    /// <returns>False when nothing is left to happen.</returns>
    public bool Step()
    {
        if (Volatile.Read(ref _strangers) > 0)
            throw new BrokenPromiseException("determinism", "a continuation came from another thread");
        Steps++;
        if (_ready.Count > 0)
        {
            var chosen = _ready.Count == 1 ? 0 : order.Next(_ready.Count);
            var (process, act, state) = _ready[chosen];
            _ready[chosen] = _ready[^1];
            _ready.RemoveAt(_ready.Count - 1);
            process.Run(act, state);
            return true;
        }

        if (!_due.TryDequeue(out var next, out var when))
            return false;
        Now = TimeSpan.FromTicks(when.At);
        next();
        return true;
    }
}
