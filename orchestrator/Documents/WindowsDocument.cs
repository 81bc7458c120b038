using Refresh.Orchestrator.Application;
using Refresh.Orchestrator.Settings;
using Refresh.Workflows.Windows;

namespace Refresh.Orchestrator.Documents;

/// <summary>The patch windows of a fleet.</summary>
/// <param name="Fleet">The fleet's name.</param>
/// <param name="AnyTime">It has none, and may be worked on at any time; the rest is empty then.</param>
/// <param name="TimeZone">Its time zone.</param>
/// <param name="At">When they were looked at.</param>
/// <param name="Until">How far ahead.</param>
/// <param name="Open">The one that is open.</param>
/// <param name="Windows">That one and those to come.</param>
/// <param name="Freezes">Times in which nothing is begun.</param>
/// <param name="DelaySeconds">By how much this fleet's windows start later than its calendars say.</param>
/// <param name="Start">What <c>serve</c> does when one opens.</param>
/// <param name="Last">The window that <c>serve</c> has handled last, for who asks it.</param>
internal sealed record WindowsDocument(
    string Fleet,
    bool AnyTime,
    string? TimeZone,
    DateTimeOffset? At,
    DateTimeOffset? Until,
    SpanDocument? Open,
    IReadOnlyList<SpanDocument> Windows,
    IReadOnlyList<SpanDocument> Freezes,
    double? DelaySeconds,
    WindowStart? Start,
    HandledWindowDocument? Last)
{
    /// <summary>The document of a fleet.</summary>
    /// <param name="definition">Its fleet file.</param>
    /// <param name="windows">Its windows; null when it has none.</param>
    /// <param name="count">At most so many of them.</param>
    public static WindowsDocument Of(FleetDefinition definition, FleetWindows? windows, int count) => windows is null
        ? new(definition.Fleet.Name, true, null, null, null, null, [], [], null, null, null)
        : new(
            windows.Fleet, false, windows.TimeZone, windows.At, windows.Outlook.Until,
            windows.Outlook.Windows.FirstOrDefault(window => window.Holds(windows.At)) is { } open ? SpanDocument.Of(open) : null,
            [.. windows.Outlook.Windows.Take(count).Select(SpanDocument.Of)], [.. windows.Freezes.Select(SpanDocument.Of)],
            windows.Delay.TotalSeconds, definition.Windows!.Start, null);

    /// <summary>The windows that it tells of; null when there are none.</summary>
    public FleetWindows? Read() => AnyTime || TimeZone is null || At is not { } at || Until is not { } until ? null
        : new(Fleet, TimeZone, at, new WindowOutlook([.. Windows.Select(span => span.Read())], until), [.. Freezes.Select(span => span.Read())], TimeSpan.FromSeconds(DelaySeconds ?? 0));
}

/// <summary>A time, from its start to just before its end.</summary>
/// <param name="Start">The start.</param>
/// <param name="End">The end.</param>
internal sealed record SpanDocument(DateTimeOffset Start, DateTimeOffset End)
{
    public static SpanDocument Of(PatchWindow window) => new(window.Start, window.End);

    public PatchWindow Read() => new(Start, End);
}

/// <summary>A patch window that <c>serve</c> has handled.</summary>
/// <param name="Start">Its start.</param>
/// <param name="End">Its end.</param>
/// <param name="At">When it was handled.</param>
/// <param name="Outcome">How the order stands that came of it, or <c>LeftOut</c> when none did.</param>
/// <param name="Order">That order.</param>
/// <param name="Run">Its run.</param>
/// <param name="Why">Why no run came of it.</param>
internal sealed record HandledWindowDocument(DateTimeOffset Start, DateTimeOffset End, DateTimeOffset At, string Outcome, string? Order, string? Run, string? Why);
