using Refresh.Workflows.Ports;
using Refresh.Workflows.Reasons;

namespace Refresh.Orchestrator.Commands;

/// <summary>Which run a command is about: the one that is named, that of the fleet that is named, or the one that must be meant.</summary>
internal static class RunChoice
{
    /// <summary>The run that is meant; one that has ended will do.</summary>
    public static async Task<string> FindAsync(IRunJournal journal, string? asked, CancellationToken cancellation)
    {
        if (asked is not null)
            return (await NamedAsync(journal, asked, cancellation)).Run;
        return await UnfinishedAsync(journal, cancellation) switch
        {
            [var one] => one.Run,
            [] when await journal.RunsAsync(null, 1, cancellation) is [var latest] => latest.Run,
            [] => throw new CommandFailure(ExitCodes.Refused, "no-run", "There is no run in this journal yet.", "`refresh run` begins one."),
            var several => throw Several(several),
        };
    }

    /// <summary>The unfinished run that is meant.</summary>
    public static async Task<RunHead> UnfinishedAsync(IRunJournal journal, string? asked, CancellationToken cancellation)
    {
        if (asked is not null)
        {
            var named = await NamedAsync(journal, asked, cancellation);
            return !named.Finished ? named : throw new CommandFailure(ExitCodes.Refused, "run-ended", $"Run {named.Run} of fleet {named.Fleet} has ended: {named.State}. Nothing was asked of it.", "`refresh status` shows the runs that go on.");
        }

        return await UnfinishedAsync(journal, cancellation) switch
        {
            [var one] => one,
            [] => throw new CommandFailure(ExitCodes.Refused, "no-unfinished-run", "No run is unfinished, so nothing was asked of any.", "`refresh history` lists the runs that there were."),
            var several => throw Several(several),
        };
    }

    private static async Task<RunHead> NamedAsync(IRunJournal journal, string asked, CancellationToken cancellation)
    {
        if (await journal.FindAsync(asked, cancellation) is { } run)
            return run;
        return (await UnfinishedAsync(journal, cancellation)).FirstOrDefault(head => head.Fleet == asked) ?? (await journal.RunsAsync(asked, 1, cancellation) is [var latest] ? latest : null)
            ?? throw new CommandFailure(ExitCodes.Refused, "no-such-run", $"There is no run {asked} in this journal, and none of a fleet of that name.", "`refresh history` lists the runs that there are; --journal names another journal.");
    }

    private static async Task<List<RunHead>> UnfinishedAsync(IRunJournal journal, CancellationToken cancellation) =>
        [.. (await journal.UnsettledAsync(cancellation)).Where(head => !head.Finished)];

    private static CommandFailure Several(List<RunHead> unfinished) =>
        new(CommandError.Of(ExitCodes.Usage, "several-runs", "Several runs are unfinished; say which:") with
        {
            Reasons = [.. unfinished.Select(head => new Reason("run-unfinished", $"{head.Run} of fleet {head.Fleet} to {head.Image} is {head.State}", $"name it: {head.Run}"))],
        });
}
