using System.Globalization;
using System.Text;
using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Refresh.Orchestrator.Application;
using Refresh.Orchestrator.Bundles;
using Refresh.Orchestrator.Documents;
using Refresh.Orchestrator.Reports;
using Refresh.Orchestrator.Serving.Access;
using Refresh.Orchestrator.Serving.Events;
using Refresh.Workflows.Evidence;
using Refresh.Workflows.Ports;

namespace Refresh.Orchestrator.Serving.Api;

/// <summary>What a run planned, did and proved: plan, pairs, members, evidence, report, events.</summary>
internal static class EvidenceEndpoints
{
    private const int MostEvents = 1000;

    public static void MapEvidence(this IEndpointRouteBuilder api)
    {
        var run = api.MapGroup("/runs/{run}").WithTags("Evidence");
        run.MapGet("/plan", PlanAsync).Gets<RunPlanDocument>("getRunPlan", "What the run was planned to do.");
        run.MapGet("/pairs", PairsAsync).Gets<ItemsDocument<PairReport>>("listRunPairs", "How far each pair is, and why it waits.");
        run.MapGet("/pairs/{pair}", PairAsync).Gets<PairReport>("getRunPair", "One pair.");
        run.MapGet("/members", MembersAsync).Gets<ItemsDocument<MemberReport>>("listRunMembers", "What was done to each member, and how long it was away.");
        run.MapGet("/members/{pair}/{member}", MemberAsync).Gets<MemberReport>("getRunMember", "One member.");
        run.MapGet("/evidence", EvidenceAsync).Gets<ItemsDocument<MemberEvidence>>("getEvidence", "Each member before and after, with what proves it.");
        run.MapGet("/evidence/bundle", BundleAsync).Gets<JsonObject>("getEvidenceBundle", "The run's signed evidence bundle, as it is so far: for refresh evidence verify.");
        run.MapGet("/report", ReportAsync).Gets<JsonObject>("getReport", "The whole report: json, text or html.").Filters("format", "json (default), text or html.");
        run.MapGet("/events", EventsAsync).Gets<Page<JsonObject>>("listEvents", "All that happened: a page of entries; with Accept: text/event-stream, a stream that goes on, and resumes after Last-Event-ID.")
            .Filters("after", "Only entries after this sequence.").Pages();
    }

    private static async Task<RunReport> ReadAsync(HttpContext http, RunBook book, string run) =>
        RunReport.From((await book.HistoryAsync(Caller.Of(http), run, http.RequestAborted)).Entries);

    private static async Task PlanAsync(HttpContext http, string run, RunBook book)
    {
        var planned = (await book.HistoryAsync(Caller.Of(http), run, http.RequestAborted)).Run;
        await http.AnswerAsync(new RunPlanDocument(planned.Id, planned.Fleet.Name, planned.Image, planned.Plan));
    }

    private static async Task PairsAsync(HttpContext http, string run, RunBook book) =>
        await http.ReportAsync(new ItemsDocument<PairReport>((await ReadAsync(http, book, run)).Pairs));

    private static async Task PairAsync(HttpContext http, string run, string pair, RunBook book) =>
        await http.ReportAsync((await ReadAsync(http, book, run)).Pairs.FirstOrDefault(each => each.Name == pair)
            ?? throw Problem.Of(ProblemCode.NoSuchPair, $"Run {run} has no pair {Problem.Shown(pair)}."));

    private static async Task MembersAsync(HttpContext http, string run, RunBook book) =>
        await http.ReportAsync(new ItemsDocument<MemberReport>([.. (await ReadAsync(http, book, run)).Members()]));

    private static async Task MemberAsync(HttpContext http, string run, string pair, string member, RunBook book) =>
        await http.ReportAsync((await ReadAsync(http, book, run)).Members().FirstOrDefault(each => each.Id.Pair == pair && each.Id.Name == member)
            ?? throw Problem.Of(ProblemCode.NoSuchMember, $"Run {run} has no member {Problem.Shown($"{pair}/{member}")}."));

