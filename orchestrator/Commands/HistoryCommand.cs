using System.CommandLine;
using Refresh.Lab.Commands;
using Refresh.Orchestrator.Documents;
using Refresh.Orchestrator.Reports;
using Refresh.Workflows.Evidence;
using Refresh.Workflows.Ports;

namespace Refresh.Orchestrator.Commands;

/// <summary><c>refresh history</c>: the runs that there were, or all that happened in one.</summary>
internal static class HistoryCommand
{
    private const int Few = 20;

    public static Command Create()
    {
        var run = new Argument<string?>("run") { Description = "A run, to see all that happened in it.", Arity = ArgumentArity.ZeroOrOne };
        var fleet = new Option<string?>("--fleet") { Description = "Only the runs of this fleet." };
        var limit = new Option<int>("--limit") { Description = "At most so many runs.", DefaultValueFactory = _ => Few }
            .Between(1, int.MaxValue, _ => "--limit is 1 or more.");
        var command = new Command("history", "List the runs, or tell all that happened in one.") { run, fleet, limit };
        command.Do(async (context, parsed, cancellation) =>
        {
            var journal = await context.ReadingAsync(cancellation);
            if (parsed.GetValue(run) is { } id)
                await EntriesAsync(context, journal, id, cancellation);
            else
                await RunsAsync(context, await journal.RunsAsync(parsed.GetValue(fleet), parsed.GetValue(limit), cancellation));
            return ExitCodes.Done;
        });
        return command;
    }

    private static async Task RunsAsync(CommandContext context, IReadOnlyList<RunHead> heads)
    {
        if (context.Json)
        {
            foreach (var head in heads)
                await context.Output.WriteJsonAsync(head);
            return;
        }

        var screen = Screen.Of(context);
        if (heads.Count == 0)
            screen.Line("There is no such run in this journal yet. `refresh run` begins one.");
        screen.Table(
            ["RUN", "FLEET", "IMAGE", "STATE", "BEGUN", "LASTED"],
            [.. heads.Select(head => new Cell[]
            {
                head.Run, head.Fleet, head.Image, new(head.State, StateShades.Of(head.State)), Instants.Full(head.StartedAt),
                head.Finished ? Durations.InWords(head.UpdatedAt - head.StartedAt) : "goes on",
            })]);
    }

    private static async Task EntriesAsync(CommandContext context, IRunJournal journal, string run, CancellationToken cancellation)
    {
        var screen = Screen.Of(context);
        await foreach (var entry in journal.ReadAsync(run, 0, cancellation))
        {
            if (context.Json)
                await context.Output.WriteJsonAsync(DocumentJson.Of(entry));
            else if (EntryText.Of(entry.Event) is var told)
                screen.Line($"{Instants.Exact(entry.At)}  {told.Kind}  {told.About}  {told.Text}");
        }
    }
}
