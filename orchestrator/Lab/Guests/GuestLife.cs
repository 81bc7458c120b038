namespace Refresh.Lab.Guests;

/// <summary>How a guest fares at this moment.</summary>
internal sealed class GuestLife(GuestBehaviour behaviour, TimeProvider time)
{
    private readonly long _began = time.GetTimestamp();
    private volatile GuestBehaviour _behaviour = behaviour;

    public bool Healthy =>
        !_behaviour.Sick
        && (_behaviour.FlapMs == 0 || (long)(time.GetElapsedTime(_began).TotalMilliseconds / _behaviour.FlapMs) % 2 == 0);

    public Task DelayAsync(int ms, CancellationToken cancellation) =>
        ms + _behaviour.SlowMs is > 0 and var total
            ? Task.Delay(TimeSpan.FromMilliseconds(total), time, cancellation)
            : Task.CompletedTask;

    /// <summary>Waits for what is left of the boot delay, which begins with the process and covers its own start.</summary>
    public Task BootAsync(DateTimeOffset poweredAt, CancellationToken cancellation)
    {
        var left = poweredAt + TimeSpan.FromMilliseconds(_behaviour.BootDelayMs) - time.GetUtcNow();
        return _behaviour.NeverBoots ? Task.Delay(Timeout.InfiniteTimeSpan, time, cancellation)
            : left > TimeSpan.Zero ? Task.Delay(left, time, cancellation)
            : Task.CompletedTask;
    }

    public void Booted() => DieLater();

    public void Become(GuestBehaviour behaviour)
    {
        _behaviour = behaviour;
        DieLater();
    }

    private async void DieLater()
    {
        if (_behaviour.DiesAfterMs is var ms and > 0)
        {
            await Task.Delay(TimeSpan.FromMilliseconds(ms), time);
            Unix.Die();
        }
    }
}
