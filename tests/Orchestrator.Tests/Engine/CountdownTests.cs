using Refresh.Orchestrator.Engine;
using Refresh.Orchestrator.Engine.Effects;
using Xunit;

namespace Refresh.Orchestrator.Tests.Engine;

public sealed class CountdownTests
{
    [Theory]
    [InlineData(8)]
    [InlineData(-3600)]
    public void A_clock_that_is_set_while_a_decision_is_journaled_neither_shortens_nor_prolongs_what_was_decided(int seconds)
    {
        var clock = new SetClock();
        var decided = Moment.Now(clock);
        var until = decided.At + TimeSpan.FromSeconds(20);
        clock.Set(TimeSpan.FromSeconds(seconds));
        Assert.Equal(TimeSpan.FromSeconds(20), new Countdown(until, decided, clock).Left);
        clock.Pass(TimeSpan.FromSeconds(5));
        Assert.Equal(TimeSpan.FromSeconds(15), new Countdown(until, decided, clock).Left);
    }

    /// <summary>A clock that may be set, and time that passes all the same.</summary>
    private sealed class SetClock : TimeProvider
    {
        private TimeSpan _passed;
        private TimeSpan _offset;

        public override long TimestampFrequency => TimeSpan.TicksPerSecond;

        public override DateTimeOffset GetUtcNow() => DateTimeOffset.UnixEpoch + _passed + _offset;

        public override long GetTimestamp() => _passed.Ticks;

        public void Set(TimeSpan by) => _offset += by;

        public void Pass(TimeSpan time) => _passed += time;
    }
}
