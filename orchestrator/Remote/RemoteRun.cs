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

        var seen = clock.GetTimestamp();
        while (true)
        {
            try
            {
                if (await server.OpenAsync($"v1/runs/{Uri.EscapeDataString(run)}/events", _last, cancellation) is not { } stream)
                    return _run!;
                await using (stream)
                {
                    await foreach (var item in SseParser.Create(stream).EnumerateAsync(cancellation))
                    {
                        seen = clock.GetTimestamp();
                        if (item.EventType == "ended")
                            return _run!;
                        Take(RemoteJournal.Entry(JsonNode.Parse(item.Data)!), watcher);
                    }
                }
            }
            catch (Exception lost) when (lost is HttpRequestException or IOException && clock.GetElapsedTime(seen) < s_patience)
            {
                // The worker is being restarted: the stream is resumed where it ended.
            }
            catch (Exception gone) when (gone is HttpRequestException or IOException)
            {
                throw RemoteFailure.Unreachable(server.Address, gone);
            }

            await Task.Delay(s_again, clock, cancellation);
        }
    }

    private void Take(JournalEntry entry, IRunWatcher watcher)
    {
        _run = entry.Event is RunPlanned planned ? RunFold.Begin(planned, entry.At) : _run!.Apply(entry.Event, entry.At);
        _last = entry.Sequence;
        watcher.Advanced(_run, [entry]);
    }
}
