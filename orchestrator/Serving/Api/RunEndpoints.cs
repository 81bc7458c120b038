using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Refresh.Orchestrator.Documents;
using Refresh.Orchestrator.Serving.Access;
using Refresh.Orchestrator.Words;
using Refresh.Workflows.Ports;
using Refresh.Workflows.Runs;

namespace Refresh.Orchestrator.Serving.Api;

/// <summary>Runs: list, start, and what is asked of one.</summary>
internal static class RunEndpoints
{
    public static void MapRuns(this IEndpointRouteBuilder api)
    {
        var runs = api.MapGroup("/runs").WithTags("Runs");
        runs.MapGet("", ListAsync).Lists<RunHead>("listRuns", "The runs that the token may see, latest first.").Filters("fleet", "Only runs of this fleet.").Pages();
        runs.MapPost("", StartAsync).Acts<StartBody>("startRun", "Starts a run: plans it, takes the fleet's lease and begins. 200 when there is nothing to do, 202 when it was queued.").Gives<StartedDocument>(200, 201, 202);
        runs.MapGet("/{run}", GetAsync).Gets<StatusDocument>("getRun", "How a run stands, who works on it and why anything waits.");
        runs.MapGet("/{run}/head", async (HttpContext http, string run, RunBook book) => await http.AnswerAsync(await book.HeadAsync(Caller.Of(http), run, http.RequestAborted))).Gets<RunHead>("getRunHead", "A run in short, as the list has it.");
        Ask(runs, RequestKind.Pause, Permission.Stop, "Begin no further member; what is under way is ended first.");
        Ask(runs, RequestKind.Resume, Permission.Start, "Go on after a pause.");
        Ask(runs, RequestKind.Cancel, Permission.Stop, "End the run; every member that is away comes back first.");
        Ask(runs, RequestKind.Approve, Permission.Approve, "Let a run begin that waits for a person's approval.");
        Ask(runs, RequestKind.Rollback, Permission.Rollback, "Take every member that was touched back to the image recorded for it.");
    }

    private static async Task ListAsync(HttpContext http, RunBook book) => await http.AnswerAsync(await book.PageAsync(
        Caller.Of(http), http.Request.Query["fleet"], Paging.Cursor(http), Paging.Limit(http), http.RequestAborted));

    private static async Task GetAsync(HttpContext http, string run, RunBook book)
    {
        var status = await book.StatusAsync(Caller.Of(http), run, http.RequestAborted);
        // The end of a lease moves every few seconds; that alone makes no other answer.
        await http.AnswerAsync(status.Document, status.Tag);
    }

    private static Task StartAsync(HttpContext http, Acts acts, RunDesk desk) =>
        acts.DoAsync<StartBody>(http, desk.StartAsync);

    private static void Ask(RouteGroupBuilder runs, RequestKind kind, Permission permission, string summary)
    {
        var word = kind.Command();
        runs.MapPost($"/{{run}}/{word}", (HttpContext http, string run, Acts acts, RunDesk desk) =>
                acts.DoAsync<WhyBody>(http, (body, caller, id, cancellation) => desk.AskAsync(run, kind, permission, body.Why, caller, id, cancellation)))
            .Acts<WhyBody>($"{word}Run", summary).Gives<AskedDocument>(200, 202);
    }
}
