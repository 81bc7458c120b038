using Refresh.Orchestrator.Application;
using Refresh.Workflows.Evidence;
using Refresh.Workflows.Reasons;
using Refresh.Workflows.Windows;

namespace Refresh.Orchestrator.Commands;

/// <summary>Patch windows for people, in the fleet's own time.</summary>
internal sealed class WindowText(FleetWindows windows)
{
    /// <summary>Writes the next windows.</summary>
    /// <param name="screen">Where to.</param>
    /// <param name="count">How many at most.</param>
    public void Write(Screen screen, int count)
    {
        screen.Line($"Fleet {windows.Fleet}: {windows.Next}");
        screen.Line();
        screen.Table(["OPENS", "ENDS", "LASTS", "IN UTC", ""], [.. windows.Outlook.Windows.Take(count).Select(Row)]);
        if (windows.Freezes.Count > 0)
        {
            screen.Line();
            screen.Line($"{Counted.Of(windows.Freezes.Count, "freeze")}, in which nothing is begun:");
            screen.Table(["FROM", "TO"], [.. windows.Freezes.OrderBy(freeze => freeze.Start).Take(count).Select(freeze => new Cell[] { windows.Local(freeze.Start), windows.Local(freeze.End) })]);
        }

        if (windows.Delay > TimeSpan.Zero)
            screen.Line($"The windows of this fleet start {Durations.InWords(windows.Delay)} after their calendars' times: its share of the jitter.");
    }

    private Cell[] Row(PatchWindow window) =>
    [
        windows.Local(window.Start),
        windows.Local(window.End),
        Durations.InWords(window.Length),
        $"{window.Start.UtcDateTime:yyyy-MM-dd HH:mm} to {window.End.UtcDateTime:HH:mm}",
        window.Holds(windows.At) ? new Cell("open now", Shade.Good) : "",
    ];
}
