using System.Globalization;
using Refresh.Workflows.Ports;

namespace Refresh.Orchestrator.Application.Doctor;

/// <summary>Runs a check in a bounded time; whatever stops it is its finding.</summary>
internal sealed class Bounded(TimeSpan timeout, TimeProvider clock)
{
    public async Task<IReadOnlyList<Finding>> CheckAsync(string check, Func<CancellationToken, Task<IReadOnlyList<Finding>>> look, CancellationToken cancellation)
    {
        using var late = new CancellationTokenSource(timeout, clock);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(late.Token, cancellation);
        try
        {
            return await look(either.Token).WaitAsync(either.Token);
        }
        catch (AdapterException failure)
        {
            return [Finding.Wrong(check, failure.Reason)];
        }
        catch (JournalException fault)
        {
            return [Finding.Wrong(check, fault.Message, "mend the journal first")];
        }
        catch (OperationCanceledException) when (!cancellation.IsCancellationRequested)
        {
            return [Finding.Wrong(check, string.Create(CultureInfo.InvariantCulture, $"no answer within {timeout.TotalSeconds:0.#} s"), "look whether it hangs; a longer --timeout waits longer")];
        }
    }
}
