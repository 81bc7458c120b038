using Refresh.Orchestrator.Journals.Service;
using Refresh.Orchestrator.Settings;
using Refresh.Workflows.Windows;

namespace Refresh.Orchestrator.Serving.Triggers;

/// <summary>Whether a patch window starts a run now. Pure: the same look gives the same step.</summary>
internal static class OpeningRule
{
    /// <summary>A window whose opening was missed by no more than this was not missed: a restart takes none away.</summary>
    public static readonly TimeSpan Grace = TimeSpan.FromMinutes(10);

    /// <summary>Time between two tries in a window while something stands in the way.</summary>
    public static readonly TimeSpan TryEvery = TimeSpan.FromMinutes(10);

    /// <summary>Decides.</summary>
    /// <param name="look">What was seen.</param>
    /// <returns>What follows.</returns>
    public static WindowStep Decide(WindowLook look)
    {
        if (look.Settings.Start == WindowStart.None || look.Outlook.Windows.FirstOrDefault(window => window.Holds(look.Now)) is not { } open)
            return new WindowStep.Nothing();
        if (look.Last is { } last && last.Begins < open.End && open.Start < last.Ends)
            return last.State == OrderState.Refused && look.Holder is null && IsTimeAgain(last, look.Now) ? new WindowStep.TryAgain(last) : new WindowStep.Nothing();
        if (look.Holder is { } holder)
            return new WindowStep.LeaveOut(open, $"the fleet has an unfinished run, {holder}, which goes on in the window where it can");
        return look.Settings.Missed == MissedWindow.Skip && look.Since - open.Start > Grace
            ? new WindowStep.LeaveOut(open, "it had opened before the service knew of it, and windows.missed is skip")
            : new WindowStep.Start(open, Late: look.Since - open.Start > Grace);
    }

    /// <summary>A clock that was set back makes no trigger wait longer.</summary>
    internal static bool IsTimeAgain(HandledTrigger last, DateTimeOffset now) => (now - last.At).Duration() >= TryEvery;
}

/// <summary>What is seen of a fleet's patch windows.</summary>
/// <param name="Settings">What the fleet file says.</param>
/// <param name="Outlook">The windows.</param>
/// <param name="Now">When.</param>
/// <param name="Since">Since when the service knows this fleet file.</param>
/// <param name="Last">The window that was handled last.</param>
/// <param name="Holder">The fleet's unfinished run.</param>
internal sealed record WindowLook(WindowSettings Settings, WindowOutlook Outlook, DateTimeOffset Now, DateTimeOffset Since, HandledTrigger? Last, string? Holder);

/// <summary>What follows of a look at patch windows.</summary>
internal abstract record WindowStep
{
    /// <summary>Nothing.</summary>
    internal sealed record Nothing : WindowStep;

    /// <summary>A run is ordered.</summary>
    /// <param name="Window">The window.</param>
    /// <param name="Late">Its opening was missed.</param>
    internal sealed record Start(PatchWindow Window, bool Late) : WindowStep;

    /// <summary>No run is ordered in this window.</summary>
    /// <param name="Window">The window.</param>
    /// <param name="Why">Why.</param>
    internal sealed record LeaveOut(PatchWindow Window, string Why) : WindowStep;

    /// <summary>What stood in the way may have gone.</summary>
    /// <param name="Last">The window, with the order that was refused.</param>
    internal sealed record TryAgain(HandledTrigger Last) : WindowStep;
}
