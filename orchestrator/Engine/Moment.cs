namespace Refresh.Orchestrator.Engine;

/// <summary>A moment by the clock, and by the time that passes whatever the clock is set to afterwards.</summary>
/// <param name="At">What the clock showed.</param>
/// <param name="Timestamp">The clock's timestamp.</param>
internal readonly record struct Moment(DateTimeOffset At, long Timestamp)
{
    public static Moment Now(TimeProvider clock) => new(clock.GetUtcNow(), clock.GetTimestamp());
}
