namespace Refresh.Simulation.Time;

/// <summary>The clock of a simulated machine as one of its processes sees it. It may be set; its timers do not mind.</summary>
internal sealed class VirtualClock(Scheduler scheduler, Process process, Func<DateTimeOffset> wall) : TimeProvider
{
    public override long TimestampFrequency => TimeSpan.TicksPerSecond;

    public override DateTimeOffset GetUtcNow() => wall();

    public override long GetTimestamp() => scheduler.Now.Ticks;

    public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period)
    {
        var timer = new Timer(scheduler, process, callback, state);
        timer.Change(dueTime, period);
        return timer;
    }

    private sealed class Timer(Scheduler scheduler, Process process, TimerCallback callback, object? state) : ITimer
    {
        private int _version;

        public bool Change(TimeSpan dueTime, TimeSpan period)
        {
            var version = ++_version;
            if (dueTime != Timeout.InfiniteTimeSpan)
                scheduler.After(dueTime, () => Due(version, period));
            return true;
        }

        public void Dispose() => _version = -1;

        public ValueTask DisposeAsync()
        {
            Dispose();
            return ValueTask.CompletedTask;
        }

        private void Due(int version, TimeSpan period)
        {
            if (version != _version || !process.Alive)
                return;
            process.Post(_ =>
            {
                if (version == _version)
                    callback(state);
            }, null);
            if (period != Timeout.InfiniteTimeSpan && period > TimeSpan.Zero)
                scheduler.After(period, () => Due(version, period));
        }
    }
}
