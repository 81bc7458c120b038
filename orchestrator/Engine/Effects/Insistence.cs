using Refresh.Workflows.Ports;

namespace Refresh.Orchestrator.Engine.Effects;

/// <summary>Does again, until the deadline of an intent, what may be done again without harm.</summary>
internal static class Insistence
{
    /// <summary>Does it until it succeeds; the last failure before the deadline is thrown.</summary>
    /// <exception cref="AdapterException">It failed, and no time is left for another try.</exception>
    public static async Task<T> UntilAsync<T>(DateTimeOffset deadline, TimeSpan pause, EffectContext context, TimeProvider clock, Func<Task<T>> act, CancellationToken cancellation)
    {
        var countdown = new Countdown(deadline, context.Decided, clock);
        while (true)
        {
            try
            {
                return await act();
            }
            catch (AdapterException failure) when (countdown.Left > pause)
            {
                context.Progress.Report(failure.Reason.Text);
                await Task.Delay(pause, clock, cancellation);
            }
        }
    }
}
