using System.CommandLine;
using Refresh.Orchestrator.Documents;
using Refresh.Orchestrator.FleetFiles;

namespace Refresh.Orchestrator.Commands;

/// <summary><c>refresh init</c>: writes a commented fleet file to begin with.</summary>
internal static class InitCommand
{
    public static Command Create()
    {
        var output = new Option<string>("--output", "-o") { Description = "The file to write.", DefaultValueFactory = _ => "fleet.yaml" };
        var force = new Option<bool>("--force") { Description = "Replace the file if it is there." };
        var command = new Command("init", "Write a commented fleet file to begin with.") { output, force };
        command.Do(async (context, parsed, cancellation) =>
        {
            var path = parsed.GetRequiredValue(output);
            await OutputFile.WriteAsync(path, FleetTemplate.Text, parsed.GetValue(force), cancellation);
            if (context.Json)
            {
                await context.Output.WriteJsonAsync(new { File = Path.GetFullPath(path) });
                return ExitCodes.Done;
            }

            var screen = Screen.Of(context);
            screen.Line($"{path} is written. Describe your fleet in it, then:");
            screen.Line($"  refresh validate {path}    checks what it says");
            screen.Line($"  refresh doctor {path}      compares it with the world");
            screen.Line($"  refresh plan {path}        shows what a run would do");
            return ExitCodes.Done;
        });
        return command;
    }
}
