using System.CommandLine;
using Refresh.Orchestrator.Application;
using Refresh.Orchestrator.Composition;
using Refresh.Orchestrator.Engine;
using Refresh.Workflows.Machines;
using Refresh.Workflows.Ports;
using Refresh.Workflows.Runs;

namespace Refresh.Orchestrator.Commands;

/// <summary><c>refresh resume</c> and <c>refresh rollback</c>: take a run up again, to go on or to go back.</summary>
internal static class ResumeCommand
{
    public static Command Create()
    {
        var run = FleetArguments.Run();
        var (why, detach) = (RemoteCommands.Why(), RemoteCommands.Detach());
        var command = new Command("resume", "Go on with a run that was paused, left or lost; what was under way is looked at first.") { run, why, detach };
        command.Do((context, parsed, cancellation) => TakeUpAsync(context, parsed.GetValue(run), RequestKind.Resume, parsed.GetRequiredValue(why), parsed.GetValue(detach), cancellation));
        return command;
    }

    public static Command CreateRollback()
    {
        var run = FleetArguments.Run();
        var (why, detach) = (RemoteCommands.Why(), RemoteCommands.Detach());
        var command = new Command("rollback", "Take every member that a run has touched back to the image recorded for it, one of a pair at a time.") { run, why, detach };
        command.Do((context, parsed, cancellation) => TakeUpAsync(context, parsed.GetValue(run), RequestKind.Rollback, parsed.GetRequiredValue(why), parsed.GetValue(detach), cancellation));
        return command;
    }

    private static async Task<int> TakeUpAsync(CommandContext context, string? asked, RequestKind kind, string why, bool detach, CancellationToken cancellation)
    {
        var journal = await context.ReadingAsync(cancellation);
        var id = await RunChoice.FindAsync(journal, asked, cancellation);
        if (context.Server is { } server)
            return await new RemoteCommands(context, server).TakeUpAsync(id, kind, why, detach, cancellation);
        var history = await RunHistory.ReadAsync(journal, id, cancellation);
        RequirePossible(history.Run, kind);
        var definition = await CommandContext.FleetAsync(history.Run.Source, cancellation);
        if (RunService.Differences(history.Run, definition) is { Count: > 0 } differences)
            throw new CommandFailure(ExitCodes.Refused, "fleet-file-differs", $"Run {id} cannot be taken up with {history.Run.Source} as it is now, and nothing was touched: {string.Join("; ", differences)}.", "Restore the fleet file to what it was when the run began.");

        await using var adapters = new Later(token => context.AdaptersAsync(definition, token));
        var runs = await context.RunsAsync(cancellation);
        var conduct = new Conduct(context, runs);
        Run run;
        await using (var view = conduct.View())
        {
            RunSession session;
            try
            {
                session = await runs.TakeUpAsync(id, adapters.OpenAsync, view, lease => view.Note($"The lease of {lease.Worker} still holds; it ends at {lease.ExpiresAt:HH:mm:ss} UTC unless that worker lives. Waiting."), cancellation);
            }
            catch (JournalException held) when (held.Fault == JournalFault.LeaseHeld)
            {
                await runs.RequestAsync(id, kind, new Asker(CommandContext.User, why), cancellation);
                view.Note($"A live worker has run {id}; it was asked to {kind.ToString().ToLowerInvariant()}. refresh status {id} shows how it goes.");
                return ExitCodes.Done;
            }

            run = await conduct.WorkAsync(session, view, why, Asks(session.Run, kind));
        }

        var code = await conduct.EndAsync(run);
        return run.State == RunState.RolledBack && (kind == RequestKind.Rollback || history.Run.GoingBack) ? ExitCodes.Done : code;
    }

    /// <summary>Adapters that are opened once the run is ours: an embedded balancer listens where that of the other worker may listen still.</summary>
    private sealed class Later(Func<CancellationToken, Task<FleetAdapters>> open) : IAsyncDisposable
    {
        private FleetAdapters? _adapters;

        public async Task<RunPorts> OpenAsync(CancellationToken cancellation) => (_adapters = await open(cancellation)).Ports;

        public ValueTask DisposeAsync() => _adapters?.DisposeAsync() ?? ValueTask.CompletedTask;
    }

    private static RequestKind[] Asks(Run run, RequestKind kind) =>
        run.State == RunState.Paused || (kind == RequestKind.Rollback && run.State != RunState.RollingBack) ? [kind] : [];

    private static void RequirePossible(Run run, RequestKind kind)
    {
        if (kind == RequestKind.Resume && run.Finished)
            throw new CommandFailure(ExitCodes.Refused, "run-ended", $"Run {run.Id} has ended: {run.State}. There is nothing to resume.", "A new run is begun by `refresh run`.");
        if (kind == RequestKind.Rollback && !RunMachine.CanFire(run.State, RunTrigger.Rollback, run.GoingBack) && run.State != RunState.RollingBack)
            throw new CommandFailure(ExitCodes.Refused, "run-not-possible", $"Run {run.Id} is {run.State} and cannot be rolled back.", $"`refresh status {run.Id}` shows how it stands.");
    }
}
