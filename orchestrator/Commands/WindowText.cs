using Refresh.Orchestrator.Application;
using Refresh.Workflows.Evidence;
using Refresh.Workflows.Reasons;
using Refresh.Workflows.Windows;

namespace Refresh.Orchestrator.Commands;

/// <summary>Patch windows for people, in the fleet's own time.</summary>
internal sealed class WindowText(FleetWindows windows)
{
    /// <summary>What is open, or opens next.</summary>
    public string Next => windows.Outlook.Windows switch
    {
        [] => $"There is no patch window until {Local(windows.Outlook.Until)}: a run would wait.",
        [var first, ..] when first.Holds(windows.At) => $"A patch window is open until {Local(first.End)}, for another {Durations.InWords(first.End - windows.At)}.",
        [var first, ..] => $"No patch window is open: a run would wait until {Local(first.Start)}, for {Durations.InWords(first.Start - windows.At)}.",
    };

    /// <summary>Writes the next windows.</summary>
    /// <param name="screen">Where to.</param>
    /// <param name="count">How many at most.</param>
    public void Write(Screen screen, int count)
    {
        screen.Line($"Fleet {windows.Fleet}: {Next}");
        screen.Line();
        screen.Table(["OPENS", "ENDS", "LASTS", "IN UTC", ""], [.. windows.Outlook.Windows.Take(count).Select(Row)]);
        if (windows.Freezes.Count > 0)
        {
            screen.Line();
            screen.Line($"{Counted.Of(windows.Freezes.Count, "freeze")}, in which nothing is begun:");
            screen.Table(["FROM", "TO"], [.. windows.Freezes.OrderBy(freeze => freeze.Start).Take(count).Select(freeze => new Cell[] { Local(freeze.Start), Local(freeze.End) })]);
        }

        if (windows.Delay > TimeSpan.Zero)
            screen.Line($"The windows of this fleet start {Durations.InWords(windows.Delay)} after their calendars' times: its share of the jitter.");
    }

    /// <summary>An instant in the fleet's time, with what that is from UTC.</summary>
    /// <param name="at">The instant.</param>
    /// <returns>For example <c>Tue 2026-12-08 02:00 +01:00</c>.</returns>
    public string Local(DateTimeOffset at) => ZoneTime.Of(at, windows.TimeZone);

    private Cell[] Row(PatchWindow window) =>
    [
        Local(window.Start),
        Local(window.End),
        Durations.InWords(window.Length),
        $"{window.Start.UtcDateTime:yyyy-MM-dd HH:mm} to {window.End.UtcDateTime:HH:mm}",
        window.Holds(windows.At) ? new Cell("open now", Shade.Good) : "",
    ];
}
