using Refresh.Orchestrator.Journals;

namespace Refresh.Orchestrator.Serving.Hosting;

/// <summary>The folder, beside the journal, for what adapters keep with the runs.</summary>
internal sealed class RecordsFolder(SqliteRunJournal journal)
{
    /// <summary>Where it is: the same as that of a command with this journal.</summary>
    public string Path { get; } = $"{journal.Database.Path}.records";
}
