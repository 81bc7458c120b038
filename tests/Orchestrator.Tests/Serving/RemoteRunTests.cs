using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Refresh.Orchestrator.Engine;
using Refresh.Orchestrator.Remote;
using Refresh.Orchestrator.Tests.Engine;
using Refresh.Workflows.Fleets;
using Refresh.Workflows.Ports;
using Refresh.Workflows.Runs;
using Xunit;

namespace Refresh.Orchestrator.Tests.Serving;

/// <summary>Following a run over a real connection that is lost.</summary>
public sealed class RemoteRunTests
{
    private static readonly TimeSpan s_patience = TimeSpan.FromMinutes(5);

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_run_that_waited_long_is_followed_further_after_a_blip_and_after_what_a_proxy_says_meanwhile()
    {
        var clock = new ShiftedClock();
        var asked = 0;
        Assert.Equal(WorkerStage.Id, (await FollowAsync(clock, async http =>
        {
            switch (++asked)
            {
                case 1:
                    await StreamAsync(http, ": beat\n\n");
                    clock.Shift += 2 * s_patience;
                    http.Abort();
                    break;
                case 2 or 3:
                    http.Response.StatusCode = asked == 2 ? 502 : 503;
                    await http.Response.WriteAsync("<html>Bad Gateway</html>", Cancellation);
                    break;
                default:
                    await StreamAsync(http, "event: ended\ndata: {}\n\n");
                    break;
            }
        })).Id);
        Assert.Equal(4, asked);
    }

    [Fact]
    public async Task A_server_that_is_away_for_more_than_five_minutes_is_not_waited_for()
    {
        var clock = new ShiftedClock();
        var failure = await Assert.ThrowsAsync<RemoteFailure>(() => FollowAsync(clock, http =>
        {
            clock.Shift += 0.6 * s_patience;
            http.Response.StatusCode = 502;
            return Task.CompletedTask;
        }));
        Assert.Equal("unreachable", failure.Code);
        Assert.True(clock.Shift > 1.5 * s_patience);
    }

    [Fact]
    public async Task What_is_no_worker_of_Refresh_is_not_followed() =>
        Assert.Equal("strange", (await Assert.ThrowsAsync<RemoteFailure>(() => FollowAsync(new ShiftedClock(), http =>
        {
            http.Response.StatusCode = 404;
            return http.Response.WriteAsync("<html>Not Found</html>", Cancellation);
        }))).Code);

    private static async Task<Run> FollowAsync(TimeProvider clock, RequestDelegate answer)
    {
        var builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions());
        builder.WebHost.UseKestrelCore().UseUrls("http://127.0.0.1:0");
        await using var app = builder.Build();
        app.Run(answer);
        await app.StartAsync(Cancellation);
        using var server = new RemoteServer(new Uri(app.Urls.First() + "/"), "token", clock, () => "id");
        var stage = await new WorkerStage().PlanAsync();
        return await new RemoteRun(server, WorkerStage.Id, clock).FollowAsync(new Nobody(), await stage.HistoryAsync(), Cancellation);
    }

    private static async Task StreamAsync(HttpContext http, string text)
    {
        http.Response.ContentType = "text/event-stream";
        await http.Response.WriteAsync(text, Cancellation);
        await http.Response.Body.FlushAsync(Cancellation);
    }

    /// <summary>The system's clock, and as much later as a test says.</summary>
    private sealed class ShiftedClock : TimeProvider
    {
        public TimeSpan Shift { get; set; }

        public override long GetTimestamp() => base.GetTimestamp() + (long)(Shift.TotalSeconds * TimestampFrequency);
    }

    private sealed class Nobody : IRunWatcher
    {
        public void Advanced(Run run, IReadOnlyList<JournalEntry> entries)
        {
        }

        public void Progressed(MemberId member, string text)
        {
        }
    }
}
