using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Refresh.Orchestrator.Application;
using Refresh.Orchestrator.Documents;
using Refresh.Orchestrator.Engine;
using Refresh.Orchestrator.Journals.Service;
using Refresh.Orchestrator.Serving.Access;
using Refresh.Orchestrator.Serving.Hosting;
using Refresh.Orchestrator.Settings;
using Refresh.Orchestrator.Windows;
using Refresh.Workflows.Fleets;

namespace Refresh.Orchestrator.Serving.Api;

/// <summary>Fleets, their images, pairs and members, and plans.</summary>
internal static class FleetEndpoints
{
    public static void MapFleets(this IEndpointRouteBuilder api)
    {
        var fleets = api.MapGroup("/fleets").WithTags("Fleets");
        fleets.MapGet("", ListAsync).Gets<FleetsDocument>("listFleets", "The fleets that the token may see.");
        fleets.MapGet("/{fleet}", (HttpContext http, string fleet, RunsWorker worker) => http.AnswerAsync(FleetDocument.Of(Desk(http, worker, fleet)))).Gets<FleetDocument>("getFleet", "One fleet.");
        fleets.MapGet("/{fleet}/images", ImagesAsync).Gets<ImagesDocument>("listImages", "The golden images that the fleet can go to.").Refuses(502);
        fleets.MapGet("/{fleet}/windows", WindowsAsync).Gets<WindowsDocument>("getWindows", "The fleet's patch windows and freezes, and what came of the window that opened last.").Refuses(502);
        fleets.MapGet("/{fleet}/pairs", (HttpContext http, string fleet, RunsWorker worker) => http.AnswerAsync(new PairsDocument(Desk(http, worker, fleet).Definition.Fleet.Pairs))).Gets<PairsDocument>("listPairs", "The fleet's pairs.");
        fleets.MapGet("/{fleet}/pairs/{pair}", (HttpContext http, string fleet, string pair, RunsWorker worker) => http.AnswerAsync(Pair(Desk(http, worker, fleet), pair))).Gets<Pair>("getPair", "One pair.");
        fleets.MapGet("/{fleet}/members", (HttpContext http, string fleet, RunsWorker worker) => http.AnswerAsync(new MembersDocument([.. Desk(http, worker, fleet).Definition.Fleet.Members()]))).Gets<MembersDocument>("listMembers", "The fleet's members.");
        fleets.MapGet("/{fleet}/members/{pair}/{member}", MemberAsync).Gets<MemberDocument>("observeMember", "One member, as balancer, probes, provisioner and its guest show it at this moment.").Refuses(502);
        api.MapPost("/plans", (HttpContext http, Acts acts, RunsWorker worker, TimeProvider clock) => acts.DoAsync<PlanBody>(http, (body, caller, _, cancellation) => PlanAsync(worker, body, caller, clock, cancellation)))
            .Acts<PlanBody>("makePlan", "What a run would do, in what order, how long it takes and what is in the way. Changes nothing.").Gives<PlanDocument>(200).Refuses(502).WithTags("Plans");
    }

    private static FleetDesk Desk(HttpContext http, RunsWorker worker, string fleet)
    {
        Caller.Of(http).Require(Permission.See, fleet);
        return worker.Desk(fleet);
    }

    private static Pair Pair(FleetDesk desk, string pair) => desk.Definition.Fleet.Pairs.FirstOrDefault(each => each.Name == pair)
        ?? throw Problem.Of(ProblemCode.NoSuchPair, $"Fleet {desk.Name} has no pair {Problem.Shown(pair)}.");

    private static Task ListAsync(HttpContext http, RunsWorker worker, FleetDirectory directory)
    {
        var caller = Caller.Of(http);
        return http.AnswerAsync(new FleetsDocument(
            [.. worker.Desks.Where(desk => caller.May(Permission.See, desk.Name)).OrderBy(desk => desk.Name, StringComparer.Ordinal).Select(FleetDocument.Of)],
            caller.May(Permission.Administer, null) ? [.. directory.Bad.Select(bad => new BadFileDocument(bad.File, bad.Mistakes))] : []));
    }

    private static async Task ImagesAsync(HttpContext http, string fleet, RunsWorker worker) => await http.AnswerAsync(new ImagesDocument(
        await Desk(http, worker, fleet).UseAsync((_, ports) => ports.Images.ListAsync(http.RequestAborted), http.RequestAborted)));

    private static async Task WindowsAsync(HttpContext http, string fleet, RunsWorker worker, TriggerStore triggers, TimeProvider clock)
    {
        var definition = Desk(http, worker, fleet).Definition;
        var windows = WindowsDocument.Of(definition, await FleetWindows.LookAsync(definition, clock, http.RequestAborted), PatchCalendar.MostWindows);
        var last = await triggers.FindAsync(fleet, TriggerKind.Window, http.RequestAborted);
        await http.AnswerAsync(windows with { Last = last is null ? null : new HandledWindowDocument(last.Begins, last.Ends, last.At, last.State?.ToString() ?? "LeftOut", last.Order, last.Run, last.Reason) });
    }

    private static async Task MemberAsync(HttpContext http, string fleet, string pair, string member, RunsWorker worker)
    {
        var desk = Desk(http, worker, fleet);
        var found = Pair(desk, pair).Members().FirstOrDefault(each => each.Id.Name == member)
            ?? throw Problem.Of(ProblemCode.NoSuchMember, $"Pair {pair} of fleet {fleet} has no member {Problem.Shown(member)}.");
        var seen = await desk.UseAsync((_, ports) => new Observer(ports).WholeAsync(found, http.RequestAborted), http.RequestAborted);
        await http.AnswerAsync(new MemberDocument(found, seen.Serves, seen));
    }

    private static async Task<Answer> PlanAsync(RunsWorker worker, PlanBody body, Caller caller, TimeProvider clock, CancellationToken cancellation)
    {
        caller.Require(Permission.Start, body.Fleet);
        var overrides = RunDesk.Overrides(body.Overrides, body.Fleet, caller, clock);
        var planned = await worker.Desk(body.Fleet).UseAsync((definition, ports) => FleetSurvey.PlanAsync(definition, ImageChoice.Parse(body.Image), ports, cancellation, overrides), cancellation);
        return new Answer(200, PlanDocument.Of(planned, []), Fleet: body.Fleet);
    }
}
