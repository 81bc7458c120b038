using Refresh.Workflows.Facts;
using Refresh.Workflows.Machines;
using Refresh.Workflows.Planning;
using Refresh.Workflows.Ports;
using Refresh.Workflows.Reasons;
using Refresh.Workflows.Runs;
using Xunit;

namespace Refresh.Workflows.Tests.Decisions;

/// <summary>A frozen pair with its member out, when a rollback or the next run takes it up.</summary>
public sealed class LeftOutTests
{
    [Fact]
    public void A_rollback_calls_back_a_member_that_was_left_out_untouched_when_its_peer_is_bad()
    {
        var story = LeftOutUntouched().Ask(RequestKind.Rollback);
        story.Arrives<Observe>(Seen.A, new Observed(Out(story, peerServes: false)));
        Assert.Equal(MemberState.Returning, story.Run.Get(Seen.A).State);
        Assert.Equal(["Rejoin", "WatchPeer"], story.OpenOf("web-1"));
        Assert.Equal(RunState.RolledBack, story.ToTheEnd().Run.State);
        Assert.Equal(0, story.Run.Get(Seen.A).Rebuilds);
    }

    [Fact]
    public void A_rollback_repairs_a_member_that_was_left_out_untouched_when_its_peer_serves()
    {
        var story = LeftOutUntouched().Ask(RequestKind.Rollback);
        story.Arrives<Observe>(Seen.A, new Observed(Out(story, peerServes: true)));
        Assert.Equal(MemberState.Draining, story.Run.Get(Seen.A).State);
    }

    [Fact]
    public void A_rollback_calls_back_a_member_that_was_proved_and_could_not_rejoin_when_its_peer_is_bad()
    {
        var story = LeftOutProved().Ask(RequestKind.Rollback);
        story.Arrives<Observe>(Seen.A, new Observed(Out(story, peerServes: false)));
        Assert.Equal(MemberState.Returning, story.Run.Get(Seen.A).State);
    }

    [Fact]
    public void A_proved_member_that_is_another_VM_by_now_or_is_not_healthy_is_not_called_back_and_the_wait_says_why()
    {
        foreach (var change in new Func<MemberFacts, MemberFacts>[] { seen => seen with { Vm = Seen.Vm("vm-9") }, seen => seen with { Probe = new ProbeFacts(false, "503", Seen.At) } })
        {
            var story = LeftOutProved().Ask(RequestKind.Rollback);
            var facts = Out(story, peerServes: false);
            story.Arrives<Observe>(Seen.A, new Observed(facts with { Member = change(facts.Member) }));
            Assert.Equal(MemberState.Guarding, story.Run.Get(Seen.A).State);
            Assert.Contains(Waiting.Of(story.Run, Seen.A), reason => reason.Code == "peer-down-at-balancer");
        }
    }

    [Fact]
    public void A_member_that_was_not_proved_is_not_called_back()
    {
        var story = new Story().Until<Verify>(Seen.A).Arrives<Verify>(Seen.A, new Failed(Story.Bad, true)).Ask(RequestKind.Rollback);
        story.Arrives<Observe>(Seen.A, new Observed(Out(story, peerServes: false)));
        Assert.Equal(MemberState.Guarding, story.Run.Get(Seen.A).State);
    }

    [Fact]
    public void A_rollback_finds_out_first_what_became_of_a_rebuild_that_nobody_knows_the_end_of()
    {
        var story = Unsure().Ask(RequestKind.Rollback);
        Assert.Equal((MemberState.Guarding, "recovering"), (story.Run.Get(Seen.A).State, Assert.Single(Waiting.Of(story.Run, Seen.A)).Code));
        Assert.Equal(["Recover"], story.OpenOf("web-1"));
        story.Arrives<Recover>(Seen.A, new Recovered(new RebuildRecovery(RebuildFate.Happened, Seen.Vm("vm-7"), ["looked"])));
        Assert.Equal(["Observe"], story.OpenOf("web-1"));
        Assert.Equal(RunState.RolledBack, story.ToTheEnd().Run.State);
    }

    [Fact]
    public void A_rollback_that_cannot_find_it_out_freezes_the_pair_again_and_asks_again_the_next_time()
    {
        var story = Unsure().Ask(RequestKind.Rollback).Arrives<Recover>(Seen.A, new Failed(Story.Bad, true));
        Assert.Equal((RunState.Failed, PairState.Frozen), (story.Run.State, story.Run.Pairs["web-1"].State));
        Assert.Equal(["Recover"], story.Ask(RequestKind.Rollback).OpenOf("web-1"));
    }

    [Fact]
    public void A_rollback_that_is_paused_while_it_finds_out_begins_with_that_again()
    {
        var story = Unsure().Ask(RequestKind.Rollback).Ask(RequestKind.Pause);
        Assert.Empty(story.OpenOf("web-1"));
        Assert.Equal(["Recover"], story.Ask(RequestKind.Resume).OpenOf("web-1"));
        Assert.Equal(["Recover"], story.TakeOver().OpenOf("web-1"));
    }

    [Fact]
    public void The_next_run_finds_out_first_what_became_of_the_rebuild_of_the_run_before()
    {
        var before = Unsure().Run.Get(Seen.A);
        var fleet = Seen.Fleet(1, Story.Calm);
        var plan = Planner.Plan(fleet, Seen.New.Ref, fleet.Members().ToDictionary(member => member.Id, member => Seen.Serving(member.Id)), new HashSet<Workflows.Fleets.MemberId> { Seen.A }, new Dictionary<Workflows.Fleets.MemberId, Rebuild> { [Seen.A] = before.LastRebuild! });
        var run = RunFold.Begin(new RunPlanned("run-2", fleet, Seen.New, plan, "ann", string.Empty, "shop.yaml"), Seen.At);
        var begun = Workflows.Decisions.RunDecisions.Decide(run, new BeginRun(), Seen.At);
        Assert.Equal(before.LastRebuild!.Image, Assert.IsType<Recover>(Assert.Single(begun.Intents())).Image);
    }

    /// <summary>Its peer went bad while it drained, and it could not go back.</summary>
    private static Story LeftOutUntouched() =>
        new Story().Until<Drain>(Seen.A).Arrives<WatchPeer>(Seen.A, new Watched([Story.Bad], [], 2)).Arrives<Rejoin>(Seen.A, new Failed(Story.Bad, true));

    private static Story LeftOutProved() => new Story().Until<Rejoin>(Seen.A).Arrives<Rejoin>(Seen.A, new Failed(Story.Bad, true));

    private static Story Unsure() => new Story().Until<Rebuild>(Seen.A).Arrives<Rebuild>(Seen.A, new Failed(Story.Bad, false)).Arrives<Recover>(Seen.A, new Failed(Story.Bad, true));

    private static PairFacts Out(Story story, bool peerServes)
    {
        var facts = story.Pair(Seen.A);
        var vm = story.Run.Get(Seen.A).Proof?.Vm ?? facts.Member.Vm;
        return facts with
        {
            Member = facts.Member with { Balancer = Seen.Balancer with { Rotation = Rotation.Out, At = story.At }, Vm = vm },
            Peer = peerServes ? facts.Peer : Seen.Down(Seen.B),
        };
    }
}
