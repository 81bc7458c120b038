using Refresh.Orchestrator.Application;
using Refresh.Orchestrator.Serving.Access;
using Refresh.Orchestrator.Settings;
using Refresh.Workflows.Evidence;

namespace Refresh.Orchestrator.Serving.Chat.Desk;

/// <summary>What a run would do, in a few lines.</summary>
internal sealed class PlanTalk(RunTargets targets)
{
    private const int Most = 8;

    /// <summary>Makes a plan. Changes nothing.</summary>
    public async Task<PlannedRun> MakeAsync(Caller caller, string fleet, string? image, CancellationToken cancellation)
    {
        var desk = targets.Fleet(caller, fleet);
        caller.Require(Permission.Start, fleet);
        return await desk.UseAsync((definition, ports) => FleetSurvey.PlanAsync(definition, ImageChoice.Parse(image), ports, cancellation), cancellation);
    }

    public async Task<ChatReply> SayAsync(Caller caller, string fleet, string? image, CancellationToken cancellation)
    {
        var planned = await MakeAsync(caller, fleet, image, cancellation);
        return ChatReply.Of([.. Lines(planned, outsideWindows: false), .. Obstacles(planned)]) with { Fleet = fleet };
    }

    /// <summary>What a plan does, and when.</summary>
    public static IEnumerable<string> Lines(PlannedRun planned, bool outsideWindows)
    {
        var rebuilds = planned.Plan.Rebuilds();
        if (rebuilds == 0)
        {
            yield return $"Fleet {planned.Fleet.Name} needs nothing: every member runs {planned.Image.Ref.Label}.";
            yield break;
        }

        yield return $"Fleet {planned.Fleet.Name} to {planned.Image.Ref.Label}: {rebuilds} of {planned.Fleet.Members().Count()} members are rebuilt, one of a pair at a time, in {planned.Plan.Waves.Count} {(planned.Plan.Waves.Count == 1 ? "wave" : "waves")} of {planned.Plan.Pairs().Count()} {(planned.Plan.Pairs().Count() == 1 ? "pair" : "pairs")}.";
        yield return planned.Duration is { } takes ? $"By what members took before, it takes about {Durations.InWords(takes)}." : $"It takes at least {Durations.InWords(planned.Least)}; nothing was measured yet.";
        if (planned.Fleet.Policy.ApprovalRequired)
            yield return "It waits for approval before it begins.";
        if (planned.Windows is { } windows)
            yield return outsideWindows ? "It does NOT wait for a patch window." : Window(windows);
    }

    /// <summary>What stands in the way.</summary>
    public static IEnumerable<string> Obstacles(PlannedRun planned) => planned.Obstacles.Count == 0
        ? []
        : [.. planned.Obstacles.Take(Most).Select(obstacle => $"In the way: {obstacle}"), .. planned.Obstacles.Count > Most ? [$"… and {planned.Obstacles.Count - Most} more"] : Array.Empty<string>()];

    private static string Window(FleetWindows windows) => windows.Outlook.Windows switch
    {
        [] => $"There is no patch window until {windows.Outlook.Until:yyyy-MM-dd}: it would wait.",
        [var open, ..] when open.Holds(windows.At) => $"A patch window is open until {open.End:yyyy-MM-dd HH:mm} UTC.",
        [var next, ..] => $"It waits for the patch window of {next.Start:yyyy-MM-dd HH:mm} to {next.End:yyyy-MM-dd HH:mm} UTC.",
    };
}
