using Refresh.Workflows.Machines;
using Refresh.Workflows.Reasons;
using Refresh.Workflows.Runs;

namespace Refresh.Orchestrator.Commands;

/// <summary>What the first Ctrl-C leads to, told from the run as it is at that moment.</summary>
internal static class StopNote
{
    private const int MostNames = 5;
    private const string Again = "Ctrl-C again stops now, where it stands; the run can then be resumed.";

    public static string Of(Run run) => run.State switch
    {
        RunState.Planned or RunState.AwaitingApproval => $"Nothing has begun, and nothing is touched: the run is left as it is. refresh cancel {run.Id} ends it.",
        RunState.Cancelling => $"The run is being cancelled, and ends as soon as every member that is away is back.{Finishing(run)} {Again}",
        RunState.Paused => $"The run is paused already, and is left as soon as nothing is under way.{Finishing(run)} {Again}",
        RunState.RollingBack => $"Stopping safely: no further member is taken back, and the rollback is left paused as soon as every member that is away is back.{Finishing(run)} {Again}",
        _ => $"Stopping safely: no further member is begun, and the run is left paused as soon as every member that is away is back.{Finishing(run)} {Again}",
    };

    private static string Finishing(Run run)
    {
        // A member that has not left rotation yet is not waited for.
        var members = run.InFlight.Select(pair => run.Pairs[pair].Active).OfType<MemberProgress>().Where(member => member.State != MemberState.Guarding).ToList();
        if (members.Count == 0)
            return string.Empty;
        var more = members.Count > MostNames ? $" and {Counted.Of(members.Count - MostNames, "other", "others")}" : string.Empty;
        return $" Finishing {string.Join(", ", members.Take(MostNames).Select(member => $"{member.Id} ({member.State})"))}{more}.";
    }
}
