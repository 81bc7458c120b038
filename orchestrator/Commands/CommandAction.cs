using System.CommandLine;
using Microsoft.Extensions.Logging;
using Refresh.Lab;
using Refresh.Workflows.Ports;

namespace Refresh.Orchestrator.Commands;

/// <summary>Runs a command and turns what it meets into lines for people and an exit code; no stack trace reaches them.</summary>
internal static class CommandAction
{
    public static void Do(this Command command, Func<CommandContext, ParseResult, CancellationToken, Task<int>> act) =>
        command.Do(_ => GlobalOptions.DefaultJournal(), act);

    /// <summary>As above, for a command with a journal of its own unless the user names one.</summary>
    public static void Do(this Command command, Func<ParseResult, string> journal, Func<CommandContext, ParseResult, CancellationToken, Task<int>> act) =>
        command.SetAction(async (parsed, cancellation) =>
        {
            await using var context = new CommandContext(parsed, journal(parsed));
            try
            {
                return await act(context, parsed, cancellation);
            }
            catch (CommandFailure failure)
            {
                return await FailAsync(context, failure.ExitCode, [.. failure.Lines]);
            }
            catch (AdapterException failure)
            {
                return await FailAsync(context, ExitCodes.Refused, failure.Reason.Text + ".", $"To go on: {failure.Reason.EndsWhen}.");
            }
            catch (LabException failure)
            {
                return await FailAsync(context, ExitCodes.Refused, failure.Message);
            }
            catch (JournalException fault)
            {
                return await FailAsync(context, ExitCodeOf(fault.Fault), fault.Message);
            }
            catch (OperationCanceledException)
            {
                return await FailAsync(context, ExitCodes.Unfinished, "Stopped.");
            }
            catch (Exception defect)
            {
                context.Loggers.CreateLogger<CommandContext>().LogCritical(defect, "A defect ended {Command}", command.Name);
                return await FailAsync(context, ExitCodes.Defect, $"This is a defect of Refresh: {defect.Message}", $"What was decided is in the journal; `refresh status` shows it. Please report it, with the log that `{command.Name} --log FILE` writes.");
            }
        });

    private static int ExitCodeOf(JournalFault fault) =>
        fault is JournalFault.Damaged or JournalFault.Unavailable or JournalFault.Conflict ? ExitCodes.Journal
        : fault is JournalFault.LeaseLost ? ExitCodes.Unfinished
        : ExitCodes.Refused;

    private static async Task<int> FailAsync(CommandContext context, int exitCode, params string[] lines)
    {
        foreach (var line in lines)
            await context.Error.WriteLineAsync(line);
        return exitCode;
    }
}
