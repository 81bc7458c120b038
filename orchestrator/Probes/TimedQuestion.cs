namespace Refresh.Orchestrator.Probes;

/// <summary>A question that has a time of its own.</summary>
/// <param name="timeout">How long the answer may take.</param>
/// <param name="time">The clock.</param>
internal sealed class TimedQuestion(TimeSpan timeout, TimeProvider time)
{
    /// <summary>Asks.</summary>
    /// <param name="ask">Asks once, until it is told to end.</param>
    /// <param name="cancellation">Ends the question.</param>
    /// <returns>The answer.</returns>
    /// <exception cref="OperationCanceledException">It was ended.</exception>
    /// <exception cref="NoAnswerException">Its time is over.</exception>
    public async Task<T> AskAsync<T>(Func<CancellationToken, Task<T>> ask, CancellationToken cancellation)
    {
        using var deadline = new CancellationTokenSource(timeout, time);
        using var both = CancellationTokenSource.CreateLinkedTokenSource(deadline.Token, cancellation);
        try
        {
            both.Token.ThrowIfCancellationRequested();
            return await ask(both.Token);
        }
        catch (Exception) when (cancellation.IsCancellationRequested)
        {
            throw new OperationCanceledException(cancellation);
        }
        catch (Exception exception) when (deadline.IsCancellationRequested)
        {
            throw new NoAnswerException(FormattableString.Invariant($"no answer within {timeout.TotalSeconds:0.###} s"), exception);
        }
    }
}

/// <summary>The time for an answer is over.</summary>
internal sealed class NoAnswerException(string message, Exception inner) : Exception(message, inner);
