using System.CommandLine;
using System.CommandLine.Invocation;
using Microsoft.Extensions.Logging;
using Refresh.Lab;
using Refresh.Orchestrator.Documents;
using Refresh.Orchestrator.Remote;
using Refresh.Workflows.Ports;

namespace Refresh.Orchestrator.Commands;

/// <summary>Runs a command and turns what it meets into an error for people or programs and an exit code; no stack trace reaches them.</summary>
internal static class CommandAction
{
    public static void Do(this Command command, Func<CommandContext, ParseResult, CancellationToken, Task<int>> act) =>
        command.Do(_ => GlobalOptions.DefaultJournal(), act);

    /// <summary>As above, for a command with a journal of its own unless the user names one.</summary>
    public static void Do(this Command command, Func<ParseResult, string> journal, Func<CommandContext, ParseResult, CancellationToken, Task<int>> act) =>
        command.SetAction((parsed, cancellation) => RunAsync(command, parsed, async () =>
        {
            await using var context = new CommandContext(parsed, journal(parsed));
            try
            {
                return await act(context, parsed, cancellation);
            }
            catch (Exception defect) when (ErrorOf(command, defect) is { ExitCode: ExitCodes.Defect })
            {
                context.Loggers.CreateLogger<CommandContext>().LogCritical(defect, "A defect ended {Command}", command.Name);
                throw;
            }
        }));

    /// <summary>Gives commands that know nothing of this program the same manners.</summary>
    public static void Guard(this Command command)
    {
        foreach (var below in command.Subcommands)
            below.Guard();
        if (command.Action is AsynchronousCommandLineAction act)
            command.SetAction((parsed, cancellation) => RunAsync(command, parsed, () => act.InvokeAsync(parsed, cancellation)));
    }

    /// <summary>Says why a command failed, on standard error.</summary>
    public static async Task<int> FailAsync(TextWriter output, bool json, CommandError error)
    {
        if (json)
            await output.WriteJsonAsync(error);
        foreach (var line in json ? [] : error.Lines)
            await output.WriteLineAsync(line);
        return error.ExitCode;
    }

    private static async Task<int> RunAsync(Command command, ParseResult parsed, Func<Task<int>> act)
    {
        try
        {
            return await act();
        }
        catch (Exception failure)
        {
            return await FailAsync(parsed.InvocationConfiguration.Error, GlobalOptions.WantsJson(parsed), ErrorOf(command, failure));
        }
    }

    private static CommandError ErrorOf(Command command, Exception failure) => failure switch
    {
        CommandFailure told => told.Error,
        AdapterException adapter => CommandError.Of(adapter.Reason),
        LabException lab => CommandError.Of(lab),
        JournalException journal => CommandError.Of(journal),
        RemoteFailure remote => CommandError.Of(remote),
        OperationCanceledException => CommandError.Of(ExitCodes.Unfinished, "stopped", "Stopped."),
        IOException or UnauthorizedAccessException => CommandError.Of(ExitCodes.Refused, "file-unusable", $"A file or directory cannot be used: {failure.Message}", "Name another, or give the right to use it."),
        _ => CommandError.Of(
            ExitCodes.Defect,
            "defect",
            $"This is a defect of Refresh: {failure.Message}",
            $"What was decided is in the journal; `refresh status` shows it. Please report it, with the log that `{command.Name} --log FILE` writes."),
    };
}