    private static async Task EvidenceAsync(HttpContext http, string run, RunBook book)
    {
        var report = await ReadAsync(http, book, run);
        await http.AnswerAsync(new ItemsDocument<MemberEvidence>([.. report.Members().Select(member => MemberEvidence.Of(member, report.AsOf))]));
    }

    private static async Task BundleAsync(HttpContext http, string run, RunBook book, RunEvidence evidence)
    {
        var caller = Caller.Of(http);
        var head = await book.HeadAsync(caller, run, http.RequestAborted);
        var (bundle, _) = await evidence.MakeAsync(head.Run, null, caller.Person, http.RequestAborted);
        http.Response.Headers.ContentDisposition = $"attachment; filename=\"{head.Run}{EvidenceBundle.Ending}\"";
        await http.WriteAsync(bundle, "application/json; charset=utf-8");
    }

    private static async Task ReportAsync(HttpContext http, string run, RunBook book)
    {
        var report = await ReadAsync(http, book, run);
        var (text, type) = (string?)http.Request.Query["format"] switch
        {
            null or "json" => (JsonReport.Render(report, null), "application/json; charset=utf-8"),
            "text" => (string.Join('\n', TextReport.Render(report, null)) + "\n", "text/plain; charset=utf-8"),
            "html" => (HtmlReport.Render(report, null), "text/html; charset=utf-8"),
            { } other => throw Problem.Of(ProblemCode.InvalidRequest, $"format is {Problem.Shown(other)} and must be json, text or html."),
        };
        if (type.StartsWith("text/html", StringComparison.Ordinal))
            http.Response.Headers.ContentSecurityPolicy = "default-src 'none'; style-src 'unsafe-inline'; img-src data:; object-src 'none'; base-uri 'none'; frame-ancestors 'none'";
        await http.WriteAsync(Encoding.UTF8.GetBytes(text), type);
    }

    private static async Task EventsAsync(HttpContext http, string run, RunBook book, IRunJournal journal, EventStream stream)
    {
        if (http.Request.Headers.Accept.ToString().Contains("text/event-stream", StringComparison.OrdinalIgnoreCase))
        {
            await stream.SendAsync(http, run);
            return;
        }

        await book.HeadAsync(Caller.Of(http), run, http.RequestAborted);
        var limit = Paging.Limit(http, most: MostEvents);
        var sequence = Paging.Number(http) ?? After(http);
        var entries = new List<JournalEntry>();
        await foreach (var entry in journal.ReadAsync(run, sequence, http.RequestAborted))
        {
            entries.Add(entry);
            if (entries.Count > limit)
                break;
        }

        var next = entries.Count > limit ? Paging.Write(entries[limit - 1].Sequence.ToString(CultureInfo.InvariantCulture)) : null;
        await http.AnswerAsync(new Page<JsonObject>([.. entries.Take(limit).Select(DocumentJson.Of)], next));
    }

    private static long After(HttpContext http)
    {
        if (http.Request.Query["after"] is not [{ Length: > 0 } text])
            return 0;
        return long.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var sequence)
            ? sequence
            : throw Problem.Of(ProblemCode.InvalidRequest, $"after is {Problem.Shown(text)} and must be the sequence of an entry.");
    }
}

/// <summary>Items without pages.</summary>
/// <param name="Items">The items.</param>
internal sealed record ItemsDocument<T>(IReadOnlyList<T> Items);

/// <summary>The plan of a run.</summary>
/// <param name="Run">The run.</param>
/// <param name="Fleet">Its fleet.</param>
/// <param name="Image">The image it goes to.</param>
/// <param name="Plan">Its waves and what it skips.</param>
internal sealed record RunPlanDocument(string Run, string Fleet, Workflows.Images.GoldenImage Image, Workflows.Planning.RunPlan Plan);
