using Refresh.Workflows.Ports;

namespace Refresh.Orchestrator.Commands;

/// <summary>Which run a command is about when none is named.</summary>
internal static class RunChoice
{
    private const int Looked = 50;

    public static async Task<string> FindAsync(IRunJournal journal, string? asked, CancellationToken cancellation)
    {
        if (asked is not null)
            return asked;
        var heads = await journal.RunsAsync(null, Looked, cancellation);
        var unfinished = heads.Where(head => !head.Finished).ToList();
        return (unfinished, heads) switch
        {
            ([var one], _) => one.Run,
            ([], [var latest, ..]) => latest.Run,
            ([], []) => throw new CommandFailure(ExitCodes.Refused, ["There is no run in this journal yet. `refresh run` begins one."]),
            _ => throw new CommandFailure(ExitCodes.Usage, ["Several runs are unfinished; say which:", .. unfinished.Select(head => $"  {head.Run}  {head.Fleet} to {head.Image}, {head.State}")]),
        };
    }
}
