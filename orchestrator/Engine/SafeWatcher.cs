using Microsoft.Extensions.Logging;
using Refresh.Workflows.Fleets;
using Refresh.Workflows.Ports;
using Refresh.Workflows.Runs;

namespace Refresh.Orchestrator.Engine;

/// <summary>A view that cannot be written to (a full disk, a closed pipe) falls silent; the run goes on.</summary>
internal sealed partial class SafeWatcher(IRunWatcher watcher, ILogger logger) : IRunWatcher
{
    private volatile bool _silent;

    public void Advanced(Run run, IReadOnlyList<JournalEntry> entries) => Tell(() => watcher.Advanced(run, entries));

    public void TakenUp(Run run, IReadOnlyList<JournalEntry> entries) => Tell(() => watcher.TakenUp(run, entries));

    public void Progressed(MemberId member, string text) => Tell(() => watcher.Progressed(member, text));

    private void Tell(Action tell)
    {
        if (_silent)
            return;
        try
        {
            tell();
        }
        catch (Exception failure)
        {
            _silent = true;
            LogSilent(failure);
        }
    }

    [LoggerMessage(Level = LogLevel.Warning, Message = "What shows the run cannot be written to, and is left alone; the run goes on")]
    private partial void LogSilent(Exception failure);
}
