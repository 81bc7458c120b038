using Refresh.Workflows.Machines;
using Refresh.Workflows.Reasons;
using Refresh.Workflows.Runs;

namespace Refresh.Workflows.Rules;

/// <summary>What may be asked of a run in its state.</summary>
public static class RequestRule
{
    /// <summary>Why something cannot be asked of a run now.</summary>
    /// <param name="run">The run.</param>
    /// <param name="kind">What is asked.</param>
    /// <param name="by">Who asks. A pause is theirs who asked for it last, so it can be asked for again by somebody else.</param>
    /// <returns>The reason, with what is possible instead; null when it may be asked.</returns>
    public static Reason? Refusal(Run run, RequestKind kind, string by)
    {
        ArgumentNullException.ThrowIfNull(run);
        var same = kind == RequestKind.Pause && run.State == RunState.Paused && run.PausedBy == by;
        return !same && RunMachine.CanFire(run.State, Trigger(Meant(run, kind)), run.GoingBack)
            ? null
            : new Reason("request-refused", $"run {run.Id} is {run.State}, and cannot {kind.ToString().ToLowerInvariant()}", Possible(run));
    }

    // A rollback that is paused is gone on with by asking for it again, too.
    internal static RequestKind Meant(Run run, RequestKind kind) =>
        kind == RequestKind.Rollback && run is { State: RunState.Paused, GoingBack: true } ? RequestKind.Resume : kind;

    internal static RunTrigger Trigger(RequestKind kind) => kind switch
    {
        RequestKind.Approve => RunTrigger.Approve,
        RequestKind.Pause => RunTrigger.Pause,
        RequestKind.Resume => RunTrigger.Resume,
        RequestKind.Cancel => RunTrigger.Cancel,
        RequestKind.Rollback => RunTrigger.Rollback,
        _ => throw new ArgumentOutOfRangeException(nameof(kind), kind, "A request of no known kind."),
    };

    private static string Possible(Run run) => run.State switch
    {
        RunState.Planned => $"its worker begins it: `refresh resume {run.Id}` where it has none",
        RunState.AwaitingApproval => $"`refresh approve {run.Id}`, or `refresh cancel {run.Id}`",
        RunState.Paused => $"`refresh resume {run.Id}` goes on with it, `refresh cancel {run.Id}` ends it",
        RunState.Cancelling => "it has ended; then a new run is possible: `refresh run`",
        RunState.Waiting or RunState.Running or RunState.RollingBack => $"it goes on by itself: `refresh status {run.Id}` shows how",
        _ => "it has ended: `refresh run` begins another",
    };
}
