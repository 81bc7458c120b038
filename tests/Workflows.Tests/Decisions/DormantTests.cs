using Refresh.Workflows.Facts;
using Refresh.Workflows.Fleets;
using Refresh.Workflows.Machines;
using Refresh.Workflows.Planning;
using Refresh.Workflows.Runs;
using Xunit;

namespace Refresh.Workflows.Tests.Decisions;

public sealed class DormantTests
{
    [Fact]
    public void A_member_that_is_found_off_is_refreshed_proved_and_off_again_and_never_in_rotation()
    {
        var story = Dormant(DormantAction.Refresh).Until<Verify>(Seen.A);
        Assert.Equal(MemberState.Left, story.Run.Get(Seen.B).State);
        story.Until<PowerOff>(Seen.A);
        Assert.Equal("vm-2", story.Open<PowerOff>(Seen.A).Vm.Id);
        Assert.NotNull(story.Open<WatchPeer>(Seen.A));
        story.ToTheEnd();
        Assert.Equal((RunState.Succeeded, MemberState.Refreshed, true, true), (story.Run.State, story.Run.Get(Seen.A).State, story.Run.Get(Seen.A).PoweredOff, story.Run.Get(Seen.A).Away));
    }

    [Fact]
    public void A_member_that_is_off_and_held_out_by_somebody_is_refreshed_as_well()
    {
        var story = Dormant(DormantAction.Refresh, stillOff: false);
        var held = Off(story) with { Balancer = Seen.Balancer with { Rotation = Rotation.Out, At = story.At } };
        story.Arrives<Observe>(Seen.A, new Observed(story.Pair(Seen.A) with { Member = held }));
        Assert.Equal(MemberState.Draining, story.Run.Get(Seen.A).State);
    }

    [Fact]
    public void A_member_that_was_woken_meanwhile_is_refreshed_like_any_other()
    {
        var story = Dormant(DormantAction.Refresh, stillOff: false).Until<Verify>(Seen.A);
        story.Until<Rejoin>(Seen.A).ToTheEnd();
        Assert.Equal((RunState.Succeeded, false), (story.Run.State, story.Run.Get(Seen.A).PoweredOff));
    }

    [Fact]
    public void A_member_that_is_found_off_wakes_unless_the_fleet_says_otherwise()
    {
        var story = Dormant(DormantAction.Wake).Until<Rejoin>(Seen.A).ToTheEnd();
        Assert.Equal((RunState.Succeeded, MemberState.Refreshed), (story.Run.State, story.Run.Get(Seen.B).State));
    }

    [Fact]
    public void A_member_that_goes_off_after_the_plan_is_left_or_refused_as_the_fleet_says()
    {
        Assert.Equal(MemberState.Left, GoesOff(DormantAction.Leave).Run.Get(Seen.A).State);
        var refused = GoesOff(DormantAction.Refuse).Run;
        Assert.Equal((MemberState.Failed, "member-dormant", PairState.Frozen), (refused.Get(Seen.A).State, refused.Get(Seen.A).Failure?.Code, refused.Pairs["web-1"].State));
    }

    [Theory]
    [InlineData("vm-2", VmPower.On)]
    [InlineData("vm-9", VmPower.Off)]
    public void A_member_that_is_not_seen_off_freezes_its_pair(string vm, VmPower power)
    {
        var story = Dormant(DormantAction.Refresh).Until<PowerOff>(Seen.A);
        story.Arrives<PowerOff>(Seen.A, new PoweredOff(Seen.Vm(vm) with { Power = power }));
        Assert.Equal(("not-off", PairState.Frozen), (story.Run.Get(Seen.A).Failure?.Code, story.Run.Pairs["web-1"].State));
    }

    [Fact]
    public void A_worker_that_is_lost_while_it_powers_off_is_replaced_by_one_that_does()
    {
        var story = Dormant(DormantAction.Refresh).Until<PowerOff>(Seen.A).TakeOver();
        story.ToTheEnd();
        Assert.True(story.Run.Get(Seen.A).PoweredOff);
    }

    [Fact]
    public void A_rollback_leaves_a_member_off_that_was_found_off_and_takes_the_others_back()
    {
        var story = Dormant(DormantAction.Refresh, pairs: 2).ToTheEnd();
        Assert.Equal([Seen.A], RollbackPlan.LeftOff(story.Run));
        Assert.DoesNotContain(Seen.A, RollbackPlan.Of(story.Run).Select(step => step.Member));
        story.Ask(RequestKind.Rollback).ToTheEnd();
        Assert.Equal((RunState.RolledBack, PairState.RolledBack), (story.Run.State, story.Run.Pairs["web-2"].State));
        Assert.Equal((MemberState.Refreshed, true), (story.Run.Get(Seen.A).State, story.Run.Get(Seen.A).PoweredOff));
    }

    private static Story Dormant(DormantAction action, bool stillOff = true, int pairs = 1)
    {
        var story = new Story(pairs, Story.Calm with { Dormant = action }, seen: facts => facts[Seen.A] = Seen.Down(Seen.A) with { Vm = Seen.Vm() with { Power = VmPower.Off }, Guest = null });
        return stillOff ? story.Arrives<Observe>(Seen.A, new Observed(story.Pair(Seen.A) with { Member = Off(story) })) : story;
    }

    private static Story GoesOff(DormantAction action)
    {
        var story = new Story(policy: Story.Calm with { Dormant = action });
        return story.Arrives<Observe>(Seen.A, new Observed(story.Pair(Seen.A) with { Member = Off(story) }));
    }

    private static MemberFacts Off(Story story) => Seen.Down(Seen.A) with { Vm = Seen.Vm() with { Power = VmPower.Off }, Guest = null, Balancer = Seen.Balancer with { Health = BalancerHealth.Down, At = story.At } };
}
