using Refresh.Workflows.Decisions;
using Refresh.Workflows.Ports;
using Refresh.Workflows.Runs;

namespace Refresh.Orchestrator.Engine;

/// <summary>Journals a decision: its entries, the run's head and the requests that it answers, in one transaction.</summary>
internal static class Step
{
    /// <summary>Writes it down.</summary>
    /// <param name="journal">The journal.</param>
    /// <param name="lease">The lease of the run's fleet.</param>
    /// <param name="before">The run before it.</param>
    /// <param name="sequence">The sequence of the run's last entry.</param>
    /// <param name="decision">What was decided; at least one event.</param>
    /// <param name="clock">When.</param>
    /// <returns>The entries, which are on disk.</returns>
    /// <exception cref="JournalException">Nothing was written.</exception>
    public static async Task<IReadOnlyList<JournalEntry>> WriteAsync(IRunJournal journal, Lease lease, Run before, long sequence, Decision decision, DateTimeOffset clock)
    {
        // A clock that was set back must not make the journal run backwards.
        var at = clock > before.UpdatedAt ? clock : before.UpdatedAt;
        var entries = decision.Events.Select((happened, place) => new JournalEntry(before.Id, sequence + 1 + place, at, lease.Epoch, happened)).ToList();
        var answered = decision.Events.OfType<RequestAnswered>().Select(answer => answer.Request.Id).ToList();
        await journal.AppendAsync(lease, RunHeads.Of(decision.Run, sequence + entries.Count), sequence, entries, answered, CancellationToken.None);
        return entries;
    }
}
