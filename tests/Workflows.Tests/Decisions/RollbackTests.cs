using Refresh.Workflows.Facts;
using Refresh.Workflows.Fleets;
using Refresh.Workflows.Machines;
using Refresh.Workflows.Reasons;
using Refresh.Workflows.Runs;
using Xunit;

namespace Refresh.Workflows.Tests.Decisions;

public sealed class RollbackTests
{
    [Fact]
    public void A_rollback_that_was_cancelled_takes_up_again_what_it_left()
    {
        var story = new Story(2).ToTheEnd().Ask(RequestKind.Rollback).Ask(RequestKind.Cancel).ToTheEnd();
        Assert.Equal(RunState.Cancelled, story.Run.State);
        story.Ask(RequestKind.Rollback).ToTheEnd();
        Assert.Equal(RunState.RolledBack, story.Run.State);
        Assert.All(story.Run.Pairs.Values.SelectMany(pair => pair.Members), member => Assert.Equal(MemberState.Reverted, member.State));
    }

    [Fact]
    public void A_rollback_that_failed_is_tried_again_when_it_is_asked_again()
    {
        var story = new Story().ToTheEnd().Ask(RequestKind.Rollback).Until<Verify>(Seen.A).Arrives<Verify>(Seen.A, new Failed(Story.Bad, true));
        Assert.Equal(RunState.Failed, story.Run.State);
        story.Ask(RequestKind.Rollback).ToTheEnd();
        Assert.Equal(RunState.RolledBack, story.Run.State);
    }

    [Fact]
    public void A_rollback_ends_when_its_failure_budget_is_spent_and_calls_back_the_other_pairs()
    {
        var second = new MemberId("web-2", "a");
        var story = new Story(3).ToTheEnd().Ask(RequestKind.Rollback).Until<Drain>(second).Until<Verify>(Seen.A).Arrives<Verify>(Seen.A, new Failed(Story.Bad, true));
        Assert.Equal("budget-spent", story.Run.Halted?.Code);
        Assert.Contains("on the way back", story.Run.Halted?.Text, StringComparison.Ordinal);
        Assert.Equal(MemberState.Returning, story.Run.Get(second).State);
        story.ToTheEnd();
        Assert.Equal((RunState.Failed, "budget-spent"), (story.Run.State, story.Run.Why?.Code));
        Assert.Equal(PairState.Halted, story.Run.Pairs["web-2"].State);
    }

    [Fact]
    public void A_rollback_within_its_failure_budget_goes_on_and_what_was_frozen_before_does_not_count()
    {
        var policy = Story.Calm with { FailureBudget = new FailureBudget { Pairs = 1, Members = 1 } };
        var story = new Story(3, policy).Until<Verify>(Seen.A).Arrives<Verify>(Seen.A, new Failed(Story.Bad, true)).ToTheEnd();
        story.Ask(RequestKind.Rollback).Until<Verify>(new MemberId("web-2", "a")).Arrives<Verify>(new MemberId("web-2", "a"), new Failed(Story.Bad, true)).ToTheEnd();
        Assert.Null(story.Run.Halted);
        Assert.Equal([PairState.RolledBack, PairState.Frozen, PairState.RolledBack], story.Run.Pairs.OrderBy(pair => pair.Key).Select(pair => pair.Value.State));
    }

    [Fact]
    public void A_pair_that_could_not_go_back_comes_last_when_it_is_asked_again()
    {
        var story = new Story(2, Story.Calm with { Waves = new WavePolicy { MaxPairsAtOnce = 1 } }).ToTheEnd().Ask(RequestKind.Rollback);
        var last = new MemberId("web-2", "a");
        story.Until<Verify>(last).Arrives<Verify>(last, new Failed(Story.Bad, true)).ToTheEnd();
        Assert.Equal(RunState.Failed, story.Run.State);
        story.Ask(RequestKind.Rollback);
        Assert.Equal(["web-1", "web-2"], story.Run.RollbackOrder);
        Assert.Equal(RunState.RolledBack, story.ToTheEnd().Run.State);
    }

