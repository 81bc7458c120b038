using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Refresh.Orchestrator.Engine;
using Refresh.Orchestrator.Journals.Service;
using Refresh.Orchestrator.Serving.Configuration;
using Refresh.Workflows.Fleets;
using Refresh.Workflows.Ports;
using Refresh.Workflows.Runs;

namespace Refresh.Orchestrator.Serving.Notices;

/// <summary>
/// Reads what the journal has of runs, and puts into the outbox what people are to be told of it. The journal itself is the
/// record of what is still to be told, so that no run waits for this, and a restart loses nothing and repeats nothing.
/// </summary>
internal sealed partial class NoticeWriter(ServeSettings settings, Announcer announcer, OutboxStore outbox, IRunJournal journal, TimeProvider clock, ILogger<NoticeWriter> logger) : BackgroundService, IRunWatcher
{
    /// <summary>What is older than this is nobody's news: the service was away.</summary>
    private static readonly TimeSpan s_news = TimeSpan.FromDays(1);

    private static readonly TimeSpan s_every = TimeSpan.FromSeconds(2);
    private static readonly TimeSpan s_keep = TimeSpan.FromDays(30);
    private readonly SemaphoreSlim _nudge = new(0, 1);
    private readonly Dictionary<string, (Run Run, long Sequence)> _known = new(StringComparer.Ordinal);

    /// <inheritdoc />
    public void Advanced(Run run, IReadOnlyList<JournalEntry> entries)
    {
        try
        {
            _nudge.Release();
        }
        catch (SemaphoreFullException)
        {
            // It looks anyway.
        }
    }

    /// <inheritdoc />
    public void Progressed(MemberId member, string text)
    {
        // Too many to tell; what they lead to is an entry of the journal.
    }

    /// <inheritdoc />
    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        await Task.Yield();
        DateTimeOffset? forgot = null;
        while (true)
        {
            try
            {
                await LookAsync(stoppingToken);
                if (forgot is null || clock.GetUtcNow() - forgot > TimeSpan.FromHours(1))
                {
                    await outbox.ForgetAsync(clock.GetUtcNow() - s_keep, stoppingToken);
                    forgot = clock.GetUtcNow();
                }
            }
            catch (Exception failure) when (failure is JournalException or AdapterException)
            {
                LogNotNow(failure.Message);
            }

            using var pause = CancellationTokenSource.CreateLinkedTokenSource(stoppingToken);
            await Task.WhenAny(_nudge.WaitAsync(pause.Token), Task.Delay(s_every, clock, pause.Token));
            await pause.CancelAsync();
            stoppingToken.ThrowIfCancellationRequested();
        }
    }

    private async Task LookAsync(CancellationToken stopping)
    {
        if (settings.Notices.Channels.Count == 0)
        {
            await outbox.SkipAsync(stopping);
            return;
        }

        foreach (var (run, told, last) in await outbox.UntoldAsync(stopping))
            await TellAsync(run, told, last, stopping);
    }

    private async Task TellAsync(string id, long told, long last, CancellationToken stopping)
    {
        var notices = new List<Notice>();
        var (run, sequence) = _known.TryGetValue(id, out var known) && known.Sequence <= told ? (known.Run, known.Sequence) : ((Run?)null, 0);
        var since = clock.GetUtcNow() - s_news;
        await foreach (var entry in journal.ReadAsync(id, sequence, stopping))
        {
            run = entry.Event is RunPlanned planned ? RunFold.Begin(planned, entry.At) : run!.Apply(entry.Event, entry.At);
            sequence = entry.Sequence;
            if (sequence > told && entry.At > since && NoticeOf.Entry(run, entry) is { } notice)
                notices.Add(notice);
        }

        if (run is null)
        {
            // Its entries were moved to an archive.
            await outbox.PutAsync([], id, last, stopping);
            return;
        }

        var isNews = run.UpdatedAt > since;
        await announcer.TellAsync(id, sequence, notices, isNews ? NoticeOf.Status(run, sequence, run.UpdatedAt) : null, stopping);
        if (run.Finished)
            _known.Remove(id);
        else
            _known[id] = (run, sequence);
    }

    [LoggerMessage(Level = LogLevel.Warning, Message = "What is to be told could not be read or kept, and is tried again: {Why}")]
    private partial void LogNotNow(string why);
}
