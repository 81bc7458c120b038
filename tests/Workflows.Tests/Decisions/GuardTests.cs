using Refresh.Workflows.Facts;
using Refresh.Workflows.Machines;
using Refresh.Workflows.Reasons;
using Refresh.Workflows.Runs;
using Xunit;

namespace Refresh.Workflows.Tests.Decisions;

public sealed class GuardTests
{
    [Fact]
    public void A_drain_that_is_refused_for_ever_ends_though_every_look_allows_it()
    {
        var story = new Story();
        for (var looks = 0; story.Run.State == RunState.Running && looks < 1_000; looks++)
        {
            story.Until<Drain>(Seen.A);
            story.At = story.At.AddSeconds(5);
            story.Arrives<Drain>(Seen.A, new DrainRefused(story.Pair(Seen.A), [Story.Bad]));
        }

        Assert.Equal("guard-timeout", story.Run.Get(Seen.A).Failure?.Code);
    }

    [Fact]
    public void Members_that_go_bad_in_turn_do_not_swap_for_ever()
    {
        var story = new Story();
        for (var looks = 0; story.Run.State == RunState.Running && looks < 1_000; looks++)
        {
            var look = story.Run.Open.Values.OfType<Observe>().Single();
            var facts = story.Pair(look.Member);
            story.At = story.At.AddSeconds(4);
            story.Arrives<Observe>(look.Member, new Observed(facts with { Peer = facts.Peer with { Probe = Seen.Down(facts.Peer.Id).Probe } }));
        }

        Assert.Equal(RunState.Failed, story.Run.State);
    }

    [Fact]
    public void A_drain_that_a_lost_worker_left_behind_is_taken_back_even_for_a_member_that_was_sick()
    {
        var story = new Story();
        var sick = story.Pair(Seen.A) with { Member = story.Facts(Seen.A) with { Probe = Seen.Down(Seen.A).Probe } };
        story.Arrives<Observe>(Seen.A, new Observed(sick)).TakeOver();
        var left = sick with { Member = sick.Member with { Balancer = Seen.Balancer with { Rotation = Rotation.Draining } } };
        story.Arrives<Drain>(Seen.A, new DrainRefused(left, [Story.Bad]));
        Assert.Equal((MemberState.Returning, true), (story.Run.Get(Seen.A).State, story.Run.Get(Seen.A).Away));
    }

    [Fact]
    public void A_balancer_that_cannot_be_read_at_the_last_look_before_a_drain_is_waited_for()
    {
        var story = new Story().Until<Drain>(Seen.A);
        var unread = story.Pair(Seen.A) with { Member = story.Facts(Seen.A) with { Balancer = null } };
        story.Arrives<Drain>(Seen.A, new DrainRefused(unread, [Story.Bad]));
        Assert.Equal((MemberState.Guarding, RunState.Running), (story.Run.Get(Seen.A).State, story.Run.State));
        Assert.Equal(Story.Bad.Text, Assert.Single(Waiting.Of(story.Run, Seen.A)).Text);
        Assert.Equal(RunState.Succeeded, story.ToTheEnd().Run.State);
    }

    [Fact]
    public void A_drain_that_a_lost_worker_left_behind_unseen_is_taken_back_when_it_is_seen_and_the_peer_is_bad()
    {
        var story = LeftBehindUnseen();
        var pair = story.Pair(Seen.A);
        var left = pair.Member with { Balancer = Seen.Balancer with { Rotation = Rotation.Draining } };
        story.Arrives<Observe>(Seen.A, new Observed(new PairFacts(left, Seen.Down(Seen.B), null)));
        Assert.Equal(["Rejoin", "WatchPeer"], story.OpenOf("web-1"));
        Assert.Equal(RunState.Succeeded, story.ToTheEnd().Run.State);
    }

    [Theory]
    [InlineData(RequestKind.Pause)]
    [InlineData(RequestKind.Cancel)]
    [InlineData(RequestKind.Rollback)]
    public void A_drain_that_a_lost_worker_left_behind_unseen_is_taken_back_before_the_run_rests(RequestKind kind) =>
        Assert.Equal(MemberState.Returning, LeftBehindUnseen().Ask(kind).Run.Get(Seen.A).State);

    [Fact]
    public void A_member_that_may_be_left_behind_goes_back_when_its_time_is_up()
    {
        var story = LeftBehindUnseen();
        story.At = story.Open<Observe>(Seen.A).GiveUpAt;
        story.Arrives<Observe>(Seen.A, new Failed(Story.Bad, false)).ToTheEnd();
        Assert.Equal(("guard-timeout", false), (story.Run.Pairs["web-1"].Why?.Code, story.Run.Get(Seen.A).Away));
    }

