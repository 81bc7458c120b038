using Refresh.Orchestrator.Application;
using Refresh.Orchestrator.Documents;
using Refresh.Orchestrator.Engine;
using Refresh.Orchestrator.Serving.Access;
using Refresh.Workflows.Ports;

namespace Refresh.Orchestrator.Serving.Api;

/// <summary>Runs as a caller may see them.</summary>
internal sealed class RunBook(IRunJournal journal)
{
    private const int AtOnce = 200;

    /// <summary>A page of runs, latest first.</summary>
    public async Task<Page<RunHead>> PageAsync(Caller caller, string? fleet, string? before, int limit, CancellationToken cancellation)
    {
        if (fleet is not null)
            caller.Require(Permission.See, fleet);
        if (before is not null && !(await journal.FindAsync(before, cancellation) is { } place && caller.May(Permission.See, place.Fleet)))
            throw Problem.Of(ProblemCode.CursorInvalid, "This is no cursor of this list. Leave it out for the first page.");
        var seen = new List<RunHead>();
        while (true)
        {
            // One more than wanted tells whether there is a next page.
            var size = caller.May(Permission.See, fleet) ? limit + 1 : AtOnce;
            var heads = before is null ? await journal.RunsAsync(fleet, size, cancellation) : await journal.RunsBeforeAsync(fleet, before, size, cancellation);
            seen.AddRange(heads.Where(head => caller.May(Permission.See, head.Fleet)));
            if (seen.Count > limit)
                return new Page<RunHead>(seen[..limit], Paging.Write(seen[limit - 1].Run));
            if (heads.Count < size)
                return new Page<RunHead>(seen, null);
            before = heads[^1].Run;
        }
    }

    /// <summary>The head of a run that the caller may see.</summary>
    /// <exception cref="Problem">There is none.</exception>
    public async Task<RunHead> HeadAsync(Caller caller, string run, CancellationToken cancellation) =>
        await journal.FindAsync(run, cancellation) is { } head && caller.May(Permission.See, head.Fleet) ? head : throw Problem.NoSuchRun(run);

    /// <summary>A run with its entries.</summary>
    /// <exception cref="Problem">There is none that the caller may see.</exception>
    public async Task<RunHistory> HistoryAsync(Caller caller, string run, CancellationToken cancellation)
    {
        await HeadAsync(caller, run, cancellation);
        return await RunHistory.ReadAsync(journal, run, cancellation);
    }

    /// <summary>How a run stands, and a tag that changes whenever more than the time has.</summary>
    public async Task<(StatusDocument Document, string Tag)> StatusAsync(Caller caller, string run, CancellationToken cancellation)
    {
        var history = await HistoryAsync(caller, run, cancellation);
        var holder = history.Run.Finished ? null : await journal.HolderAsync(history.Run.Fleet.Name, cancellation);
        var requests = await journal.RequestsAsync(run, cancellation);
        var revoked = await RevocationOf.Async(history.Run, cancellation);
        return (StatusDocument.Of(history.Run, holder, requests, revoked), FormattableString.Invariant($"{history.Entries[^1].Sequence}-{holder?.Epoch ?? 0}-{string.Join('.', requests.Select(request => request.Id))}-{revoked?.At.UtcTicks ?? 0}"));
    }
}
