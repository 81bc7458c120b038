using NodaTime;

namespace Refresh.Orchestrator.Settings;

/// <summary>When a fleet may be worked on.</summary>
/// <param name="TimeZone">The IANA time zone of every local time in it, for example <c>Europe/Stockholm</c>.</param>
/// <param name="Open">What opens windows, at least one.</param>
/// <param name="Freezes">Times in which nothing is begun, whatever else is open.</param>
/// <param name="Jitter">By how much at most the start of a window is put off; each fleet has its own share of it, always the same.</param>
/// <param name="Start">Whether <c>serve</c> starts a run when a window opens.</param>
/// <param name="Missed">What becomes of windows that passed while <c>serve</c> was down.</param>
public sealed record WindowSettings(
    string TimeZone,
    IReadOnlyList<OpeningSettings> Open,
    IReadOnlyList<FreezeSettings> Freezes,
    TimeSpan Jitter,
    WindowStart Start,
    MissedWindow Missed);

/// <summary>What opens windows.</summary>
public abstract record OpeningSettings;

/// <summary>A cron expression says when windows start, a duration when they end.</summary>
/// <param name="Cron">Five fields: minute, hour, day of the month, month, day of the week; <c>#2</c> and <c>L</c> are understood.</param>
/// <param name="Duration">How long each is, in time that passes, not in wall-clock time.</param>
public sealed record CronOpening(string Cron, TimeSpan Duration) : OpeningSettings;

/// <summary>Each event of an iCalendar file is a window.</summary>
/// <param name="File">The full path.</param>
public sealed record CalendarOpening(string File) : OpeningSettings;

/// <summary>A time in which nothing is begun.</summary>
public abstract record FreezeSettings;

/// <summary>From a local time until just before another.</summary>
/// <param name="From">The begin.</param>
/// <param name="To">The end.</param>
/// <param name="Why">What for.</param>
public sealed record DateFreeze(LocalDateTime From, LocalDateTime To, string Why) : FreezeSettings;

/// <summary>Each event of an iCalendar file is a freeze.</summary>
/// <param name="File">The full path.</param>
public sealed record CalendarFreeze(string File) : FreezeSettings;

/// <summary>What <c>serve</c> does when a window opens and something is not current.</summary>
public enum WindowStart
{
    /// <summary>Nothing: a person or a trigger starts runs.</summary>
    None,

    /// <summary>It starts a run that waits for a person's approval.</summary>
    Propose,

    /// <summary>It starts a run.</summary>
    Run,
}

/// <summary>What becomes of windows that passed while <c>serve</c> was down.</summary>
public enum MissedWindow
{
    /// <summary>They are left out: the next window counts.</summary>
    Skip,

    /// <summary>One run makes up for all of them, in the next window that is open.</summary>
    RunOnce,
}
