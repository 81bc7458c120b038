using Refresh.Workflows.Decisions;
using Refresh.Workflows.Facts;
using Refresh.Workflows.Machines;
using Refresh.Workflows.Ports;
using Refresh.Workflows.Rules;
using Refresh.Workflows.Runs;
using Xunit;

namespace Refresh.Workflows.Tests.Decisions;

/// <summary>What a worker, a peer or the clock that is lost at an awkward moment may not lead to.</summary>
public sealed class LossTests
{
    [Fact]
    public void A_run_whose_worker_was_lost_before_its_first_step_begins_when_it_is_taken_over()
    {
        var begun = new Story().Run;
        var planned = new RunPlanned("run-1", begun.Fleet, begun.Image, begun.Plan, "ann", string.Empty, "shop.yaml");
        var decision = RunDecisions.Decide(RunFold.Begin(planned, Seen.At), new TakeOver("worker-2"), Seen.At);
        Assert.Equal(RunState.Running, decision.Run.State);
        Assert.NotEmpty(decision.Intents());
    }

    [Fact]
    public void A_drained_member_whose_peer_is_not_seen_to_serve_at_the_moment_of_its_rebuild_goes_back_as_it_was()
    {
        var story = new Story().Until<Rebuild>(Seen.A);
        Assert.True(story.Open<Rebuild>(Seen.A).MayReturn);
        story.Arrives<Rebuild>(Seen.A, new RebuildRefused(Seen.Serving(Seen.B), [Story.Bad]));
        Assert.Equal(MemberState.Returning, story.Run.Get(Seen.A).State);
        Assert.Equal(RunState.Succeeded, story.ToTheEnd().Run.State);
    }

    [Fact]
    public void A_rebuild_after_the_old_VM_is_gone_does_not_wait_for_the_peer()
    {
        var gone = new Recovered(new RebuildRecovery(RebuildFate.Gone, Seen.Vm() with { Identity = null }, ["looked"]));
        var story = new Story().Until<Rebuild>(Seen.A);
        story.Arrives<Rebuild>(Seen.A, new Failed(Story.Bad, false)).Arrives<Recover>(Seen.A, gone).Until<Rebuild>(Seen.A);
        Assert.False(story.Open<Rebuild>(Seen.A).MayReturn);
    }

    [Fact]
    public void A_member_that_lost_its_old_VM_and_was_put_in_rotation_by_hand_is_not_rebuilt_and_its_pair_is_frozen()
    {
        var gone = new Recovered(new RebuildRecovery(RebuildFate.Gone, Seen.Vm() with { Identity = null }, ["looked"]));
        var story = new Story().Until<Rebuild>(Seen.A);
        story.Arrives<Rebuild>(Seen.A, new Failed(Story.Bad, false)).Arrives<Recover>(Seen.A, gone).Until<Rebuild>(Seen.A);
        story.Arrives<Rebuild>(Seen.A, new RebuildRefused(Seen.Serving(Seen.B), [.. PairRule.StillOut(Seen.ThePair.Get(Seen.A), Seen.Balancer)]) { Member = Seen.Balancer });
        Assert.Equal((MemberState.Failed, PairState.Frozen), (story.Run.Get(Seen.A).State, story.Run.Pairs["web-1"].State));
        Assert.Contains("was held out", story.Run.Pairs["web-1"].Why!.Text, StringComparison.Ordinal);
        Assert.False(story.Run.Get(Seen.A).Intact);
    }

    [Fact]
    public void A_clock_that_was_set_back_makes_neither_facts_old_nor_deadlines_late()
    {
        var story = new Story();
        story.At -= TimeSpan.FromHours(1);
        story.Decide(new Arrived(story.Open<Observe>(Seen.A).Id, new Observed(At(story.Pair(Seen.A), story.At))));
        Assert.Equal(MemberState.Draining, story.Run.Get(Seen.A).State);
        Assert.True(story.Open<Drain>(Seen.A).Deadline <= story.At + story.Run.Fleet.Policy.Drain.Timeout);
    }

    private static PairFacts At(PairFacts facts, DateTimeOffset at) =>
        facts with { Member = At(facts.Member, at), Peer = At(facts.Peer, at) };

    private static MemberFacts At(MemberFacts facts, DateTimeOffset at) =>
        facts with { Balancer = facts.Balancer! with { At = at }, Probe = facts.Probe! with { At = at } };
}
