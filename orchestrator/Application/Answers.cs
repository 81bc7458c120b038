using Refresh.Workflows.Ports;
using Refresh.Workflows.Runs;

namespace Refresh.Orchestrator.Application;

/// <summary>Waits for the answer that a run's worker gives to a request.</summary>
internal static class Answers
{
    private static readonly TimeSpan s_poll = TimeSpan.FromMilliseconds(100);
    private static readonly TimeSpan s_patience = TimeSpan.FromSeconds(30);

    /// <summary>Waits.</summary>
    /// <param name="journal">The journal.</param>
    /// <param name="clock">The only clock.</param>
    /// <param name="request">The request.</param>
    /// <param name="read">The sequence of the last entry of the run before it was asked.</param>
    /// <param name="awaited">Whether somebody is there who may answer.</param>
    /// <param name="cancellation">Ends the wait.</param>
    /// <returns>The answer; null when 30 seconds are over, or nobody is there to give one.</returns>
    public static async Task<RequestAnswered?> WaitAsync(IRunJournal journal, TimeProvider clock, RunRequest request, long read, Func<Task<bool>> awaited, CancellationToken cancellation)
    {
        var began = clock.GetTimestamp();
        while (true)
        {
            await foreach (var entry in journal.ReadAsync(request.Run, read, cancellation))
            {
                read = entry.Sequence;
                if (entry.Event is RequestAnswered answer && answer.Request.Id == request.Id)
                    return answer;
            }

            if (clock.GetElapsedTime(began) > s_patience || !await awaited())
                return null;
            await Task.Delay(s_poll, clock, cancellation);
        }
    }
}
