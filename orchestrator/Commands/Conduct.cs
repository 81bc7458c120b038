using System.Text.Json;
using System.Text.Json.Nodes;
using Refresh.Orchestrator.Application;
using Refresh.Orchestrator.Bundles;
using Refresh.Orchestrator.Commands.Views;
using Refresh.Orchestrator.Engine;
using Refresh.Orchestrator.Reports;
using Refresh.Workflows.Evidence;
using Refresh.Workflows.Machines;
using Refresh.Workflows.Ports;
using Refresh.Workflows.Runs;
using Spectre.Console;

namespace Refresh.Orchestrator.Commands;

/// <summary>Conducts a run in this process: shows it, listens to Ctrl-C, and says at the end what came of it.</summary>
internal sealed class Conduct(CommandContext context, RunService? runs)
{
    /// <summary>The view that fits the place: a live table on a terminal, lines elsewhere, JSON if asked for.</summary>
    public IRunView View(Func<string?>? extra = null) =>
        context.Json ? new JsonView(context.Output)
        : Terminal.IsLive ? new LiveView(AnsiConsole.Console, CommandContext.Clock, extra)
        : new PlainView(context.Output, CommandContext.Clock);

    /// <summary>Works on a run until it ends or is left.</summary>
    public async Task<Run> WorkAsync(RunSession session, IRunView view, string why = "", params RequestKind[] asks)
    {
        foreach (var kind in asks)
            session.Ask(Request(session, kind, why));
        using var interrupts = new Interrupts(() =>
        {
            view.Note(StopNote.Of(session.Run));
            session.LeaveSafely(Request(session, RequestKind.Pause, "Ctrl-C"));
        });
        return await session.WorkAsync(interrupts.Now);
    }

    public async Task<int> EndAsync(Run run)
    {
        // The evidence of a worker elsewhere is that worker's to write.
        var evidence = run.Finished && context.Server is null ? await EvidenceAsync(run) : null;
        if (context.Json)
        {
            await context.Output.WriteLineAsync(new JsonObject { ["run"] = run.Id, ["fleet"] = run.Fleet.Name, ["image"] = run.Image.Ref.Label, ["state"] = run.State.ToString(), ["why"] = run.Why?.Text, ["next"] = Next(run), ["evidence"] = evidence?.File }.ToJsonString(JsonSerializerOptions.Web));
            return ExitCode(run);
        }

        var history = await RunHistory.ReadAsync(await context.ReadingAsync(CancellationToken.None), run.Id, CancellationToken.None);
        var screen = Screen.Of(context);
        foreach (var line in TextReport.Render(RunReport.From(history.Entries), null))
            screen.Line(line);
        if (evidence is not null)
            screen.Line(evidence.Text);
        if (Next(run) is { } next)
            screen.Line($"It can be gone on with: {next}");
        else if (run.State is RunState.Failed or RunState.Cancelled)
            screen.Line($"To take back what was done: refresh rollback {run.Id}. To go on with the rest once it is mended: refresh run");
        return ExitCode(run);
    }

    /// <summary>Writes the evidence of a run that has ended. That it cannot be written is told, and changes nothing of the run.</summary>
    public async Task<WrittenEvidence?> EvidenceAsync(Run run)
    {
        try
        {
            return await new RunEvidence(await context.JournalAsync(CancellationToken.None), CommandContext.Clock).AtEndAsync(run.Id, CommandContext.User, null, CancellationToken.None);
        }
        catch (Exception problem) when (problem is AdapterException or JournalException)
        {
            await context.Error.WriteLineAsync($"The evidence of run {run.Id} was not written: {(problem as AdapterException)?.Reason.Text ?? problem.Message}. The journal has it: refresh evidence export {run.Id}");
            return null;
        }
    }

    public static int ExitCode(Run run) => run.State switch
    {
        RunState.Succeeded => ExitCodes.Done,
        RunState.Failed => ExitCodes.Failed,
        RunState.Cancelled or RunState.RolledBack => ExitCodes.Cancelled,
        _ => ExitCodes.Unfinished,
    };

    private static string? Next(Run run) => run.Finished ? null : $"refresh resume {run.Id}";

    private RunRequest Request(RunSession session, RequestKind kind, string why) => runs!.NewRequest(session.Run.Id, kind, new Asker(CommandContext.User, why));
}
