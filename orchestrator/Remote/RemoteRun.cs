using System.Net.ServerSentEvents;
using System.Text.Json.Nodes;
using Refresh.Orchestrator.Engine;
using Refresh.Workflows.Ports;
using Refresh.Workflows.Runs;

namespace Refresh.Orchestrator.Remote;

/// <summary>Follows a run of a worker elsewhere: the same entries, folded into the same run, for the same views.</summary>
internal sealed class RemoteRun(RemoteServer server, string run, TimeProvider clock)
{
    private static readonly TimeSpan s_again = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan s_patience = TimeSpan.FromMinutes(5);
    private Run? _run;
    private long _last;

    /// <summary>Follows until the run has ended.</summary>
    /// <param name="watcher">Is told how it goes.</param>
    /// <param name="known">What was read of it before; null to begin with its first entry.</param>
    /// <param name="cancellation">Stops following.</param>
    /// <returns>The run as it was seen last.</returns>
    /// <exception cref="RemoteFailure">The server has not been there for five minutes.</exception>
    public async Task<Run> FollowAsync(IRunWatcher watcher, RunHistory? known, CancellationToken cancellation)
    {
        if (known is not null)
        {
            (_run, _last) = (known.Run, known.Entries[^1].Sequence);
            watcher.TakenUp(known.Run, known.Entries);
        }

        long? gone = null;
        while (true)
        {
            try
            {
                if (await server.OpenAsync($"v1/runs/{Uri.EscapeDataString(run)}/events", _last, cancellation) is not { } stream)
                    return _run!;
                gone = null;
                await using (stream)
                {
                    await foreach (var item in SseParser.Create(stream).EnumerateAsync(cancellation))
                    {
                        if (item.EventType == "ended")
                            return _run!;
                        Take(RemoteJournal.Entry(JsonNode.Parse(item.Data)!), watcher);
                    }
                }
            }
            catch (Exception lost) when (IsPassing(lost, cancellation))
            {
                // The worker is being restarted, or what stands before it says so: the stream is resumed where it ended.
                gone ??= clock.GetTimestamp();
                if (clock.GetElapsedTime(gone.Value) >= s_patience)
                    throw RemoteFailure.Unreachable(server.Address, lost);
            }

            await Task.Delay(s_again, clock, cancellation);
        }
    }

    private static bool IsPassing(Exception lost, CancellationToken cancellation) =>
        lost is HttpRequestException or IOException or RemoteFailure { Status: 429 or 502 or 503 or 504 } || (lost is OperationCanceledException && !cancellation.IsCancellationRequested);

    private void Take(JournalEntry entry, IRunWatcher watcher)
    {
        _run = entry.Event is RunPlanned planned ? RunFold.Begin(planned, entry.At) : _run!.Apply(entry.Event, entry.At);
        _last = entry.Sequence;
        watcher.Advanced(_run, [entry]);
    }
}
