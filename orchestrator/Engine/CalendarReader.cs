using Microsoft.Extensions.Logging;
using Refresh.Workflows.Ports;
using Refresh.Workflows.Windows;

namespace Refresh.Orchestrator.Engine;

/// <summary>Reads the patch windows of a run now and then, and at the moment when one opens or ends.</summary>
internal sealed partial class CalendarReader(IPatchCalendar calendar, TimeProvider clock, ILogger logger)
{
    private static readonly TimeSpan s_seldom = TimeSpan.FromSeconds(30);

    /// <summary>Reads until told to stop. A calendar that cannot be read leaves what was known of it in force.</summary>
    /// <param name="seen">Takes each outlook.</param>
    /// <param name="stop">Ends the reading.</param>
    public async Task ReadAsync(Action<WindowOutlook> seen, CancellationToken stop)
    {
        try
        {
            while (true)
            {
                var pause = s_seldom;
                try
                {
                    var outlook = await calendar.LookAsync(clock.GetUtcNow(), stop);
                    seen(outlook);
                    // A timer counts whole milliseconds: one more, and the edge is past.
                    pause = UntilNext(outlook, clock.GetUtcNow()) + TimeSpan.FromMilliseconds(1);
                }
                catch (AdapterException unreadable)
                {
                    LogUnreadable(unreadable.Reason.Text, unreadable.Reason.EndsWhen);
                }

                await Task.Delay(pause, clock, stop);
            }
        }
        catch (OperationCanceledException)
        {
            // The worker leaves.
        }
    }

    private static TimeSpan UntilNext(WindowOutlook outlook, DateTimeOffset now) =>
        outlook.Windows.SelectMany(window => new[] { window.Start, window.End }).Where(edge => edge > now).Select(edge => edge - now).Append(s_seldom).Min();

    [LoggerMessage(Level = LogLevel.Warning, Message = "The patch windows cannot be read, and those known before stay in force: {Text} ({EndsWhen})")]
    private partial void LogUnreadable(string text, string endsWhen);
}
