using System.CommandLine;
using Refresh.Lab.Commands;
using Refresh.Orchestrator.Application;
using Refresh.Orchestrator.Documents;
using Refresh.Orchestrator.Journals;
using Refresh.Workflows.Reasons;

namespace Refresh.Orchestrator.Commands;

/// <summary><c>refresh journal</c>: checks the journal, keeps it small, and writes runs down for an audit.</summary>
internal static class JournalCommand
{
    private const int Days = 90;

    public static Command Create() => new("journal", "Check the journal, keep it small, or write a run down for an audit.") { Verify(), Compact(), Export() };

    private static Command Verify()
    {
        var command = new Command("verify", "Check every entry of the journal: its hash, its seal, its form.");
        command.Do(async (context, _, cancellation) =>
        {
            RequireJournal(context);
            await using var look = await context.LookAsync(cancellation);
            var verified = await look.Journal.VerifyAsync(cancellation);
            if (context.Json)
                await context.Output.WriteJsonAsync(new { Journal = context.JournalPath, Holds = verified.Fault is null, verified.Runs, verified.Entries, verified.Fault, verified.Away });
            else
                Show(Screen.Of(context), context.JournalPath, verified);
            return verified.Fault is null ? ExitCodes.Done : ExitCodes.Journal;
        });
        return command;
    }

    private static Command Compact()
    {
        var days = new Option<int>("--days") { Description = "Archive runs that ended so many days ago, or longer.", DefaultValueFactory = _ => Days }
            .Between(0, 36_500, _ => "--days is from 0 to 36500.");
        var to = new Option<string?>("--to") { Description = "The directory for their files; otherwise archive/ beside the journal." };
        var command = new Command("compact", "Move the entries of old finished runs to files, a file a run, where they can still be read, and delete the states that were kept with them. The latest run of a fleet stays.") { days, to };
        command.Do(async (context, parsed, cancellation) =>
        {
            RequireJournal(context);
            var directory = Path.GetFullPath(parsed.GetValue(to) ?? Path.Combine(Path.GetDirectoryName(context.JournalPath)!, "archive"));
            var journal = await context.JournalAsync(cancellation);
            var before = await journal.SizeAsync(cancellation);
            var compaction = new JournalCompaction(journal, CommandContext.Worker.Worker, CommandContext.Clock);
            var age = TimeSpan.FromDays(parsed.GetRequiredValue(days));
            var done = await compaction.CompactAsync(age, directory, cancellation);
            var archived = await journal.ArchivedAsync(cancellation);
            var kept = (await journal.RunsAsync(null, int.MaxValue, cancellation)).Where(head => !archived.Contains(head.Run));
            var pruned = new RecordsPruning(context.Records).Prune(CommandContext.Clock.GetUtcNow() - age, [.. kept]);
            var after = await journal.SizeAsync(cancellation);
            if (context.Json)
                await context.Output.WriteJsonAsync(new { Journal = context.JournalPath, Directory = directory, Archived = done.Archived.Select(head => head.Run), done.Busy, done.Kept, done.Unwritable, BytesBefore = before, BytesAfter = after, Pruned = pruned });
            else
                Show(Screen.Of(context), directory, done, pruned, before, after);
            return done.Kept.Count > 0 ? ExitCodes.Journal : done.Unwritable is not null ? ExitCodes.Refused : ExitCodes.Done;
        });
        return command;
    }

    private static Command Export()
    {
        var run = new Argument<string>("run") { Description = "The run's id." };
        var command = new Command("export", "Print a run's entries with their hashes: a JSON object a line, each event as it is stored.") { run };
        command.Do(async (context, parsed, cancellation) =>
        {
            RequireJournal(context);
            await using var look = await context.LookAsync(cancellation);
            await foreach (var line in look.Journal.ExportAsync(parsed.GetRequiredValue(run), cancellation))
                await context.Output.WriteLineAsync(line);
            return ExitCodes.Done;
        });
        return command;
    }

    private static void RequireJournal(CommandContext context)
    {
        if (File.Exists(context.JournalPath))
            return;
        JournalFile.RefuseLost(context.JournalPath);
        throw new CommandFailure(ExitCodes.Refused, "no-journal", $"There is no journal at {context.JournalPath}.", "Name another with --journal; the first run makes one.");
    }

    private static void Show(Screen screen, string directory, Compacted done, Pruned pruned, long before, long after)
    {
        foreach (var run in done.Archived)
            screen.Line($"{run.Run} of fleet {run.Fleet}: {JournalCompaction.FileOf(directory, run.Run)}");
        foreach (var busy in done.Busy)
            screen.Line(busy, Shade.Warning);
        foreach (var kept in done.Kept)
            screen.Line(kept, Shade.Bad);
        if (done.Unwritable is { } unwritable)
            screen.Line($"{unwritable} The other runs are in the journal still. Free some space there, or name another directory with --to; then do it again.", Shade.Bad);
        screen.Line(done.Archived.Count == 0 ? "No run was archived." : $"{Counted.Of(done.Archived.Count, "run was", "runs were")} archived; the journal has {after / 1024:N0} KiB, and had {before / 1024:N0}.");
        if (pruned.Files > 0)
            screen.Line($"{Counted.Of(pruned.Files, "file that was kept with old runs was", "files that were kept with old runs were")} deleted: {pruned.Bytes / 1024:N0} KiB.");
    }

    private static void Show(Screen screen, string path, JournalVerification verified)
    {
        screen.Line(path);
        var counted = $"{Counted.Of(verified.Runs, "run")} with {Counted.Of(verified.Entries, "entry", "entries")}";
        if (verified.Fault is null)
            screen.Line($"{counted} in it, and they hold: each entry has the hash of the one before it, and each run's end is sealed.", Shade.Good);
        else
            screen.Line($"{counted} hold before the fault; what comes after it was not looked at.");
        foreach (var away in verified.Away)
            screen.Line(away, Shade.Warning);
        if (verified.Fault is { } fault)
            screen.Line(fault, Shade.Bad);
    }
}
