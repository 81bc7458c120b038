using Refresh.Orchestrator.Application;
using Refresh.Orchestrator.Composition;
using Refresh.Orchestrator.Engine;
using Refresh.Workflows.Machines;
using Refresh.Workflows.Ports;
using Refresh.Workflows.Runs;

namespace Refresh.Orchestrator.Commands;

/// <summary>Takes a run up again, to go on or to go back: in this process, or by the worker that has it.</summary>
/// <param name="context">The command.</param>
/// <param name="kind">Resume or rollback.</param>
/// <param name="why">Why, for the journal.</param>
/// <param name="detach">With a worker elsewhere: do not follow the run.</param>
internal sealed class TakeUp(CommandContext context, RequestKind kind, string why, bool detach)
{
    /// <summary>Takes it up.</summary>
    /// <param name="asked">The run, as it was named.</param>
    /// <param name="require">Ends the command when the run cannot be taken up.</param>
    /// <param name="ask">Ends the command when the person does not want it; the last thing before anything is done.</param>
    /// <param name="cancellation">Ends the wait for the run's lease.</param>
    /// <returns>The exit code.</returns>
    public async Task<int> GoAsync(string? asked, Action<Run> require, Func<IRunJournal, Run, Task> ask, CancellationToken cancellation)
    {
        var journal = await context.ReadingAsync(cancellation);
        var history = await RunHistory.ReadAsync(journal, await RunChoice.FindAsync(journal, asked, cancellation), cancellation);
        var (id, source) = (history.Run.Id, history.Run.Source);
        require(history.Run);
        await RunService.RequireAloneAsync(journal, RunHeads.Of(history.Run, history.Entries[^1].Sequence), cancellation);
        if (context.Server is { } server)
        {
            await ask(journal, history.Run);
            return await new RemoteCommands(context, server).TakeUpAsync(history, kind, why, detach, cancellation);
        }

        var definition = await CommandContext.FleetAsync(source, cancellation);
        if (RunService.Differences(history.Run, definition) is { Count: > 0 } differences)
            throw new CommandFailure(ExitCodes.Refused, "fleet-file-differs", $"Run {id} cannot be taken up with {source} as it is now, and nothing was touched: {string.Join("; ", differences)}.", "Restore the fleet file to what it was when the run began.");
        await ask(journal, history.Run);

        await using var adapters = new Later(token => context.AdaptersAsync(definition, token));
        var runs = await context.RunsAsync(cancellation);
        var conduct = new Conduct(context, runs);
        Run? run = null;
        await using (var view = conduct.View())
        {
            try
            {
                var session = await runs.TakeUpAsync(id, adapters.OpenAsync, view, lease => view.Note($"The lease of {lease.Worker} still holds; it ends at {lease.ExpiresAt:HH:mm:ss} UTC unless that worker lives. Waiting."), cancellation);
                run = await conduct.WorkAsync(session, view, why, Asks(session.Run, await journal.RequestsAsync(id, cancellation)));
            }
            catch (JournalException held) when (held.Fault == JournalFault.LeaseHeld)
            {
                view.Note($"A live worker has run {id}, and answers what is asked of it.");
            }
        }

        if (run is null)
            return await AskAsync(runs, journal, id, cancellation);
        var code = await conduct.EndAsync(run);
        return run.State == RunState.RolledBack && (kind == RequestKind.Rollback || history.Run.GoingBack) ? ExitCodes.Done : code;
    }

    private async Task<int> AskAsync(RunService runs, IRunJournal journal, string id, CancellationToken cancellation)
    {
        var now = await RunHistory.ReadAsync(journal, id, cancellation);
        Asking.RequirePossible(now.Run, kind);
        return await new Asking(context, runs, journal).AskAsync(RunHeads.Of(now.Run, now.Entries[^1].Sequence), kind, why, wait: true, cancellation);
    }

    // A run that was asked to end or to go back, and has not heard it yet, is not asked to go on besides.
    private RequestKind[] Asks(Run run, IReadOnlyList<RunRequest> waiting) =>
        kind == RequestKind.Resume && waiting.Any(request => request.Kind is RequestKind.Cancel or RequestKind.Rollback) ? []
        : run.State == RunState.Paused || (kind == RequestKind.Rollback && run.State != RunState.RollingBack) ? [kind] : [];

    /// <summary>Adapters that are opened once the run is ours: an embedded balancer listens where that of the other worker may listen still.</summary>
    private sealed class Later(Func<CancellationToken, Task<FleetAdapters>> open) : IAsyncDisposable
    {
        private FleetAdapters? _adapters;

        public async Task<RunPorts> OpenAsync(CancellationToken cancellation) => (_adapters = await open(cancellation)).Ports;

        public ValueTask DisposeAsync() => _adapters?.DisposeAsync() ?? ValueTask.CompletedTask;
    }
}
