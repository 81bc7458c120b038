using System.CommandLine;
using System.CommandLine.Invocation;
using System.Text.RegularExpressions;
using Refresh.Lab.Commands;
using Refresh.Orchestrator.Commands.Audits;
using Refresh.Orchestrator.Commands.Bundles;
using Refresh.Orchestrator.Commands.Images;

namespace Refresh.Orchestrator.Commands;

/// <summary>The whole command line.</summary>
internal static partial class CommandLine
{
    public static RootCommand Create()
    {
        var root = Tree();
        RefuseMistakenOptions(root);
        return root;
    }

    /// <summary>Carries out a command line.</summary>
    /// <param name="args">The words of the command line.</param>
    /// <param name="configuration">Where output goes, and how signals are taken.</param>
    /// <returns>One of <see cref="ExitCodes"/>.</returns>
    public static async Task<int> RunAsync(IReadOnlyList<string> args, InvocationConfiguration configuration)
    {
        var parsed = Create().Parse(args);
        if (parsed.Action is not ParseErrorAction mistake)
            return OfHereAlone(parsed) is { } refused ? await CommandAction.FailAsync(configuration.Error, GlobalOptions.WantsJson(parsed), refused) : await parsed.InvokeAsync(configuration);
        var next = $"{Name(parsed.CommandResult.Command)} --help tells what it takes.";
        if (GlobalOptions.WantsJson(parsed))
            return await CommandAction.FailAsync(configuration.Error, json: true, CommandError.Of(ExitCodes.Usage, "usage", string.Join(" ", parsed.Errors.Select(error => Plain(error.Message))), next));
        mistake.ShowHelp = false;
        using var told = new StringWriter();
        await parsed.InvokeAsync(new InvocationConfiguration { Output = told, Error = told });
        await configuration.Error.WriteAsync(Plain(told.ToString()));
        await configuration.Error.WriteLineAsync(next);
        return ExitCodes.Usage;
    }

    // A server that was named and not asked would mislead.
    private static CommandError? OfHereAlone(ParseResult parsed) =>
        parsed.GetResult(GlobalOptions.Server) is { Implicit: false } && parsed.Action is AsynchronousCommandLineAction && Name(parsed.CommandResult.Command) is var name && !Elsewhere.Contains(name)
            ? CommandError.Of(ExitCodes.Usage, "server-not-taken", $"`{name}` works on this machine alone, and takes no --server. Nothing was done.", $"With --server there are: {string.Join(", ", Elsewhere.Select(each => each["refresh ".Length..]))}. For the rest, be where the worker runs.")
            : null;

    /// <summary>The commands that a worker elsewhere carries out; the table in docs/cli.md has the same.</summary>
    public static IReadOnlyList<string> Elsewhere { get; } =
        [.. new[] { "doctor", "plan", "windows", "run", "status", "history", "report", "approve", "pause", "resume", "cancel", "rollback", "audit", "evidence export", "image add", "image list", "image show", "image approve", "image revoke", "image verify", "image diff", "image scan" }.Select(name => $"refresh {name}")];

    // The library names the types of this program, which say nothing to its user.
    private static string Plain(string message) => TypeName().Replace(message, string.Empty);

    [GeneratedRegex(" as expected type '[^']*'")]
    private static partial Regex TypeName();

    private static string Name(Command command) =>
        command.Parents.OfType<Command>().FirstOrDefault() is { } parent ? $"{Name(parent)} {command.Name}" : "refresh";

    private static RootCommand Tree() => new("Refresh brings every VM of a fleet up to a patched golden image while the service stays online.")
    {
        GlobalOptions.Journal,
        GlobalOptions.Server,
        GlobalOptions.Json,
        GlobalOptions.Log,
        DemoCommand.Create(),
        InitCommand.Create(),
        ValidateCommand.Create(),
        DoctorCommand.Create(),
        PlanCommand.Create(),
        WindowsCommand.Create(),
        RunCommand.Create(),
        StatusCommand.Create(),
        RequestCommand.CreateApprove(),
        RequestCommand.CreatePause(),
        ResumeCommand.Create(),
        RequestCommand.CreateCancel(),
        RollbackCommand.Create(),
        ReportCommand.Create(),
        AuditCommand.Create(),
        EvidenceCommand.Create(),
        HistoryCommand.Create(),
        JournalCommand.Create(),
        ImageCommand.Create(),
        GraphCommand.Create(),
        CompletionCommand.Create(),
        ServeCommand.Create(),
        TokenCommand.Create(),
        Lab(),
    };

    private static Command Lab()
    {
        var lab = LabCommand.Create();
        lab.Guard();
        return lab;
    }

    // Without this, an option that there is not is taken for the name of a file or a run.
    private static void RefuseMistakenOptions(Command command)
    {
        foreach (var argument in command.Arguments)
        {
            argument.Validators.Add(result =>
            {
                foreach (var token in result.Tokens.Where(token => token.Value.StartsWith('-')))
                    result.AddError($"'{token.Value}' is not an option of this command.");
            });
        }

        foreach (var below in command.Subcommands.Where(below => !below.Hidden))
            RefuseMistakenOptions(below);
    }
}
