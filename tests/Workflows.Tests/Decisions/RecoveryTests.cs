using Refresh.Workflows.Machines;
using Refresh.Workflows.Ports;
using Refresh.Workflows.Reasons;
using Refresh.Workflows.Runs;
using Xunit;

namespace Refresh.Workflows.Tests.Decisions;

/// <summary>Promise 5: what became of a rebuild is found out before anything else is done.</summary>
public sealed class RecoveryTests
{
    private static readonly Failed s_damaged = new(new Reason(RebuildPreview.StateDamaged, "it is cut", "it is restored"), false);

    [Fact]
    public void A_rebuild_that_failed_is_looked_into() =>
        Assert.Equal(["Recover", "WatchPeer"], Failing().OpenOf("web-1"));

    [Fact]
    public void A_rebuild_that_says_it_is_done_and_shows_the_old_VM_is_looked_into() =>
        Assert.Equal(["Recover", "WatchPeer"], new Story().Until<Rebuild>(Seen.A).Arrives<Rebuild>(Seen.A, new Rebuilt(Seen.Vm())).OpenOf("web-1"));

    [Fact]
    public void A_rebuild_whose_worker_was_lost_is_looked_into_and_not_repeated() =>
        Assert.Equal(["Recover", "WatchPeer"], new Story().Until<Rebuild>(Seen.A).TakeOver().OpenOf("web-1"));

    [Fact]
    public void What_a_recovery_climbs_is_journaled_as_it_comes_and_told_as_what_is_waited_for()
    {
        var story = Failing();
        var recover = story.Open<Recover>(Seen.A);
        story.Decide(new Climbed(recover.Id, "the lock is held by ann"));
        Assert.Equal([new RungClimbed(recover.Id, "the lock is held by ann")], story.Last);
        Assert.Contains("at the moment: the lock is held by ann", Assert.Single(Waiting.Of(story.Run, Seen.A)).Text, StringComparison.Ordinal);
        story.Arrives<Recover>(Seen.A, Fate(RebuildFate.Happened));
        Assert.Null(story.Run.Get(Seen.A).Rung);
        Assert.Empty(story.Decide(new Climbed(recover.Id, "late")).Last);
    }

    [Fact]
    public void A_state_that_a_preview_could_not_read_is_mended_and_previewed_again()
    {
        var story = new Story().Until<Preview>(Seen.A).Arrives<Preview>(Seen.A, s_damaged);
        Assert.Equal(["Recover", "WatchPeer"], story.OpenOf("web-1"));
        Assert.Contains("its state could not be read", Assert.Single(Waiting.Of(story.Run, Seen.A)).Text, StringComparison.Ordinal);
        Assert.Equal(["Preview", "WatchPeer"], story.Arrives<Recover>(Seen.A, Fate(RebuildFate.Untouched)).OpenOf("web-1"));
        Assert.Equal(RunState.Succeeded, story.ToTheEnd().Run.State);
    }

    [Fact]
    public void A_state_that_cannot_be_read_again_after_it_was_mended_puts_the_member_back_and_freezes_the_pair()
    {
        var story = new Story().Until<Preview>(Seen.A).Arrives<Preview>(Seen.A, s_damaged).Arrives<Recover>(Seen.A, Fate(RebuildFate.Untouched)).Arrives<Preview>(Seen.A, s_damaged);
        Assert.Equal(MemberState.Returning, story.Run.Get(Seen.A).State);
        story.ToTheEnd();
        Assert.Equal((PairState.Frozen, false), (story.Run.Pairs["web-1"].State, story.Run.Get(Seen.A).Away));
    }

    [Fact]
    public void A_state_that_cannot_be_mended_puts_the_untouched_member_back()
    {
        var story = new Story().Until<Preview>(Seen.A).Arrives<Preview>(Seen.A, s_damaged).Arrives<Recover>(Seen.A, new Failed(Story.Bad, true));
        Assert.Equal(MemberState.Returning, story.Run.Get(Seen.A).State);
    }

    [Fact]
    public void A_VM_that_somebody_else_replaced_while_its_state_could_not_be_read_is_not_taken_for_a_rebuild()
    {
        var story = new Story().Until<Preview>(Seen.A).Arrives<Preview>(Seen.A, s_damaged).Arrives<Recover>(Seen.A, Fate(RebuildFate.Happened));
        Assert.Equal((MemberState.Failed, "vm-replaced"), (story.Run.Get(Seen.A).State, story.Run.Pairs["web-1"].Why?.Code));
    }

