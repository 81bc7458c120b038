using Refresh.Workflows.Fleets;
using Refresh.Workflows.Planning;
using Refresh.Workflows.Runs;
using Refresh.Workflows.Tests.Decisions;
using Xunit;

namespace Refresh.Workflows.Tests.Planning;

public sealed class RollbackPlanTests
{
    private static readonly RefreshPolicy s_oneByOne = Story.Calm with { Waves = new WavePolicy { MaxPairsAtOnce = 1 } };

    [Fact]
    public void It_names_the_members_in_the_order_in_which_a_rollback_then_begins_them()
    {
        var story = new Story(3, s_oneByOne).ToTheEnd();
        var steps = RollbackPlan.Of(story.Run);
        Assert.Equal(6, steps.Count);
        Assert.All(steps, step => Assert.Equal((true, Seen.Old), (step.Rebuilt, step.Image)));

        story.Ask(RequestKind.Rollback);
        Assert.Equal(steps.Select(step => step.Member.Pair).Distinct(), story.Run.RollbackOrder);
        foreach (var step in steps)
            story.Until<Rebuild>(step.Member).Until<Soak>(step.Member).Arrives<Soak>(step.Member, new Watched([], [], 1));
        story.ToTheEnd();
        Assert.Empty(RollbackPlan.Of(story.Run));
    }

    [Fact]
    public void A_member_that_was_not_touched_is_not_in_it()
    {
        var story = new Story(2, s_oneByOne).Until<Drain>(Seen.A);
        Assert.Empty(RollbackPlan.Of(story.Run));
        story.Until<Verify>(Seen.A);
        Assert.Equal([Seen.A], RollbackPlan.Of(story.Run).Select(step => step.Member));
    }

    [Fact]
    public void Of_a_rollback_that_is_under_way_it_names_what_is_left()
    {
        var story = new Story(2, s_oneByOne).ToTheEnd().Ask(RequestKind.Rollback);
        var all = RollbackPlan.Of(story.Run);
        story.Until<Soak>(all[0].Member).Arrives<Soak>(all[0].Member, new Watched([], [], 1)).Ask(RequestKind.Pause);
        Assert.Equal(all.Skip(1), RollbackPlan.Of(story.Run));
    }
}
