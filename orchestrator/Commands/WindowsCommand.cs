using System.CommandLine;
using Refresh.Lab.Commands;
using Refresh.Orchestrator.Application;
using Refresh.Orchestrator.Documents;
using Refresh.Orchestrator.Windows;

namespace Refresh.Orchestrator.Commands;

/// <summary><c>refresh windows</c>: when a fleet may be worked on next.</summary>
internal static class WindowsCommand
{
    private const int Few = 10;

    public static Command Create()
    {
        var file = FleetArguments.File();
        var count = new Option<int>("--count") { Description = $"At most so many windows, {PatchCalendar.MostWindows} at most.", DefaultValueFactory = _ => Few }
            .Between(1, PatchCalendar.MostWindows, _ => $"--count is 1 to {PatchCalendar.MostWindows}.");
        var command = new Command("windows", "Show the next patch windows of a fleet in its local time; change nothing.") { file, count };
        command.Do(async (context, parsed, cancellation) =>
        {
            var shown = await LookAsync(context, parsed, file, parsed.GetValue(count), cancellation);
            if (context.Json)
                await context.Output.WriteJsonAsync(shown);
            else if (shown.Read() is { } windows)
                new WindowText(windows).Write(Screen.Of(context), parsed.GetValue(count));
            else
                Screen.Of(context).Line($"Fleet {shown.Fleet} has no patch windows: it may be worked on at any time.");
            return ExitCodes.Done;
        });
        return command;
    }

    private static async Task<WindowsDocument> LookAsync(CommandContext context, ParseResult parsed, Argument<string> file, int count, CancellationToken cancellation)
    {
        if (context.Server is { } server)
            return await new RemoteCommands(context, server).WindowsAsync(RemoteFleets.Named(parsed, file), count, cancellation);
        var definition = await CommandContext.FleetAsync(parsed.GetRequiredValue(file), cancellation);
        return WindowsDocument.Of(definition, await FleetWindows.LookAsync(definition, CommandContext.Clock, cancellation), count);
    }
}