    [Fact]
    public void A_member_that_somebody_drained_by_hand_is_waited_for_and_left_as_it_is()
    {
        var story = new Story();
        story.Arrives<Observe>(Seen.A, new Observed(OutByHand(story)));
        Assert.Equal((MemberState.Guarding, false, "held-by-somebody"), (story.Run.Get(Seen.A).State, story.Run.Get(Seen.A).Away, Assert.Single(story.Run.Get(Seen.A).Waits).Code));
        Assert.DoesNotContain(story.Run.Open.Values, intent => intent.Acts);
        story.Until<Drain>(Seen.A);
    }

    [Fact]
    public void A_peer_that_somebody_drained_by_hand_does_not_go_first()
    {
        var story = new Story();
        var pair = story.Pair(Seen.A);
        story.Arrives<Observe>(Seen.A, new Observed(pair with { Peer = pair.Peer with { Balancer = Seen.Balancer with { Rotation = Rotation.Out } } }));
        Assert.Equal((MemberState.Guarding, MemberState.Pending), (story.Run.Get(Seen.A).State, story.Run.Get(Seen.B).State));
    }

    [Fact]
    public void A_member_that_the_run_before_left_out_is_begun_although_it_is_out()
    {
        var story = new Story(seen: facts => facts[Seen.A] = facts[Seen.A] with { Balancer = Seen.Balancer with { Rotation = Rotation.Out } }, leftOut: Seen.A);
        story.Arrives<Observe>(Seen.A, new Observed(OutByHand(story)));
        Assert.Equal(MemberState.Draining, story.Run.Get(Seen.A).State);
    }

    [Fact]
    public void A_member_that_was_sick_when_it_was_looked_at_and_well_when_it_was_drained_returns_when_its_peer_goes_bad()
    {
        var story = new Story();
        var sick = story.Pair(Seen.A) with { Member = story.Facts(Seen.A) with { Probe = Seen.Down(Seen.A).Probe } };
        story.Arrives<Observe>(Seen.A, new Observed(sick)).TakeOver().Arrives<WatchPeer>(Seen.A, new Watched([Story.Bad], [], 2));
        story.Arrives<Drain>(Seen.A, new Drained(story.Pair(Seen.A), Seen.Balancer with { Rotation = Rotation.Out }, 0));
        Assert.Equal((MemberState.Returning, true), (story.Run.Get(Seen.A).State, story.Run.Get(Seen.A).Away));
    }

    [Fact]
    public void The_broken_member_goes_first_when_the_peer_breaks_while_the_other_waits()
    {
        var story = new Story();
        story.Arrives<Observe>(Seen.A, new Observed(story.Pair(Seen.A) with { Peer = Seen.Down(Seen.B) }));
        Assert.Equal((MemberState.Pending, MemberState.Guarding), (story.Run.Get(Seen.A).State, story.Run.Get(Seen.B).State));
    }

    [Fact]
    public void A_member_that_was_called_back_too_often_freezes_its_pair()
    {
        var story = new Story();
        for (var times = 0; times < 4; times++)
            story.Until<Drain>(Seen.A).Arrives<WatchPeer>(Seen.A, new Watched([Story.Bad], [], 2)).Arrives<Rejoin>(Seen.A, new Rejoined(Seen.Balancer));
        Assert.Equal("called-back-too-often", story.Run.Pairs["web-1"].Why?.Code);
    }

    [Fact]
    public void An_outcome_of_an_intent_that_was_withdrawn_leads_to_nothing()
    {
        var story = new Story().Until<Drain>(Seen.A);
        var drain = story.Open<Drain>(Seen.A);
        story.Arrives<WatchPeer>(Seen.A, new Watched([Story.Bad], [], 2));
        story.Decide(new Arrived(drain.Id, new Drained(story.Pair(Seen.A), Seen.Balancer, 0)));
        Assert.Empty(story.Last);
    }

    [Fact]
    public void An_image_that_the_run_did_not_ask_for_proves_nothing()
    {
        var story = new Story().Until<Verify>(Seen.A);
        var repacked = Seen.New with { Ref = Seen.New.Ref with { Digest = "sha256:" + new string('c', 64) } };
        var facts = new VerificationFacts(repacked, Seen.Vm("vm-2", repacked.Ref.Label), Seen.Guest(repacked.Ref, "machine-2") with { BootedAt = story.At }, 3, Seen.Healthy, []);
        story.Arrives<Verify>(Seen.A, new Examined(facts));
        Assert.Equal("not-verified", story.Run.Get(Seen.A).Failure?.Code);
    }

    private static Story LeftBehindUnseen()
    {
        var story = new Story().Until<Drain>(Seen.A).TakeOver();
        return story.Arrives<Drain>(Seen.A, new DrainRefused(story.Pair(Seen.A) with { Member = story.Facts(Seen.A) with { Balancer = null } }, [Story.Bad]));
    }

    private static PairFacts OutByHand(Story story) =>
        story.Pair(Seen.A) with { Member = story.Facts(Seen.A) with { Balancer = Seen.Balancer with { Rotation = Rotation.Out, At = story.At } } };
}
