using System.CommandLine;
using Refresh.Orchestrator.Application;
using Refresh.Orchestrator.Documents;
using Refresh.Orchestrator.Engine;
using Refresh.Workflows.Ports;

namespace Refresh.Orchestrator.Commands;

/// <summary><c>refresh status</c>: how runs stand, and why anything waits.</summary>
internal static class StatusCommand
{
    public static Command Create()
    {
        var run = new Argument<string?>("run") { Description = "The run's id, or its fleet's name; otherwise every unfinished run, or else the latest.", Arity = ArgumentArity.ZeroOrOne };
        var fleet = new Option<string?>("--fleet") { Description = "Only runs of this fleet." };
        var command = new Command("status", "Show how runs stand, who works on them and why anything waits.") { run, fleet };
        command.Do(async (context, parsed, cancellation) =>
        {
            var journal = await context.ReadingAsync(cancellation);
            var documents = new List<StatusDocument>();
            foreach (var id in await WhichAsync(journal, parsed.GetValue(run), parsed.GetValue(fleet), cancellation))
                documents.Add(await ReadAsync(journal, id, cancellation));
            if (!context.Json)
                new StatusText(Screen.Of(context), CommandContext.Clock.GetUtcNow()).Write(documents);
            foreach (var document in context.Json ? documents : [])
                await context.Output.WriteJsonAsync(document);
            return ExitCodes.Done;
        });
        return command;
    }

    private static async Task<StatusDocument> ReadAsync(IRunJournal journal, string id, CancellationToken cancellation)
    {
        // First the worker: one that leaves meanwhile has not left anything under way.
        var holder = await journal.FindAsync(id, cancellation) is { Finished: false } head ? await journal.HolderAsync(head.Fleet, cancellation) : null;
        var run = (await RunHistory.ReadAsync(journal, id, cancellation)).Run;
        return StatusDocument.Of(run, run.Finished ? null : holder, await journal.RequestsAsync(id, cancellation), await RevocationOf.Async(run, cancellation));
    }

    private static async Task<IReadOnlyList<string>> WhichAsync(IRunJournal journal, string? run, string? fleet, CancellationToken cancellation)
    {
        if (run is not null)
            return [await RunChoice.FindAsync(journal, run, cancellation)];
        var heads = await journal.RunsAsync(fleet, int.MaxValue, cancellation);
        var unfinished = heads.Where(head => !head.Finished).Select(head => head.Run).ToList();
        return unfinished.Count > 0 ? unfinished : [.. heads.Take(1).Select(head => head.Run)];
    }
}
