using System.Text.Json;
using Refresh.Orchestrator.Documents;
using Refresh.Orchestrator.Journals.Service;
using Refresh.Orchestrator.Serving.Configuration;
using Refresh.Orchestrator.Serving.Secrets;
using Refresh.Workflows.Ports;

namespace Refresh.Orchestrator.Serving.Notices;

/// <summary>Puts notices into the outbox, for every channel that wants them.</summary>
internal sealed class Announcer(ServeSettings settings, ChannelList channels, OutboxStore outbox, Redaction redaction, TimeProvider clock)
{
    /// <summary>Tells something that is no run's.</summary>
    public async Task TellAsync(Notice notice, CancellationToken cancellation)
    {
        var now = notice.At == default ? notice with { At = clock.GetUtcNow() } : notice;
        await outbox.PutAsync([.. settings.Notices.Channels.Where(channel => channel.Wants(now)).Select(channel => Stored(channel, now, StoredNotice.Message))], null, 0, cancellation);
        channels.Nudge();
    }

    /// <summary>Tells what happened in a run, and notes how far it was read.</summary>
    /// <param name="run">The run.</param>
    /// <param name="sequence">The last entry that was read.</param>
    /// <param name="notices">What happened.</param>
    /// <param name="status">How it stands now; null when that is told already.</param>
    /// <param name="cancellation">Ends the call.</param>
    public async Task TellAsync(string run, long sequence, IReadOnlyList<Notice> notices, Notice? status, CancellationToken cancellation)
    {
        var stored = new List<StoredNotice>();
        foreach (var channel in settings.Notices.Channels)
        {
            // The status goes first: what happened is told as answers to it.
            if (status is not null && channels.Edits(channel.Name) && channel.Follows(status.Fleet))
                stored.Add(Stored(channel, status, StoredNotice.Status));
            stored.AddRange(notices.Where(channel.Wants).Select(notice => Stored(channel, notice, StoredNotice.Message)));
        }

        await outbox.PutAsync(stored, run, sequence, cancellation);
        channels.Nudge();
    }

    private StoredNotice Stored(ChannelSettings channel, Notice notice, string form) =>
        new(notice.Id, channel.Name, notice.Run, form, redaction.Clean(JsonSerializer.Serialize(notice, DocumentJson.Options)), notice.At);
}
