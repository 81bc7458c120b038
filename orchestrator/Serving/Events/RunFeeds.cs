using System.Collections.Concurrent;
using Refresh.Orchestrator.Engine;
using Refresh.Orchestrator.Serving.Secrets;
using Refresh.Workflows.Fleets;
using Refresh.Workflows.Ports;
using Refresh.Workflows.Runs;

namespace Refresh.Orchestrator.Serving.Events;

/// <summary>The feeds of runs that somebody listens to: one reader of the journal a run, however many listen.</summary>
internal sealed class RunFeeds(IRunJournal journal, Redaction redaction) : IRunWatcher
{
    private readonly ConcurrentDictionary<string, RunFeed> _feeds = new(StringComparer.Ordinal);
    private readonly Lock _gate = new();

    /// <summary>Joins the feed of a run; leave it by <see cref="Leave"/>.</summary>
    public RunFeed Join(string run)
    {
        lock (_gate)
        {
            var feed = _feeds.GetOrAdd(run, id => new RunFeed(id, journal, redaction));
            feed.Listeners++;
            return feed;
        }
    }

    /// <summary>Leaves a feed; the last one ends it.</summary>
    public void Leave(RunFeed feed)
    {
        lock (_gate)
        {
            if (--feed.Listeners > 0)
                return;
            _feeds.TryRemove(feed.Run, out _);
            feed.Dispose();
        }
    }

    /// <inheritdoc />
    public void Advanced(Run run, IReadOnlyList<JournalEntry> entries)
    {
        if (_feeds.TryGetValue(run.Id, out var feed))
            feed.Nudge();
    }

    /// <inheritdoc />
    public void Progressed(MemberId member, string text)
    {
        // Not journaled, so it has no number that a reader could resume from.
    }
}