    [Fact]
    public void A_rebuild_that_is_found_to_have_happened_is_proved_and_not_repeated()
    {
        var story = Failing().Arrives<Recover>(Seen.A, Fate(RebuildFate.Happened));
        Assert.Equal((MemberState.Verifying, 1), (story.Run.Get(Seen.A).State, story.Run.Get(Seen.A).Rebuilds));
        Assert.Equal(["Verify", "WatchPeer"], story.OpenOf("web-1"));
    }

    [Fact]
    public void A_member_whose_peer_went_bad_during_a_rebuild_that_did_not_happen_returns()
    {
        var story = new Story().Until<Rebuild>(Seen.A).Arrives<WatchPeer>(Seen.A, new Watched([Story.Bad], [], 2));
        story.Arrives<Rebuild>(Seen.A, new Failed(Story.Bad, false)).Arrives<Recover>(Seen.A, Fate(RebuildFate.Untouched));
        Assert.Equal(MemberState.Returning, story.Run.Get(Seen.A).State);
    }

    [Fact]
    public void A_recovery_that_failed_is_tried_again_after_pauses_that_grow_to_a_minute_and_says_why()
    {
        var story = Failing();
        var pauses = new List<double>();
        for (var tries = 1; tries <= 8; tries++)
        {
            story.Arrives<Recover>(Seen.A, new Failed(Story.Bad, false));
            var next = story.Open<Recover>(Seen.A);
            pauses.Add((next.NotBefore!.Value - story.At).TotalSeconds);
            story.At = next.NotBefore.Value;
            Assert.Equal((tries, Story.Bad), (next.FailedTries, next.LastFailure));
            Assert.Contains(Story.Bad.Text, Assert.Single(Waiting.Of(story.Run, Seen.A)).Text, StringComparison.Ordinal);
        }

        Assert.Equal([1, 2, 4, 8, 16, 32, 60, 60], pauses);
        Assert.Equal(["Verify", "WatchPeer"], story.Arrives<Recover>(Seen.A, Fate(RebuildFate.Happened)).OpenOf("web-1"));
    }

    [Fact]
    public void A_recovery_that_fails_until_its_deadline_freezes_the_pair_with_the_member_out()
    {
        var story = Failing();
        var deadline = story.Open<Recover>(Seen.A).Deadline;
        while (story.Run.State == RunState.Running)
        {
            Assert.Equal(deadline, story.Open<Recover>(Seen.A).Deadline);
            story.At = story.Open<Recover>(Seen.A).NotBefore ?? story.At;
            story.Arrives<Recover>(Seen.A, new Failed(Story.Bad, false));
        }

        Assert.InRange(deadline - story.At, TimeSpan.Zero, TimeSpan.FromMinutes(1));
        Assert.Equal((PairState.Frozen, true), (story.Run.Pairs["web-1"].State, story.Run.Get(Seen.A).Away));
        Assert.EndsWith(Story.Bad.Text, story.Run.Get(Seen.A).Failure?.Text, StringComparison.Ordinal);
        Assert.Empty(story.Run.Open);
    }

    [Fact]
    public void A_recovery_whose_last_try_did_not_answer_in_time_tells_why_the_try_before_failed()
    {
        var story = Failing().Arrives<Recover>(Seen.A, new Failed(Story.Bad, false));
        story.Arrives<Recover>(Seen.A, new Failed(new Reason("recover-timeout", "it did not end", "it is looked at"), true));
        Assert.Contains(Story.Bad.Text, story.Run.Pairs["web-1"].Why?.Text, StringComparison.Ordinal);
    }

    [Fact]
    public void A_recovery_that_waits_for_its_next_try_is_made_at_once_by_a_new_worker()
    {
        var story = Failing().Arrives<Recover>(Seen.A, new Failed(Story.Bad, false)).TakeOver();
        Assert.Null(story.Open<Recover>(Seen.A).NotBefore);
    }

    private static Story Failing() => new Story().Until<Rebuild>(Seen.A).Arrives<Rebuild>(Seen.A, new Failed(Story.Bad, false));

    private static Recovered Fate(RebuildFate fate) => new(new RebuildRecovery(fate, Seen.Vm(), ["looked"]));
}
