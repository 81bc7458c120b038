using Microsoft.Extensions.Logging;
using Refresh.Orchestrator.Engine;
using Refresh.Workflows.Fleets;
using Refresh.Workflows.Ports;
using Refresh.Workflows.Runs;

namespace Refresh.Orchestrator.Serving.Hosting;

/// <summary>All who are told how runs go; one that fails falls silent for that run, and no run waits for any of them.</summary>
/// <param name="watchers">Those who are told. What is registered as <see cref="IRunWatcher"/> is one of them.</param>
/// <param name="logger">Where a failure of one is told.</param>
internal sealed class Watchers(IEnumerable<IRunWatcher> watchers, ILogger<Watchers> logger)
{
    /// <summary>The watcher of one run.</summary>
    public IRunWatcher ForRun() => new All([.. watchers.Select(watcher => new SafeWatcher(watcher, logger))]);

    private sealed class All(IReadOnlyList<IRunWatcher> watchers) : IRunWatcher
    {
        public void Advanced(Run run, IReadOnlyList<JournalEntry> entries)
        {
            foreach (var watcher in watchers)
                watcher.Advanced(run, entries);
        }

        public void TakenUp(Run run, IReadOnlyList<JournalEntry> entries)
        {
            foreach (var watcher in watchers)
                watcher.TakenUp(run, entries);
        }

        public void Progressed(MemberId member, string text)
        {
            foreach (var watcher in watchers)
                watcher.Progressed(member, text);
        }
    }
}
