using System.Text.Json;
using Refresh.Orchestrator.Application;
using Refresh.Orchestrator.Documents;
using Refresh.Orchestrator.Engine;
using Refresh.Orchestrator.Journals.Service;
using Refresh.Orchestrator.Serving.Access;
using Refresh.Orchestrator.Serving.Hosting;
using Refresh.Workflows.Machines;
using Refresh.Workflows.Ports;
using Refresh.Workflows.Runs;
using Refresh.Workflows.Trust;

namespace Refresh.Orchestrator.Serving.Api;

/// <summary>What a caller may have done with runs. The API, webhooks and chat do it through here.</summary>
internal sealed class RunDesk(RunsWorker worker, RunService runs, RunBook book, IRunJournal journal, OrderStore orders, TimeProvider clock)
{
    /// <summary>Starts a run, or queues it.</summary>
    /// <param name="body">What is asked.</param>
    /// <param name="caller">Who asks.</param>
    /// <param name="id">The id of the run or order.</param>
    /// <param name="cancellation">Ends the call.</param>
    public async Task<Answer> StartAsync(StartBody body, Caller caller, string id, CancellationToken cancellation)
    {
        worker.RequireGoing();
        caller.Require(Permission.Start, body.Fleet);
        if (body.OutsideWindows && string.IsNullOrWhiteSpace(body.Why))
            throw Problem.Of(ProblemCode.InvalidRequest, "\"outsideWindows\" needs \"why\": the journal and the report keep the reason.");
        var terms = new StartTerms(body.Image, body.OutsideWindows, Overrides(body.Overrides, body.Fleet, caller, clock));
        var desk = worker.Desk(body.Fleet);
        try
        {
            var run = await desk.BeginAsync(terms, caller.Asks(body.Why), id, cancellation);
            return run is null
                ? new Answer(200, new StartedDocument("nothing-to-do", body.Fleet, null, null, null, null, null), Fleet: body.Fleet)
                : new Answer(201, new StartedDocument("begun", body.Fleet, run.Id, run.Image.Ref.Label, run.State, null, null), $"/v1/runs/{run.Id}", body.Fleet, run.Id);
        }
        catch (Problem busy) when (busy.Code == ProblemCode.FleetHasRun && body.IfBusy == IfBusy.Queue)
        {
            await orders.AddAsync(new StoredOrder(id, body.Fleet, JsonSerializer.Serialize(terms, DocumentJson.Options), caller.Person, caller.Origin, body.Why ?? string.Empty, clock.GetUtcNow(), OrderState.Waiting, null, null), cancellation);
            worker.Nudge();
            return new Answer(202, new StartedDocument("queued", body.Fleet, null, body.Image, null, id, busy.Run), $"/v1/orders/{id}", body.Fleet, id);
        }
    }

    /// <summary>Asks a run something and waits for its worker's answer.</summary>
    /// <param name="run">The run's id.</param>
    /// <param name="kind">What is asked.</param>
    /// <param name="permission">What that takes.</param>
    /// <param name="why">The reason given.</param>
    /// <param name="caller">Who asks.</param>
    /// <param name="id">The request's id.</param>
    /// <param name="cancellation">Ends the wait.</param>
    public async Task<Answer> AskAsync(string run, RequestKind kind, Permission permission, string? why, Caller caller, string id, CancellationToken cancellation)
    {
        var head = await book.HeadAsync(caller, run, cancellation);
        caller.Require(permission, head.Fleet);
        var (ended, goes) = (head.Finished && kind != RequestKind.Rollback, kind == RequestKind.Resume && head.State is not nameof(RunState.Paused));
        // What was asked before this service was lost over it has its answer, whatever has become of the run since.
        if ((ended || goes) && await Answers.WaitAsync(journal, clock, runs.NewRequest(run, kind, caller.Asks(why), id), 0, () => Task.FromResult(false), cancellation) is { } before)
            return await AnswerAsync(head, id, kind, before, cancellation);
        if (ended)
            throw Problem.Of(ProblemCode.RequestRefused, $"Run {run} of fleet {head.Fleet} has ended: {head.State}. Nothing was asked of it.", run);
        if (goes)
            return await AnswerAsync(head, id, kind, "taken-up", cancellation);

        var request = await runs.RequestAsync(run, kind, caller.Asks(why), cancellation, id);
        worker.Nudge();
        var answer = await Answers.WaitAsync(journal, clock, request, 0, () => Task.FromResult(!worker.Stopping && IsServed(head.Fleet)), cancellation);
        return answer is null ? await AnswerAsync(head, id, kind, "waiting", cancellation) with { Status = 202 } : await AnswerAsync(head, id, kind, answer, cancellation);
    }

    /// <summary>Gates that a caller lets an image pass: that takes the right to approve, and a reason.</summary>
    public static IReadOnlyList<GateOverride> Overrides(IReadOnlyList<OverrideBody>? asked, string fleet, Caller caller, TimeProvider clock)
    {
        if (asked.Whole("overrides") is not { Count: > 0 } gates)
            return [];
        caller.Require(Permission.Approve, fleet);
        return [.. gates.DistinctBy(one => one.Gate, StringComparer.Ordinal).Select(one => new GateOverride(one.Gate, caller.Person, one.Reason.Trim(), clock.GetUtcNow()))];
    }

    private bool IsServed(string fleet) => worker.FindDesk(fleet) is { Blocked: null };

    private Task<Answer> AnswerAsync(RunHead asked, string request, RequestKind kind, RequestAnswered answer, CancellationToken cancellation) => answer.Refusal is { } refusal
        ? throw Problem.Of(refusal.Code == "four-eyes" ? ProblemCode.FourEyes : ProblemCode.RequestRefused, $"Refused: {refusal.Text}. To go on: {refusal.EndsWhen}.", asked.Run, refusal)
        : AnswerAsync(asked, request, kind, "taken-up", cancellation);

    private async Task<Answer> AnswerAsync(RunHead asked, string request, RequestKind kind, string outcome, CancellationToken cancellation)
    {
        var run = (await RunHistory.ReadAsync(journal, asked.Run, cancellation)).Run;
        var holder = await journal.HolderAsync(asked.Fleet, cancellation);
        return new Answer(200, new AskedDocument(run.Id, asked.Fleet, request, kind, outcome, null, run.State, holder?.Worker), $"/v1/runs/{run.Id}", asked.Fleet, run.Id);
    }
}
