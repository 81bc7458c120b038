using Refresh.Workflows.Ports;

namespace Refresh.Orchestrator.Engine;

/// <summary>Asks the journal again when it cannot be used for a moment. Only for what may be asked twice: reads, and the proof of a lease.</summary>
internal static class JournalPatience
{
    private static readonly TimeSpan s_pause = TimeSpan.FromMilliseconds(250);

    /// <summary>Asks until it answers.</summary>
    /// <param name="ask">What is asked.</param>
    /// <param name="patience">How long it is asked again.</param>
    /// <param name="clock">The clock.</param>
    /// <param name="cancellation">Ends it.</param>
    /// <returns>The answer.</returns>
    /// <exception cref="JournalException">It could not be used for so long, or refused.</exception>
    public static async Task<T> AskAsync<T>(Func<Task<T>> ask, TimeSpan patience, TimeProvider clock, CancellationToken cancellation)
    {
        var began = clock.GetTimestamp();
        while (true)
        {
            try
            {
                return await ask();
            }
            catch (JournalException fault) when (fault.Fault == JournalFault.Unavailable && clock.GetElapsedTime(began) + s_pause < patience)
            {
                await Task.Delay(s_pause, clock, cancellation);
            }
        }
    }
}
