using Refresh.Workflows.Machines;
using Refresh.Workflows.Ports;
using Refresh.Workflows.Runs;
using Xunit;

namespace Refresh.Workflows.Tests.Decisions;

/// <summary>Promise 5: what became of a rebuild is found out before anything else is done.</summary>
public sealed class RecoveryTests
{
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
    public void A_recovery_that_only_a_person_can_end_freezes_the_pair_with_the_member_out()
    {
        var story = Failing().Arrives<Recover>(Seen.A, new Failed(Story.Bad, false));
        Assert.Equal((PairState.Frozen, true), (story.Run.Pairs["web-1"].State, story.Run.Get(Seen.A).Away));
        Assert.Empty(story.Run.Open);
    }

    private static Story Failing() => new Story().Until<Rebuild>(Seen.A).Arrives<Rebuild>(Seen.A, new Failed(Story.Bad, false));

    private static Recovered Fate(RebuildFate fate) => new(new RebuildRecovery(fate, Seen.Vm(), ["looked"]));
}
