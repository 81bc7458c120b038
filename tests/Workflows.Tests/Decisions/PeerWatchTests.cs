using Refresh.Workflows.Evidence;
using Refresh.Workflows.Machines;
using Refresh.Workflows.Reasons;
using Refresh.Workflows.Runs;
using Xunit;

namespace Refresh.Workflows.Tests.Decisions;

/// <summary>Promise 1: the peer of a member that is away is watched to the end of the absence, bad or well.</summary>
public sealed class PeerWatchTests
{
    private static readonly Watched s_bad = new([Story.Bad], [], 2);
    private static readonly Watched s_well = new([], [], 5);

    [Fact]
    public void A_peer_that_went_bad_while_the_member_cannot_return_is_watched_until_it_is_well_and_both_are_shown()
    {
        var story = new Story().Until<Rebuild>(Seen.A).Arrives<WatchPeer>(Seen.A, s_bad);
        Assert.True(story.Open<WatchPeer>(Seen.A).PeerIsBad);
        Assert.Contains(Story.Bad, Waiting.Of(story.Run, Seen.A));
        story.Arrives<WatchPeer>(Seen.A, s_well);
        Assert.False(story.Open<WatchPeer>(Seen.A).PeerIsBad);
        Assert.DoesNotContain(Story.Bad, Waiting.Of(story.Run, Seen.A));
        Assert.Contains(story.Last, happened => happened is MemberWaits && EntryText.Of(happened).Text.Contains("serves again", StringComparison.Ordinal));
    }

    [Fact]
    public void What_is_bad_of_the_peer_is_shown_through_all_steps_until_the_member_is_back()
    {
        var story = new Story().Until<Rebuild>(Seen.A).Arrives<WatchPeer>(Seen.A, s_bad);
        foreach (var step in new Action[] { () => story.Until<Verify>(Seen.A), () => story.Until<Rejoin>(Seen.A) })
        {
            step();
            Assert.Contains(Story.Bad, Waiting.Of(story.Run, Seen.A));
        }

        story.Until<Soak>(Seen.A);
        Assert.DoesNotContain(Story.Bad, Waiting.Of(story.Run, Seen.A));
        Assert.Equal(["Soak"], story.OpenOf("web-1"));
    }

    [Fact]
    public void A_peer_that_was_well_again_before_a_rebuild_is_known_not_to_have_happened_does_not_call_the_member_back()
    {
        var story = new Story().Until<Rebuild>(Seen.A).Arrives<WatchPeer>(Seen.A, s_bad).Arrives<WatchPeer>(Seen.A, s_well);
        story.Arrives<Rebuild>(Seen.A, new Failed(Story.Bad, false));
        story.Arrives<Recover>(Seen.A, new Recovered(new(Ports.RebuildFate.Untouched, Seen.Vm(), ["looked"])));
        Assert.Equal(["Preview", "WatchPeer"], story.OpenOf("web-1"));
    }

    [Fact]
    public void A_member_on_its_way_back_still_has_its_peer_watched()
    {
        var story = new Story().Until<Drain>(Seen.A).Arrives<WatchPeer>(Seen.A, s_bad);
        Assert.Equal(["Rejoin", "WatchPeer"], story.OpenOf("web-1"));
        Assert.Equal((MemberState.Returning, true), (story.Run.Get(Seen.A).State, Waiting.Of(story.Run, Seen.A).Contains(Story.Bad)));
        story.Arrives<Rejoin>(Seen.A, new Rejoined(Seen.Balancer));
        Assert.Equal(["Observe"], story.OpenOf("web-1"));
    }

    [Fact]
    public void A_watch_that_fails_while_the_peer_is_bad_says_so_only_once()
    {
        var story = new Story().Until<Rebuild>(Seen.A).Arrives<WatchPeer>(Seen.A, s_bad).Arrives<WatchPeer>(Seen.A, new Failed(Story.Bad, false));
        Assert.DoesNotContain(story.Last, happened => happened is MemberWaits);
        Assert.True(story.Open<WatchPeer>(Seen.A).PeerIsBad);
    }
}