    [Theory]
    [InlineData(RequestKind.Resume)]
    [InlineData(RequestKind.Rollback)]
    public void A_rollback_that_was_paused_goes_on_where_it_was(RequestKind kind)
    {
        var story = new Story(2, Story.Calm with { Waves = new WavePolicy { MaxPairsAtOnce = 1 } }).ToTheEnd().Ask(RequestKind.Rollback);
        story.Until<Soak>(new MemberId("web-2", "a")).Ask(RequestKind.Pause).ToTheEnd();
        Assert.Equal((RunState.Paused, MemberState.Reverted, MemberState.Reverting), (story.Run.State, story.Run.Get(new("web-2", "a")).State, story.Run.Get(new("web-2", "b")).State));
        Assert.All(["web-1", "web-2"], pair => Assert.Equal("paused", Assert.Single(Waiting.Of(story.Run, pair)).Code));
        var order = story.Run.RollbackOrder;
        story.Ask(kind);
        Assert.Equal((RunState.RollingBack, MemberState.Guarding), (story.Run.State, story.Run.Get(new("web-2", "b")).State));
        Assert.Same(order, story.Run.RollbackOrder);
        Assert.Equal(RunState.RolledBack, story.ToTheEnd().Run.State);
    }

    [Fact]
    public void A_rollback_that_was_paused_is_cancelled_and_leaves_nothing_out()
    {
        var story = new Story(2).ToTheEnd().Ask(RequestKind.Rollback).Until<Rebuild>(Seen.A).Ask(RequestKind.Pause).Ask(RequestKind.Cancel).ToTheEnd();
        Assert.Equal(RunState.Cancelled, story.Run.State);
        Assert.All(story.Run.Pairs.Values.SelectMany(pair => pair.Members), member => Assert.False(member.Away));
    }

    [Fact]
    public void A_rollback_that_was_paused_before_it_began_waits_for_what_is_under_way_when_it_goes_on()
    {
        var story = new Story().Until<Rebuild>(Seen.A).Ask(RequestKind.Rollback).Ask(RequestKind.Pause).ToTheEnd();
        Assert.Equal(RunState.Paused, story.Run.State);
        Assert.Equal(RunState.RolledBack, story.Ask(RequestKind.Resume).ToTheEnd().Run.State);
    }

    [Fact]
    public void A_member_goes_back_to_the_image_that_was_recorded_for_it()
    {
        var story = new Story().ToTheEnd().Ask(RequestKind.Rollback).Until<Rebuild>(Seen.A);
        Assert.Equal(Seen.Old, story.Open<Rebuild>(Seen.A).Image);
    }

    [Fact]
    public void What_a_guest_said_is_recorded_though_it_was_silent_at_the_first_look()
    {
        var story = new Story();
        var silent = story.Pair(Seen.A);
        story.Arrives<Observe>(Seen.A, new Observed(silent with { Member = silent.Member with { Guest = null }, ClaimedBy = "run-0" }));
        story.Until<Drain>(Seen.A);
        Assert.Equal(Seen.Old, story.Run.Get(Seen.A).Recorded?.Guest?.Image);
    }

    [Fact]
    public void A_guest_that_falls_silent_does_not_take_its_record_with_it()
    {
        var story = new Story();
        story.Arrives<Observe>(Seen.A, new Observed(story.Pair(Seen.A) with { ClaimedBy = "run-0" }));
        var silent = story.Pair(Seen.A);
        story.Arrives<Observe>(Seen.A, new Observed(silent with { Member = silent.Member with { Guest = null } }));
        Assert.Equal(Seen.Old, story.Run.Get(Seen.A).Recorded?.Guest?.Image);
    }

