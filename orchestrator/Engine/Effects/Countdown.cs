namespace Refresh.Orchestrator.Engine.Effects;

/// <summary>The time that is left until an instant, as it was when this began: a clock that is set meanwhile neither shortens nor prolongs it.</summary>
internal readonly struct Countdown(DateTimeOffset until, TimeProvider clock)
{
    private readonly TimeSpan _length = until - clock.GetUtcNow();
    private readonly long _began = clock.GetTimestamp();

    public TimeSpan Left => _length - clock.GetElapsedTime(_began);
}
