using Refresh.Orchestrator.FleetFiles.Reading;
using Refresh.Orchestrator.Journals.Service;
using Refresh.Orchestrator.Serving.Access;
using Refresh.Orchestrator.Serving.Api;
using Refresh.Orchestrator.Serving.Hosting;
using Refresh.Orchestrator.Words;
using Refresh.Workflows.Ports;
using Refresh.Workflows.Runs;

namespace Refresh.Orchestrator.Serving.Chat.Desk;

/// <summary>Finds the run, fleet or pair that somebody means, among those that they may see.</summary>
internal sealed class RunTargets(RunsWorker worker, IRunJournal journal, AskedStore asked)
{
    /// <summary>The fleets that a caller may see, by name.</summary>
    public IReadOnlyList<FleetDesk> Fleets(Caller caller) =>
        [.. worker.Desks.Where(desk => caller.May(Permission.See, desk.Name)).OrderBy(desk => desk.Name, StringComparer.Ordinal)];

    /// <summary>A fleet that the caller may see.</summary>
    /// <exception cref="Problem">There is none of that name.</exception>
    public FleetDesk Fleet(Caller caller, string name)
    {
        var fleets = Fleets(caller);
        return fleets.FirstOrDefault(desk => desk.Name == name)
            ?? throw Problem.Of(ProblemCode.NoSuchFleet, $"There is no fleet {name} here that you may see; {Guess(name, fleets)}");
    }

    /// <summary>The unfinished run of a fleet; null when it has none.</summary>
    public async Task<RunHead?> UnfinishedAsync(string fleet, CancellationToken cancellation) =>
        await LatestAsync(fleet, cancellation) is { Finished: false } head ? head : null;

    /// <summary>The latest run of a fleet; null when it never had one.</summary>
    public async Task<RunHead?> LatestAsync(string fleet, CancellationToken cancellation) => await journal.RunsAsync(fleet, 1, cancellation) is [var latest] ? latest : null;

    /// <summary>The run that something was asked of under an id before this service was lost over it; null when nothing was.</summary>
    public async Task<RunHead?> AskedAsync(Caller caller, string id, CancellationToken cancellation) =>
        await asked.RunAsync(id, cancellation) is { } run && await journal.FindAsync(run, cancellation) is { } head && caller.May(Permission.See, head.Fleet) ? head : null;

    /// <summary>The run that something is asked of.</summary>
    /// <param name="caller">Who asks.</param>
    /// <param name="kind">What: a rollback may be asked of a run that has ended.</param>
    /// <param name="target">A run, or the fleet that has it; null for the only one there is.</param>
    /// <param name="cancellation">Ends the call.</param>
    /// <exception cref="Problem">There is none, or more than one.</exception>
    public async Task<RunHead> RunAsync(Caller caller, RequestKind kind, string? target, CancellationToken cancellation)
    {
        if (target is null)
            return await OnlyAsync(caller, kind, cancellation);
        if (Fleets(caller).Any(desk => desk.Name == target))
        {
            caller.Require(Permission.See, target);
            return (kind == RequestKind.Rollback ? await LatestAsync(target, cancellation) : await UnfinishedAsync(target, cancellation))
                ?? throw Problem.Of(ProblemCode.NoSuchRun, $"Fleet {target} has no {(kind == RequestKind.Rollback ? string.Empty : "unfinished ")}run.");
        }

        return await journal.FindAsync(target, cancellation) is { } head && caller.May(Permission.See, head.Fleet)
            ? head
            : throw Problem.Of(ProblemCode.NoSuchRun, $"There is no run or fleet {target} here that you may see; {Guess(target, Fleets(caller))}");
    }

    private async Task<RunHead> OnlyAsync(Caller caller, RequestKind kind, CancellationToken cancellation)
    {
        var found = new List<RunHead>();
        foreach (var desk in Fleets(caller))
        {
            if (await UnfinishedAsync(desk.Name, cancellation) is { } head)
                found.Add(head);
        }

        var word = kind.Command();
        return found switch
        {
            [var only] => only,
            [] => throw Problem.Of(ProblemCode.NoSuchRun, $"No run is under way that you may see. Name one: {word} RUN."),
            _ => throw Problem.Of(ProblemCode.InvalidRequest, $"Which one? {string.Join("; ", found.Select(head => $"{word} {head.Fleet} (run {head.Run}, {head.State})"))}"),
        };
    }

    private static string Guess(string name, IReadOnlyList<FleetDesk> fleets) =>
        fleets.Count == 0 ? "you may see none." : Suggestion.For(name, [.. fleets.Select(desk => desk.Name)]);
}
