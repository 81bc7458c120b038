using System.Net.ServerSentEvents;
using System.Text.Json;
using Refresh.Orchestrator.Serving.Events;
using Refresh.Orchestrator.Serving.Secrets;
using Refresh.Orchestrator.Tests.Engine;
using Xunit;

namespace Refresh.Orchestrator.Tests.Serving;

public sealed class EventTests
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_reader_that_comes_again_misses_nothing_and_gets_nothing_twice()
    {
        await using var served = await ServedLab.StartAsync(pairs: 2);
        using var ada = await served.Service.ClientAsync("ada", "operator");
        var run = (await ada.PostAsync("/v1/runs", new { fleet = "lab" })).Is(201).Json.GetProperty("run").GetString()!;
        var seen = new List<string>();
        var last = 0L;
        string? end = null;
        while (end is null)
        {
            // Each connection is left after a few events.
            using var response = await ada.OpenAsync($"/v1/runs/{run}/events", ("Last-Event-ID", FormattableString.Invariant($"{last}")));
            if ((int)response.StatusCode == 204)
            {
                end = (await ada.GetAsync($"/v1/runs/{run}")).Body;
                break;
            }

            Assert.Equal("text/event-stream", response.Content.Headers.ContentType!.MediaType);
            var taken = 0;
            await foreach (var item in SseParser.Create(await response.Content.ReadAsStreamAsync(Cancellation)).EnumerateAsync(Cancellation))
            {
                if (item.EventType == "ended")
                {
                    end = item.Data;
                    break;
                }

                seen.Add(item.Data);
                last = long.Parse(item.EventId!, System.Globalization.CultureInfo.InvariantCulture);
                if (++taken == 7)
                    break;
            }
        }

        Assert.Equal("Succeeded", JsonElement.Parse(end).GetProperty("state").GetString());
        Assert.Equal(Enumerable.Range(1, seen.Count), seen.Select(data => JsonElement.Parse(data).GetProperty("sequence").GetInt32()));
        var entries = await served.Service.Journal.ReadAsync(run, 0, Cancellation).CountAsync(Cancellation);
        Assert.Equal(entries, seen.Count);
        using var again = await ada.OpenAsync($"/v1/runs/{run}/events", ("Last-Event-ID", FormattableString.Invariant($"{last}")));
        Assert.Equal(204, (int)again.StatusCode);

        var paged = new List<int>();
        string? cursor = null;
        do
        {
            var page = (await ada.GetAsync($"/v1/runs/{run}/events?limit=10{(cursor is null ? string.Empty : $"&cursor={cursor}")}")).Is(200).Json;
            paged.AddRange(page.GetProperty("items").EnumerateArray().Select(item => item.GetProperty("sequence").GetInt32()));
            cursor = page.GetProperty("next").GetString();
        }
        while (cursor is not null);
        Assert.Equal(Enumerable.Range(1, entries), paged);
    }

    [Fact]
    public async Task A_feed_whose_first_look_fails_looks_again_and_waits_in_between()
    {
        using var feed = new RunFeed("r1", new FaultyJournal(TimeProvider.System) { FindsToFail = 1 }, new Redaction());
        var first = feed.Latest;
        await first.More.Task.WaitAsync(TimeSpan.FromMinutes(1), Cancellation);
        Assert.NotSame(first, feed.Latest);
        Assert.False(feed.Latest.More.Task.IsCompleted);
    }

    [Fact]
    public async Task More_streams_than_permitted_are_refused_and_a_stop_ends_those_that_are_open()
    {
        await using var served = await ServedLab.StartAsync("required", settings: ("limits:eventStreams", "1"));
        using var ada = await served.Service.ClientAsync("ada", "operator");
        var run = (await ada.PostAsync("/v1/runs", new { fleet = "lab" })).Is(201).Json.GetProperty("run").GetString()!;
        using var open = await ada.OpenAsync($"/v1/runs/{run}/events");
        var stream = await open.Content.ReadAsStreamAsync(Cancellation);
        Assert.True(await stream.ReadAsync(new byte[1], Cancellation) > 0);
        (await ada.GetAsync($"/v1/runs/{run}/events", ("Accept", "text/event-stream"))).Refused(429, "too-many-streams");
        (await ada.GetAsync($"/v1/runs/{run}/events", ("Accept", "text/event-stream"), ("Last-Event-ID", "x"))).Refused(400, "invalid-request");
        var stopping = served.Service.StopAsync();
        await stream.CopyToAsync(Stream.Null, Cancellation);
        await stopping;
    }
}
