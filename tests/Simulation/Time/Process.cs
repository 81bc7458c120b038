namespace Refresh.Simulation.Time;

/// <summary>
/// A process of the simulated machine: all that its code awaits goes on here, one step after the other. It can be killed or
/// stopped between any two of them.
/// </summary>
internal sealed class Process(string name, Scheduler scheduler) : SynchronizationContext
{
    private readonly List<(SendOrPostCallback Act, object? State)> _held = [];

    /// <summary>The one whose step this is.</summary>
    public static new Process Current => (Process)SynchronizationContext.Current!;

    public string Name { get; } = name;

    public bool Alive { get; private set; } = true;

    public bool Stopped { get; private set; }

    /// <summary>Steps it has taken.</summary>
    public long Steps { get; private set; }

    /// <summary>It is killed before it takes this step; 0 for never.</summary>
    public long KillAt { get; set; }

    /// <summary>Called when it is killed there.</summary>
    public Action? AtKill { get; set; }

    /// <summary>The fencing token of the lease it took last.</summary>
    public long Epoch { get; set; }

    /// <summary>Called when it is killed.</summary>
    public Action<Process>? Killed { get; set; }

    public override void Post(SendOrPostCallback d, object? state) => scheduler.Ready(this, d, state);

    public override void Send(SendOrPostCallback d, object? state) => throw new NotSupportedException("Nothing waits for a simulated process.");

    public override SynchronizationContext CreateCopy() => this;

    public void Run(SendOrPostCallback act, object? state)
    {
        if (!Alive)
            return;
        if (Stopped)
        {
            _held.Add((act, state));
            return;
        }

        if (++Steps == KillAt)
        {
            AtKill?.Invoke();
            Kill();
            return;
        }

        SetSynchronizationContext(this);
        try
        {
            act(state);
        }
        finally
        {
            SetSynchronizationContext(null);
        }
    }

    /// <summary>It ends where it stands: nothing that it awaits ever goes on.</summary>
    public void Kill()
    {
        if (!Alive)
            return;
        Alive = false;
        _held.Clear();
        Killed?.Invoke(this);
    }

    /// <summary>It ends by itself.</summary>
    public void Exit() => Alive = false;

    /// <summary>It stands still, as after SIGSTOP, and wakes up knowing nothing of it.</summary>
    public void Stop(TimeSpan time)
    {
        if (!Alive || Stopped)
            return;
        Stopped = true;
        scheduler.After(time, () =>
        {
            Stopped = false;
            foreach (var (act, state) in _held)
                Post(act, state);
            _held.Clear();
        });
    }
}