    [Fact]
    public void What_ran_after_it_was_touched_is_never_recorded()
    {
        var story = new Story().ToTheEnd().Ask(RequestKind.Rollback).Until<Drain>(Seen.A);
        Assert.Equal(Seen.Old, story.Run.Get(Seen.A).Recorded?.Guest?.Image);
    }

    [Fact]
    public void A_member_of_which_nothing_is_recorded_freezes_its_pair()
    {
        var story = new Story();
        var silent = story.Pair(Seen.A);
        story.Arrives<Observe>(Seen.A, new Observed(silent with { Member = silent.Member with { Guest = null } })).ToTheEnd();
        story.Ask(RequestKind.Rollback);
        Assert.Equal((RunState.Failed, "nothing-recorded"), (story.Run.State, story.Run.Pairs["web-1"].Why?.Code));
    }

    [Fact]
    public void A_pair_of_which_nothing_is_recorded_waits_until_all_others_are_back_so_that_it_halts_none()
    {
        var story = new Story(3);
        var silent = story.Pair(Seen.A);
        story.Arrives<Observe>(Seen.A, new Observed(silent with { Member = silent.Member with { Guest = null } })).ToTheEnd();
        story.Ask(RequestKind.Rollback).ToTheEnd();
        Assert.Equal("web-1", story.Run.RollbackOrder![^1]);
        Assert.Equal((RunState.Failed, PairState.RolledBack, PairState.RolledBack), (story.Run.State, story.Run.Pairs["web-2"].State, story.Run.Pairs["web-3"].State));
        Assert.Equal((MemberState.Failed, MemberState.Refreshed), (story.Run.Get(Seen.A).State, story.Run.Get(Seen.B).State));
    }

    [Fact]
    public void A_member_that_a_failure_left_out_untouched_is_repaired_and_before_its_peer()
    {
        var story = new Story().Until<Drain>(Seen.B);
        story.Arrives<WatchPeer>(Seen.B, new Watched([Story.Bad], [], 2)).Arrives<Rejoin>(Seen.B, new Failed(Story.Bad, true));
        Assert.True(story.Run.Get(Seen.B) is { Away: true, Touched: false, State: MemberState.Failed });
        story.Ask(RequestKind.Rollback);
        Assert.Equal(MemberState.Guarding, story.Run.Get(Seen.B).State);
        story.ToTheEnd();
        Assert.Equal(RunState.RolledBack, story.Run.State);
        Assert.All(story.Run.Pairs["web-1"].Members, member => Assert.Equal((MemberState.Reverted, false), (member.State, member.Away)));
    }

    [Fact]
    public void A_rollback_that_ends_with_a_member_out_leaves_its_pair_frozen()
    {
        var story = new Story().Until<Verify>(Seen.A).Arrives<Verify>(Seen.A, new Failed(Story.Bad, true));
        story.Ask(RequestKind.Rollback).Ask(RequestKind.Cancel).ToTheEnd();
        Assert.Equal(RunState.Cancelled, story.Run.State);
        Assert.Equal((PairState.Frozen, "left-out"), (story.Run.Pairs["web-1"].State, story.Run.Pairs["web-1"].Why?.Code));
    }

    [Fact]
    public void A_refused_drain_does_not_forget_that_a_member_is_out()
    {
        var story = new Story().Until<Verify>(Seen.A).Arrives<Verify>(Seen.A, new Failed(Story.Bad, true)).Ask(RequestKind.Rollback);
        var outside = story.Pair(Seen.A) with { Member = story.Facts(Seen.A) with { Balancer = Seen.Balancer with { Rotation = Rotation.Out } } };
        story.Arrives<Observe>(Seen.A, new Observed(outside)).Arrives<Drain>(Seen.A, new DrainRefused(outside, [Story.Bad]));
        Assert.Equal((MemberState.Guarding, true), (story.Run.Get(Seen.A).State, story.Run.Get(Seen.A).Away));
    }
}
