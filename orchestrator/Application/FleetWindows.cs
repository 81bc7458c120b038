using Refresh.Orchestrator.Settings;
using Refresh.Orchestrator.Windows;
using Refresh.Workflows.Evidence;
using Refresh.Workflows.Windows;

namespace Refresh.Orchestrator.Application;

/// <summary>The patch windows of a fleet as they were seen at one time.</summary>
/// <param name="Fleet">The fleet's name.</param>
/// <param name="TimeZone">The fleet's time zone.</param>
/// <param name="At">When they were looked at.</param>
/// <param name="Outlook">The windows.</param>
/// <param name="Freezes">The freezes in the time that was looked at.</param>
/// <param name="Delay">By how much this fleet's windows start later than its calendars say.</param>
public sealed record FleetWindows(string Fleet, string TimeZone, DateTimeOffset At, WindowOutlook Outlook, IReadOnlyList<PatchWindow> Freezes, TimeSpan Delay)
{
    /// <summary>What is open, or opens next, in a sentence.</summary>
    public string Next => Outlook.Windows switch
    {
        [] => $"There is no patch window until {Local(Outlook.Until)}: a run would wait.",
        [var first, ..] when first.Holds(At) => $"A patch window is open until {Local(first.End)}, for another {Durations.InWords(first.End - At)}.",
        [var first, ..] => $"No patch window is open: a run would wait until {Local(first.Start)}, for {Durations.InWords(first.Start - At)}.",
    };

    /// <summary>An instant in the fleet's time, with what that is from UTC.</summary>
    /// <param name="at">The instant.</param>
    /// <returns>For example <c>Tue 2026-12-08 02:00 +01:00</c>.</returns>
    public string Local(DateTimeOffset at) => ZoneTime.Of(at, TimeZone);

    /// <summary>Reads the calendars of a fleet file.</summary>
    /// <param name="definition">The fleet file.</param>
    /// <param name="clock">The clock.</param>
    /// <param name="cancellation">Ends the call.</param>
    /// <returns>The windows; null when the fleet may be worked on at any time.</returns>
    /// <exception cref="Workflows.Ports.AdapterException">A calendar cannot be read.</exception>
    public static async Task<FleetWindows?> LookAsync(FleetDefinition definition, TimeProvider clock, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(definition);
        ArgumentNullException.ThrowIfNull(clock);
        if (definition.Windows is not { } settings)
            return null;
        var calendar = new PatchCalendar(definition.Fleet.Name, settings);
        var at = clock.GetUtcNow();
        var (outlook, freezes) = await calendar.ReadAsync(at, cancellation);
        return new FleetWindows(definition.Fleet.Name, settings.TimeZone, at, outlook, freezes, calendar.Delay);
    }
}
