using Refresh.Workflows.Fleets;
using Refresh.Workflows.Machines;
using Refresh.Workflows.Ports;
using Refresh.Workflows.Runs;
using Refresh.Workflows.Trust;
using Xunit;

namespace Refresh.Workflows.Tests.Decisions;

/// <summary>The image of a run is revoked while the run goes on.</summary>
public sealed class RevocationTests
{
    private static readonly RevocationSeen s_revoked = new(new ImageRevocation("ada", Seen.At, "CVE-2026-9"));

    [Fact]
    public void A_member_that_is_drained_and_untouched_goes_back_as_it_was_and_no_other_is_begun()
    {
        var story = new Story(pairs: 3, Story.Calm with { Waves = new WavePolicy { MaxPairsAtOnce = 1 } }).Until<Preview>(Seen.A).Decide(s_revoked);
        Assert.Equal(MemberState.Returning, story.Run.Get(Seen.A).State);
        story.ToTheEnd();
        Assert.Equal((RunState.Failed, "image-revoked"), (story.Run.State, story.Run.Why!.Code));
        Assert.All(story.Run.Pairs.Values, pair => Assert.Equal(PairState.Pending, pair.State));
        Assert.Contains("refresh rollback run-1", story.Run.Why!.EndsWhen, StringComparison.Ordinal);
    }

    [Fact]
    public void A_rebuild_that_is_under_way_is_ended_first_and_its_peer_is_not_begun()
    {
        var story = new Story(pairs: 2, Story.Calm with { Waves = new WavePolicy { MaxPairsAtOnce = 1 } }).Until<Rebuild>(Seen.A).Decide(s_revoked);
        Assert.Equal(RunState.Running, story.Run.State);
        story.ToTheEnd();
        Assert.Equal(RunState.Failed, story.Run.State);
        Assert.Equal((MemberState.Refreshed, MemberState.Pending), (story.Run.Get(Seen.A).State, story.Run.Get(Seen.B).State));
        Assert.Equal(PairState.Halted, story.Run.Pairs["web-1"].State);
    }

    [Fact]
    public void A_run_that_waits_for_approval_is_cancelled_with_the_reason()
    {
        var story = new Story(policy: Story.Calm with { ApprovalRequired = true }).Decide(s_revoked);
        Assert.Equal((RunState.Cancelled, "image-revoked"), (story.Run.State, story.Run.Why!.Code));
    }

    [Fact]
    public void A_paused_run_is_cancelled_with_the_reason()
    {
        var story = new Story().Ask(RequestKind.Pause).Decide(s_revoked);
        Assert.Equal((RunState.Cancelled, "image-revoked"), (story.Run.State, story.Run.Why!.Code));
    }

    [Fact]
    public void A_rollback_goes_on()
    {
        var story = new Story().Until<Soak>(Seen.A).Ask(RequestKind.Rollback).Decide(s_revoked);
        Assert.NotNull(story.Run.Revoked);
        Assert.Equal(RunState.RolledBack, story.ToTheEnd().Run.State);
    }

    [Fact]
    public void A_rollback_that_is_paused_stays_paused()
    {
        var story = new Story().Until<Soak>(Seen.A).Ask(RequestKind.Rollback).Ask(RequestKind.Pause).Decide(s_revoked);
        Assert.Equal(RunState.Paused, story.Run.State);
        Assert.NotNull(story.Run.Revoked);
    }

    [Fact]
    public void It_is_recorded_once_and_not_after_the_end()
    {
        var story = new Story().Until<Rebuild>(Seen.A).Decide(s_revoked).Decide(s_revoked);
        Assert.Empty(story.Last);
        Assert.Empty(new Story().ToTheEnd().Decide(s_revoked).Last);
    }

    [Fact]
    public void A_run_whose_image_was_revoked_can_be_taken_back()
    {
        var story = new Story().Until<Rebuild>(Seen.A).Decide(s_revoked).ToTheEnd().Ask(RequestKind.Rollback);
        Assert.Equal(RunState.RolledBack, story.ToTheEnd().Run.State);
    }

    [Fact]
    public void A_rebuild_that_failed_is_not_tried_again_from_an_image_that_was_revoked_meanwhile()
    {
        var story = new Story().Until<Rebuild>(Seen.A).Decide(s_revoked).Arrives<Rebuild>(Seen.A, new Failed(Story.Bad, false));
        story.Arrives<Recover>(Seen.A, new Recovered(new RebuildRecovery(RebuildFate.Gone, Seen.Vm() with { Identity = null }, ["gone"])));
        Assert.Equal((PairState.Frozen, "image-revoked"), (story.Run.Pairs["web-1"].State, story.Run.Pairs["web-1"].Why?.Code));
        Assert.Equal(RunState.RolledBack, story.Ask(RequestKind.Rollback).ToTheEnd().Run.State);
    }

    [Fact]
    public void A_member_that_did_not_serve_and_was_drained_is_not_rebuilt_from_a_revoked_image()
    {
        var story = new Story(seen: facts => facts[Seen.A] = Seen.Down(Seen.A));
        var pair = story.Pair(Seen.A);
        story.Arrives<Observe>(Seen.A, new Observed(pair with { Member = Seen.Down(Seen.A) })).Decide(s_revoked);
        var drained = pair with { Member = Seen.Down(Seen.A) };
        story.Arrives<Drain>(Seen.A, new Drained(drained, Seen.Balancer with { Rotation = Workflows.Facts.Rotation.Out }, 0));
        Assert.Equal((PairState.Frozen, "image-revoked"), (story.Run.Pairs["web-1"].State, story.Run.Pairs["web-1"].Why?.Code));
    }

    [Fact]
    public void A_worker_that_takes_over_a_preview_of_a_revoked_image_leaves_nothing_open_behind()
    {
        var story = new Story(seen: facts => facts[Seen.A] = Seen.Down(Seen.A));
        var pair = story.Pair(Seen.A) with { Member = Seen.Down(Seen.A) };
        story.Arrives<Observe>(Seen.A, new Observed(pair)).Arrives<Drain>(Seen.A, new Drained(pair, Seen.Balancer with { Rotation = Workflows.Facts.Rotation.Out }, 0));
        Assert.NotNull(story.Open<Preview>(Seen.A));
        story.Decide(s_revoked).TakeOver();
        Assert.Empty(story.Run.Open);
        Assert.Equal((RunState.Failed, "image-revoked"), (story.Run.State, story.Run.Pairs["web-1"].Why?.Code));
    }
}
