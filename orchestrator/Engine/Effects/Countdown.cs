namespace Refresh.Orchestrator.Engine.Effects;

/// <summary>The time that is left until an instant that was decided on: a clock that is set since, even while the decision was journaled, neither shortens nor prolongs it.</summary>
internal readonly struct Countdown(DateTimeOffset until, Moment decided, TimeProvider clock)
{
    public TimeSpan Left => until - decided.At - clock.GetElapsedTime(decided.Timestamp);
}
