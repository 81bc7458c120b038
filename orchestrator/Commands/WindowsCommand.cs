using System.CommandLine;
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
        var count = new Option<int>("--count") { Description = $"At most so many windows, {PatchCalendar.MostWindows} at most.", DefaultValueFactory = _ => Few };
        count.Validators.Add(result =>
        {
            if (result.GetValueOrDefault<int>() is < 1 or > PatchCalendar.MostWindows)
                result.AddError($"--count is 1 to {PatchCalendar.MostWindows}.");
        });
        var command = new Command("windows", "Show the next patch windows of a fleet in its local time; change nothing.") { file, count };
        command.Do(async (context, parsed, cancellation) =>
        {
            var definition = await CommandContext.FleetAsync(parsed.GetRequiredValue(file), cancellation);
            var windows = await FleetWindows.LookAsync(definition, CommandContext.Clock, cancellation);
            if (context.Json)
                await context.Output.WriteJsonAsync(Document(definition.Fleet.Name, windows, parsed.GetValue(count)));
            else if (windows is null)
                Screen.Of(context).Line($"Fleet {definition.Fleet.Name} has no patch windows: it may be worked on at any time.");
            else
                new WindowText(windows).Write(Screen.Of(context), parsed.GetValue(count));
            return ExitCodes.Done;
        });
        return command;
    }

    private static object Document(string fleet, FleetWindows? windows, int count) => new
    {
        Fleet = fleet,
        AnyTime = windows is null,
        windows?.TimeZone,
        windows?.At,
        Open = windows?.Outlook.Windows.FirstOrDefault(window => window.Holds(windows.At)),
        Windows = windows?.Outlook.Windows.Take(count).Select(window => new { window.Start, window.End }),
        Freezes = windows?.Freezes.Select(freeze => new { freeze.Start, freeze.End }),
        DelaySeconds = windows?.Delay.TotalSeconds,
    };
}
