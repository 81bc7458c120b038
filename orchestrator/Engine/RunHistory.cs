using Refresh.Workflows.Ports;
using Refresh.Workflows.Runs;

namespace Refresh.Orchestrator.Engine;

/// <summary>A run read from the journal: its entries and the fold over them.</summary>
/// <param name="Run">The run as it is.</param>
/// <param name="Entries">All its entries, in order.</param>
public sealed record RunHistory(Run Run, IReadOnlyList<JournalEntry> Entries)
{
    /// <summary>Reads a run that others can stand in for: an old one that only tells how it went.</summary>
    /// <param name="journal">The journal.</param>
    /// <param name="run">The run's id.</param>
    /// <param name="cancellation">Ends the read.</param>
    /// <returns>The run; null where it is archived and its file lies elsewhere.</returns>
    /// <exception cref="JournalException">With <see cref="JournalFault.NoSuchRun"/> or <see cref="JournalFault.Damaged"/>.</exception>
    public static async Task<RunHistory?> TryReadAsync(IRunJournal journal, string run, CancellationToken cancellation)
    {
        try
        {
            return await ReadAsync(journal, run, cancellation);
        }
        catch (JournalException away) when (away.Fault == JournalFault.Archived)
        {
            return null;
        }
    }

    /// <summary>Reads a run.</summary>
    /// <param name="journal">The journal.</param>
    /// <param name="run">The run's id.</param>
    /// <param name="cancellation">Ends the read.</param>
    /// <returns>The run.</returns>
    /// <exception cref="JournalException">With <see cref="JournalFault.NoSuchRun"/> or <see cref="JournalFault.Damaged"/>.</exception>
    public static async Task<RunHistory> ReadAsync(IRunJournal journal, string run, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(journal);
        var entries = new List<JournalEntry>();
        Run? state = null;
        await foreach (var entry in journal.ReadAsync(run, 0, cancellation))
        {
            entries.Add(entry);
            state = entry.Event is RunPlanned planned ? RunFold.Begin(planned, entry.At)
                : state?.Apply(entry.Event, entry.At)
                ?? throw new JournalException(JournalFault.Damaged, $"Run {run} does not begin with its plan but with {entry.Event.GetType().Name}. Restore the journal from a backup.");
        }

        return state is null
            ? throw new JournalException(JournalFault.NoSuchRun, $"There is no run {run} in this journal. `refresh history` lists the runs that there are.")
            : new RunHistory(state, entries);
    }
}
