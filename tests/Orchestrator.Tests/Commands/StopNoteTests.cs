using Refresh.Orchestrator.Commands;
using Refresh.Workflows.Machines;
using Refresh.Workflows.Runs;
using Refresh.Workflows.Tests.Evidence;
using Xunit;

namespace Refresh.Orchestrator.Tests.Commands;

/// <summary>What Ctrl-C says is chosen from the run as it is when it is pressed.</summary>
public sealed class StopNoteTests
{
    [Fact]
    public void A_run_that_goes_on_says_which_members_it_is_finishing()
    {
        var note = StopNote.Of(Rebuilding().Run);
        Assert.Contains("no further member is begun", note, StringComparison.Ordinal);
        Assert.Contains("Finishing web-1/a (Rebuilding).", note, StringComparison.Ordinal);
    }

    [Fact]
    public void A_run_that_is_being_cancelled_says_that_it_ends() =>
        Assert.Contains("is being cancelled", StopNote.Of(Rebuilding().Ask(RequestKind.Cancel).Run), StringComparison.Ordinal);

    [Fact]
    public void A_rollback_says_that_it_is_paused()
    {
        var back = new ScriptedRun(ScriptedRun.FleetOf(1)).Begin().Continue().Ask(RequestKind.Rollback);
        Assert.Equal(RunState.RollingBack, back.Run.State);
        Assert.Contains("the rollback is left paused", StopNote.Of(back.Run), StringComparison.Ordinal);
    }

    [Fact]
    public void A_run_that_waits_for_approval_says_that_nothing_is_touched() =>
        Assert.Contains("nothing is touched", StopNote.Of(new ScriptedRun(ScriptedRun.FleetOf(1, policy => policy with { ApprovalRequired = true })).Begin().Run), StringComparison.Ordinal);

    private static ScriptedRun Rebuilding() =>
        new ScriptedRun(ScriptedRun.FleetOf(1)).Begin().Continue(happened => happened is MemberMoved { To: MemberState.Rebuilding });
}
