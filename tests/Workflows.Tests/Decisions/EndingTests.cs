using Refresh.Workflows.Fleets;
using Refresh.Workflows.Machines;
using Refresh.Workflows.Ports;
using Refresh.Workflows.Runs;
using Xunit;

namespace Refresh.Workflows.Tests.Decisions;

/// <summary>A run that is being ended begins nothing more, and what is away comes back first.</summary>
public sealed class EndingTests
{
    private static readonly Recovered s_untouched = new(new RebuildRecovery(RebuildFate.Untouched, Seen.Vm(), ["looked"]));

    [Theory]
    [InlineData(RequestKind.Cancel, RunState.Cancelled)]
    [InlineData(RequestKind.Rollback, RunState.RolledBack)]
    public void A_pair_that_is_done_after_it_was_asked_to_end_is_not_baked(RequestKind kind, RunState end)
    {
        var story = new Story(policy: Story.Calm with { Waves = new WavePolicy { Bake = TimeSpan.FromHours(1) } });
        story.Until<Soak>(Seen.B).Ask(kind).Arrives<Soak>(Seen.B, new Watched([], [], 3));
        Assert.Empty(story.Run.Open.Values.OfType<Bake>());
        Assert.Equal(end, story.ToTheEnd().Run.State);
    }

    [Theory]
    [InlineData(RequestKind.Cancel)]
    [InlineData(RequestKind.Rollback)]
    public void A_rebuild_that_did_not_happen_is_not_tried_again_once_the_run_ends(RequestKind kind)
    {
        var story = new Story().Until<Rebuild>(Seen.A).Ask(kind);
        story.Arrives<Rebuild>(Seen.A, new Failed(Story.Bad, false)).Arrives<Recover>(Seen.A, s_untouched);
        Assert.Equal(MemberState.Returning, story.Run.Get(Seen.A).State);
        story.ToTheEnd();
        Assert.False(story.Run.Get(Seen.A).Away);
    }

    [Fact]
    public void A_run_that_has_not_begun_is_cancelled_at_once()
    {
        var begun = new Story().Run;
        var planned = RunFold.Begin(new RunPlanned("run-1", begun.Fleet, begun.Image, begun.Plan, "ann", string.Empty, "shop.yaml"), Seen.At);
        var cancel = new Asked(new RunRequest("r-1", "run-1", RequestKind.Cancel, "ann", string.Empty, Seen.At));
        Assert.Equal(RunState.Cancelled, Workflows.Decisions.RunDecisions.Decide(planned, cancel, Seen.At).Run.State);
        Assert.Equal(RunState.Cancelled, new Story(policy: Story.Calm with { ApprovalRequired = true }).Ask(RequestKind.Cancel).Run.State);
    }

    [Fact]
    public void A_pause_is_theirs_who_asked_for_it_last_and_the_same_one_is_not_told_twice_that_it_is_done()
    {
        var story = new Story().Until<Rebuild>(Seen.A).Ask(RequestKind.Pause, "refresh serve");
        var open = story.OpenOf("web-1").ToList();
        story.Ask(RequestKind.Pause, "ann", "storm");
        Assert.Equal((RunState.Paused, "ann", "ann asked to pause: storm"), (story.Run.State, story.Run.PausedBy, story.Run.Why!.Text));
        Assert.Equal(open, story.OpenOf("web-1"));
        Assert.Null(Assert.Single(story.Last.OfType<RequestAnswered>()).Refusal);
        story.Ask(RequestKind.Pause, "ann");
        Assert.Equal("request-refused", Assert.Single(story.Last.OfType<RequestAnswered>()).Refusal?.Code);
        Assert.Equal("ann", story.Ask(RequestKind.Resume).Run.PausedBy);
    }

    [Fact]
    public void A_rebuild_that_did_not_happen_is_tried_again_while_the_run_is_only_paused()
    {
        var story = new Story().Until<Rebuild>(Seen.A).Ask(RequestKind.Pause);
        story.Arrives<Rebuild>(Seen.A, new Failed(Story.Bad, false)).Arrives<Recover>(Seen.A, s_untouched);
        Assert.Equal(["Preview", "WatchPeer"], story.OpenOf("web-1"));
    }

    [Fact]
    public void A_VM_that_is_gone_is_made_again_even_when_the_run_ends()
    {
        var story = new Story().Until<Rebuild>(Seen.A).Ask(RequestKind.Cancel);
        story.Arrives<Rebuild>(Seen.A, new Failed(Story.Bad, false));
        story.Arrives<Recover>(Seen.A, new Recovered(new RebuildRecovery(RebuildFate.Gone, Seen.Vm() with { Identity = null }, [])));
        Assert.Equal(["Preview", "WatchPeer"], story.OpenOf("web-1"));
    }

    [Fact]
    public void A_rebuild_is_tried_again_as_often_as_the_policy_says_and_then_its_old_VM_rejoins_and_the_pair_is_frozen()
    {
        var story = new Story();
        for (var tries = 1; tries <= 2; tries++)
            story.Until<Rebuild>(Seen.A).Arrives<Rebuild>(Seen.A, new Failed(Story.Bad, false)).Arrives<Recover>(Seen.A, s_untouched);
        Assert.Equal(MemberState.Returning, story.Run.Get(Seen.A).State);
        story.ToTheEnd();
        Assert.Equal((RunState.Failed, PairState.Frozen), (story.Run.State, story.Run.Pairs["web-1"].State));
        Assert.True(story.Run.Get(Seen.A) is { State: MemberState.Failed, Away: false, Failure.Code: "rebuild-failed" });
    }

    [Fact]
    public void A_halt_calls_back_the_other_pairs_that_are_in_flight()
    {
        var second = new MemberId("web-2", "a");
        var story = new Story(2).Until<Drain>(second).Until<Verify>(Seen.A).Arrives<Verify>(Seen.A, new Failed(Story.Bad, true));
        Assert.Equal("budget-spent", story.Run.Halted?.Code);
        Assert.Equal(MemberState.Returning, story.Run.Get(second).State);
        story.ToTheEnd();
        Assert.Equal((RunState.Failed, PairState.Pending), (story.Run.State, story.Run.Pairs["web-2"].State));
    }

    [Fact]
    public void A_run_that_was_halted_while_it_was_paused_ends_when_it_is_resumed()
    {
        var story = new Story(2).Until<Verify>(Seen.A).Ask(RequestKind.Pause).Arrives<Verify>(Seen.A, new Failed(Story.Bad, true)).ToTheEnd();
        Assert.Equal(RunState.Paused, story.Run.State);
        story.Ask(RequestKind.Resume);
        Assert.Equal(RunState.Failed, story.Run.State);
    }
}
