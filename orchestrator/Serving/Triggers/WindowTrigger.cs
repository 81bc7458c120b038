using Microsoft.Extensions.Logging;
using Refresh.Orchestrator.Application;
using Refresh.Orchestrator.Journals.Service;
using Refresh.Orchestrator.Serving.Hosting;
using Refresh.Orchestrator.Settings;
using Refresh.Orchestrator.Windows;
using Refresh.Workflows.Ports;
using Refresh.Workflows.Windows;

namespace Refresh.Orchestrator.Serving.Triggers;

/// <summary>Orders runs when patch windows open.</summary>
internal sealed partial class WindowTrigger(OrderDesk orders, TimeProvider clock, ILogger<WindowTrigger> logger)
{
    /// <summary>How old what is known of a calendar may be.</summary>
    private static readonly TimeSpan s_readEvery = TimeSpan.FromSeconds(30);

    private readonly Dictionary<string, Known> _known = new(StringComparer.Ordinal);

    /// <summary>Whether a fleet's windows start runs.</summary>
    public static bool Concerns(FleetDefinition definition) => definition.Windows is { Start: not WindowStart.None };

    /// <summary>Looks at the windows of a fleet.</summary>
    /// <param name="source">The fleet file.</param>
    /// <param name="last">The window that was handled last.</param>
    /// <param name="holder">The fleet's unfinished run.</param>
    /// <param name="cancellation">Ends the call.</param>
    /// <returns>Whether a run was ordered.</returns>
    /// <exception cref="AdapterException">A calendar cannot be read, and never could.</exception>
    public async Task<bool> LookAsync(FleetSource source, HandledTrigger? last, string? holder, CancellationToken cancellation)
    {
        var (fleet, settings) = (source.Definition!.Fleet.Name, source.Definition.Windows!);
        var now = clock.GetUtcNow();
        var outlook = await OutlookAsync(source.Definition, now, cancellation);
        switch (OpeningRule.Decide(new WindowLook(settings, outlook, now, source.LoadedAt, last, holder)))
        {
            case WindowStep.Start start:
                var subject = Text(start.Window, settings);
                var why = $"patch window {subject}{(start.Late ? ", which had opened before the service knew of it" : string.Empty)}";
                var order = await orders.PlaceAsync(Handled(fleet, start.Window, subject, null), new StartTerms(null, false, []) { Propose = settings.Start == WindowStart.Propose }, new Asker(OrderDesk.Schedule, why), cancellation);
                LogOrdered(fleet, order, why);
                return true;
            case WindowStep.LeaveOut left:
                await orders.NoteAsync(Handled(fleet, left.Window, Text(left.Window, settings), left.Why), cancellation);
                LogLeftOut(fleet, Text(left.Window, settings), left.Why);
                return false;
            case WindowStep.TryAgain again:
                await orders.AgainAsync(again.Last, cancellation);
                return true;
            default:
                return false;
        }
    }

    private async Task<WindowOutlook> OutlookAsync(FleetDefinition definition, DateTimeOffset now, CancellationToken cancellation)
    {
        var known = _known.GetValueOrDefault(definition.Fleet.Name) is { } kept && ReferenceEquals(kept.Definition, definition) ? kept : null;
        if (known is not null && (now - known.ReadAt).Duration() < s_readEvery)
            return known.Outlook;
        try
        {
            var read = new Known(definition, now, await PatchCalendar.Of(definition)!.LookAsync(now, cancellation));
            _known[definition.Fleet.Name] = read;
            return read.Outlook;
        }
        catch (AdapterException unreadable) when (known is not null)
        {
            LogUnreadable(definition.Fleet.Name, unreadable.Message);
            _known[definition.Fleet.Name] = known with { ReadAt = now };
            return known.Outlook;
        }
    }

    private HandledTrigger Handled(string fleet, PatchWindow window, string subject, string? why) => new(fleet, TriggerKind.Window, subject, window.Start, window.End, clock.GetUtcNow(), why);

    private static string Text(PatchWindow window, WindowSettings settings) => $"{ZoneTime.Of(window.Start, settings.TimeZone)} to {ZoneTime.Of(window.End, settings.TimeZone)}";

    /// <summary>What is known of a fleet's windows.</summary>
    private sealed record Known(FleetDefinition Definition, DateTimeOffset ReadAt, WindowOutlook Outlook);

    [LoggerMessage(Level = LogLevel.Information, Message = "A run of fleet {Fleet} is ordered, {Order}: {Why}")]
    private partial void LogOrdered(string fleet, string order, string why);

    [LoggerMessage(Level = LogLevel.Information, Message = "No run of fleet {Fleet} is ordered in patch window {Window}: {Why}")]
    private partial void LogLeftOut(string fleet, string window, string why);

    [LoggerMessage(Level = LogLevel.Warning, Message = "The patch windows of fleet {Fleet} that were known stay in force: {Why}")]
    private partial void LogUnreadable(string fleet, string why);
}
