using Refresh.Workflows.Facts;
using Refresh.Workflows.Machines;
using Refresh.Workflows.Runs;
using Xunit;

namespace Refresh.Orchestrator.Tests.Engine;

/// <summary>A member is read once more before its VM may be destroyed.</summary>
public sealed class RebuildTests
{
    [Fact]
    public async Task A_member_that_was_put_in_rotation_by_hand_after_it_was_held_out_is_not_destroyed_there()
    {
        var stage = await new WorkerStage().PlanAsync();
        var (meddled, destroyedInRotation) = (false, false);
        stage.World.Previewing = member =>
        {
            if (meddled)
                return;
            meddled = true;
            stage.World.Turn(member, Rotation.In);
        };
        stage.World.Rebuilding = () => destroyedInRotation |= !stage.World.AnyOut;
        var run = await stage.WorkAsync();

        Assert.Equal((RunState.Succeeded, false), (run.State, destroyedInRotation));
        var refused = (await stage.HistoryAsync()).Entries.Select(entry => entry.Event).OfType<OutcomeRecorded>().Select(recorded => recorded.Outcome).OfType<RebuildRefused>().Single();
        Assert.Equal(("not-out", Rotation.In), (refused.Refusals.Single().Code, refused.Member!.Rotation));
    }
}
