namespace Refresh.Orchestrator.Engine.Effects;

/// <summary>Waits by the injected clock.</summary>
internal static class Waiting
{
    // A timer takes at most about 49 days.
    private static readonly TimeSpan s_longest = TimeSpan.FromDays(1);

    // A timer counts whole milliseconds, and what is left of one would be waited for by spinning.
    private static readonly TimeSpan s_rest = TimeSpan.FromMilliseconds(1);

    public static async Task UntilAsync(Countdown countdown, TimeProvider clock, CancellationToken cancellation)
    {
        for (var left = countdown.Left; left > TimeSpan.Zero; left = countdown.Left)
            await Task.Delay(left < s_longest ? left + s_rest : s_longest, clock, cancellation);
    }
}
