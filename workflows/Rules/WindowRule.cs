using System.Globalization;
using Refresh.Workflows.Evidence;
using Refresh.Workflows.Planning;
using Refresh.Workflows.Reasons;
using Refresh.Workflows.Runs;
using Refresh.Workflows.Windows;

namespace Refresh.Workflows.Rules;

/// <summary>A pair is begun only when it can be done before the patch window ends (reference: windows).</summary>
public static class WindowRule
{
    /// <summary>Why no further pair of a run may be begun for want of a patch window.</summary>
    /// <param name="run">The run.</param>
    /// <param name="at">The instant.</param>
    /// <returns>Null when one may, when the run is bound to no windows, or when there is no further pair.</returns>
    public static Reason? Refusal(Run run, DateTimeOffset at)
    {
        ArgumentNullException.ThrowIfNull(run);
        if (run.OutsideWindows || run.Fleet.Policy.Windows is null || Next(run) is not { } pair)
            return null;
        if (run.Outlook is not { } outlook)
            return new("window-unknown", $"the patch windows of {run.Fleet.Name} have not been read yet", "its calendars can be read");

        var takes = Takes(run, pair);
        if (outlook.Windows.Any(window => window.Holds(at) && window.Fits(at, takes)))
            return null;
        var open = outlook.Windows.FirstOrDefault(window => window.Holds(at));
        return new("window", Text(pair, open, takes, at), Opens(outlook, at, takes));
    }

    /// <summary>How long a pair is reckoned to take.</summary>
    /// <param name="run">The run.</param>
    /// <param name="pair">A pair of its plan.</param>
    /// <returns>The time; zero when nothing was measured or declared.</returns>
    public static TimeSpan Takes(Run run, PlannedPair pair)
    {
        ArgumentNullException.ThrowIfNull(run);
        ArgumentNullException.ThrowIfNull(pair);
        var each = new[] { run.Fleet.Policy.Windows?.Estimate, run.MeasuredBefore, run.Measured }.Max() ?? TimeSpan.Zero;
        return each * pair.Members.Count(member => member.Rebuild);
    }

    private static PlannedPair? Next(Run run)
    {
        var waves = run.Plan.Waves;
        var inWave = run.Wave >= 0 ? waves[run.Wave].Pairs.ElementAtOrDefault(run.Next) : null;
        return inWave ?? waves.ElementAtOrDefault(run.Wave + 1)?.Pairs[0];
    }

    private static string Text(PlannedPair pair, PatchWindow? open, TimeSpan takes, DateTimeOffset at) => open is null
        ? $"no patch window is open, so {pair.Name} is not begun"
        : $"the patch window ends at {At(open.End, at)}, and {pair.Name} takes about {Durations.InWords(takes)}";

    private static string Opens(WindowOutlook outlook, DateTimeOffset at, TimeSpan takes) =>
        outlook.Windows.FirstOrDefault(window => window.Start > at && window.Fits(at, takes)) is { } next
            ? $"the next patch window that is long enough opens at {At(next.Start, at)}"
            : outlook.Windows.Any(window => window.Start > at)
                ? $"no patch window until {At(outlook.Until, at)} is as long as {Durations.InWords(takes)}: longer windows, or another fleet file"
                : $"there is no patch window until {At(outlook.Until, at)}: the fleet file gets one";

    private static string At(DateTimeOffset instant, DateTimeOffset now) =>
        instant.UtcDateTime.ToString(instant.UtcDateTime.Date == now.UtcDateTime.Date ? "HH:mm 'UTC'" : "yyyy-MM-dd HH:mm 'UTC'", CultureInfo.InvariantCulture);
}
