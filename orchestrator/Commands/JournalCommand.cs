using System.CommandLine;
using Refresh.Orchestrator.Documents;
using Refresh.Orchestrator.Journals;
using Refresh.Workflows.Reasons;

namespace Refresh.Orchestrator.Commands;

/// <summary><c>refresh journal</c>: checks the journal, and writes runs down for an audit.</summary>
internal static class JournalCommand
{
    public static Command Create() => new("journal", "Check the journal, or write a run down for an audit.") { Verify(), Export() };

    private static Command Verify()
    {
        var command = new Command("verify", "Check every entry of the journal: its hash, its seal, its form.");
        command.Do(async (context, _, cancellation) =>
        {
            if (!File.Exists(context.JournalPath))
                throw new CommandFailure(ExitCodes.Refused, "no-journal", $"There is no journal at {context.JournalPath}.", "Name another with --journal; the first run makes one.");
            var verified = await (await context.JournalAsync(cancellation)).VerifyAsync(cancellation);
            if (context.Json)
                await context.Output.WriteJsonAsync(new { Journal = context.JournalPath, Holds = verified.Fault is null, verified.Runs, verified.Entries, verified.Fault });
            else
                Show(Screen.Of(context), context.JournalPath, verified);
            return verified.Fault is null ? ExitCodes.Done : ExitCodes.Journal;
        });
        return command;
    }

    private static Command Export()
    {
        var run = new Argument<string>("run") { Description = "The run's id." };
        var command = new Command("export", "Print a run's entries with their hashes: a JSON object a line, each event as it is stored.") { run };
        command.Do(async (context, parsed, cancellation) =>
        {
            var journal = await context.JournalAsync(cancellation);
            await foreach (var line in journal.ExportAsync(parsed.GetRequiredValue(run), cancellation))
                await context.Output.WriteLineAsync(line);
            return ExitCodes.Done;
        });
        return command;
    }

    private static void Show(Screen screen, string path, JournalVerification verified)
    {
        screen.Line(path);
        screen.Line($"{Counted.Of(verified.Runs, "run")} with {Counted.Of(verified.Entries, "entry", "entries")} in it, and they hold: each entry has the hash of the one before it, and each run's end is sealed.", Shade.Good);
        if (verified.Fault is { } fault)
            screen.Line(fault, Shade.Bad);
    }
}
