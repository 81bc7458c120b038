using Refresh.Workflows.Fleets;
using Refresh.Workflows.Ports;
using Refresh.Workflows.Runs;

namespace Refresh.Orchestrator.Engine;

/// <summary>Is told how a run goes. It must return at once and may not throw.</summary>
public interface IRunWatcher
{
    /// <summary>Entries are on disk.</summary>
    /// <param name="run">The run after them.</param>
    /// <param name="entries">The entries.</param>
    void Advanced(Run run, IReadOnlyList<JournalEntry> entries);

    /// <summary>A run that has entries already is taken up; comes before all else of it.</summary>
    /// <param name="run">The run as it is.</param>
    /// <param name="entries">All its entries so far.</param>
    void TakenUp(Run run, IReadOnlyList<JournalEntry> entries) => Advanced(run, entries);

    /// <summary>A step says what it is doing. This is not journaled.</summary>
    /// <param name="member">The member that the step is about.</param>
    /// <param name="text">What it says, for example <c>3 sessions left</c>.</param>
    void Progressed(MemberId member, string text);
}
