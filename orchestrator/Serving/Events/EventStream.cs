using System.Globalization;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.Extensions.Hosting;
using Refresh.Orchestrator.Serving.Access;
using Refresh.Orchestrator.Serving.Api;
using Refresh.Orchestrator.Serving.Configuration;
using Refresh.Orchestrator.Serving.Secrets;
using Refresh.Workflows.Ports;

namespace Refresh.Orchestrator.Serving.Events;

/// <summary>Streams a run's entries to a reader: from where it left off (<c>Last-Event-ID</c>), without a gap, until the run has ended.</summary>
internal sealed class EventStream(RunFeeds feeds, RunBook book, IRunJournal journal, Redaction redaction, ServeSettings settings, TimeProvider clock, IHostApplicationLifetime life)
{
    private static readonly TimeSpan s_beat = TimeSpan.FromSeconds(15);
    private int _open;

    /// <summary>Event streams that are open.</summary>
    public int Open => Volatile.Read(ref _open);

    /// <summary>Streams until the run has ended, the reader has gone or the service stops.</summary>
    public async Task SendAsync(HttpContext http, string run)
    {
        var head = await book.HeadAsync(Caller.Of(http), run, http.RequestAborted);
        var last = LastEventId(http);
        if (head.Finished && last >= head.Sequence)
        {
            // No content: a reader of event streams does not come again.
            http.Response.StatusCode = StatusCodes.Status204NoContent;
            return;
        }

        if (Interlocked.Increment(ref _open) > settings.Limits.EventStreams)
        {
            Interlocked.Decrement(ref _open);
            throw Problem.Of(ProblemCode.TooManyStreams, FormattableString.Invariant($"{settings.Limits.EventStreams} event streams are open, and limits.eventStreams permits no more."));
        }

        var feed = feeds.Join(run);
        using var ends = CancellationTokenSource.CreateLinkedTokenSource(http.RequestAborted, life.ApplicationStopping);
        try
        {
            http.Response.ContentType = "text/event-stream";
            http.Response.Headers.CacheControl = "no-store";
            http.Response.Headers["X-Accel-Buffering"] = "no";
            http.Features.Get<IHttpResponseBodyFeature>()?.DisableBuffering();
            await FollowAsync(http, feed, last, ends.Token);
        }
        catch (OperationCanceledException)
        {
            // The reader has gone, or the service stops: it resumes from the last id that it has.
        }
        finally
        {
            feeds.Leave(feed);
            Interlocked.Decrement(ref _open);
        }
    }

    private async Task FollowAsync(HttpContext http, RunFeed feed, long last, CancellationToken ends)
    {
        var body = http.Response.BodyWriter;
        while (true)
        {
            var window = feed.Latest;
            if (window.After(last) is { } frames)
            {
                foreach (var frame in frames)
                {
                    await body.WriteAsync(frame.Bytes, ends);
                    last = frame.Sequence;
                }
            }
            else
            {
                // What the window has forgotten.
                await foreach (var entry in journal.ReadAsync(feed.Run, last, ends))
                {
                    await body.WriteAsync(Frame.Of(entry, redaction).Bytes, ends);
                    last = entry.Sequence;
                }
            }

            if (await journal.FindAsync(feed.Run, ends) is { Finished: true } head && last >= head.Sequence)
            {
                await body.WriteAsync(Frame.Ended(head), ends);
                return;
            }

            if (window == feed.Latest && !await MoreAsync(window, ends))
                await body.WriteAsync(Frame.Beat, ends);
        }
    }

    /// <summary>Waits for a newer window; false when there was none for a while.</summary>
    private async Task<bool> MoreAsync(RunFeed.Window window, CancellationToken ends)
    {
        try
        {
            await window.More.Task.WaitAsync(s_beat, clock, ends);
            return true;
        }
        catch (TimeoutException)
        {
            return false;
        }
    }

    private static long LastEventId(HttpContext http)
    {
        var text = http.Request.Headers["Last-Event-ID"] is [{ Length: > 0 } header] ? header : http.Request.Query["after"] is [{ Length: > 0 } query] ? query : "0";
        return long.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var sequence)
            ? sequence
            : throw Problem.Of(ProblemCode.InvalidRequest, $"Last-Event-ID is {Problem.Shown(text)} and must be the id of an event of this run: a number.");
    }
}
