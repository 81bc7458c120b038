using Refresh.Workflows.Fleets;
using Refresh.Workflows.Machines;
using Refresh.Workflows.Reasons;
using Refresh.Workflows.Runs;
using Refresh.Workflows.Tests.Evidence;
using Xunit;

namespace Refresh.Workflows.Tests.Reasons;

/// <summary>Promise 9: whatever waits says why, and what would end it.</summary>
public sealed class WaitingTests
{
    [Fact]
    public void A_run_that_needs_approval_says_how_to_give_it()
    {
        var run = new ScriptedRun(ScriptedRun.FleetOf(2, policy => policy with { ApprovalRequired = true })).Begin().Run;
        var reason = Assert.Single(Waiting.Of(run));
        Assert.Equal("awaiting-approval", reason.Code);
        Assert.Contains($"refresh approve {run.Id}", reason.EndsWhen, StringComparison.Ordinal);
        Assert.Equal(reason, Assert.Single(Waiting.Of(run, "web-2")));
        Assert.Equal(reason, Assert.Single(Waiting.Of(run, new MemberId("web-2", "a"))));
    }

    [Fact]
    public void A_paused_run_says_who_paused_it_and_what_is_ended_first()
    {
        var run = Draining("web-1").Ask(RequestKind.Pause, "grace", "lunch").Run;
        var reason = Assert.Single(Waiting.Of(run));
        Assert.Equal("paused", reason.Code);
        Assert.Contains("grace asked to pause: lunch", reason.Text, StringComparison.Ordinal);
        Assert.Contains("web-1", reason.Text, StringComparison.Ordinal);
        Assert.Contains("refresh resume", reason.EndsWhen, StringComparison.Ordinal);
    }

    [Fact]
    public void A_run_that_is_paused_between_two_members_has_nothing_under_way()
    {
        var run = Draining("web-1").Ask(RequestKind.Pause).Continue().Run;
        Assert.Equal(MemberState.Refreshed, run.Get(new MemberId("web-1", "a")).State);
        Assert.DoesNotContain("under way", Assert.Single(Waiting.Of(run)).Text, StringComparison.Ordinal);
        Assert.Equal("paused", Assert.Single(Waiting.Of(run, "web-1")).Code);
    }

    [Fact]
    public void A_cancelled_run_waits_until_what_is_away_is_back()
    {
        var run = Draining("web-1").Ask(RequestKind.Cancel).Run;
        var reason = Assert.Single(Waiting.Of(run));
        Assert.Equal("cancelling", reason.Code);
        Assert.Contains("is back", reason.EndsWhen, StringComparison.Ordinal);
    }

    [Fact]
    public void The_second_member_waits_for_the_first() =>
        Assert.Equal("peer-first", Code(Draining("web-1").Run, "web-1", "b"));

    [Fact]
    public void A_later_wave_waits_for_the_canary()
    {
        var run = Draining("web-1").Run;
        var reason = Assert.Single(Waiting.Of(run, "web-3"));
        Assert.Equal("earlier-wave", reason.Code);
        Assert.Contains("the canary wave goes before wave 2: web-1", reason.Text, StringComparison.Ordinal);
        Assert.Equal(reason, Assert.Single(Waiting.Of(run, "web-2")));
    }

    [Fact]
    public void A_pair_waits_while_as_many_as_may_be_are_under_way()
    {
        var run = Draining("web-2").Run;
        var reason = Assert.Single(Waiting.Of(run, "web-4"));
        Assert.Equal("pairs-at-once", reason.Code);
        Assert.Contains("no more than 2 pairs", reason.Text, StringComparison.Ordinal);
        Assert.Contains("web-2, web-3", reason.Text, StringComparison.Ordinal);
    }

    [Fact]
    public void A_pair_that_bakes_says_until_when()
    {
        var scripted = new ScriptedRun(ScriptedRun.FleetOf(4)).Begin().Continue(happened => happened is PairMoved { To: PairState.Soaking });
        var until = scripted.Run.Open.Values.OfType<Bake>().Single().Until;
        var reason = Assert.Single(Waiting.Of(scripted.Run, "web-1"));
        Assert.Equal("bake", reason.Code);
        Assert.Contains(until.ToString("HH:mm:ss", System.Globalization.CultureInfo.InvariantCulture), reason.EndsWhen, StringComparison.Ordinal);
        Assert.Equal("bake", Assert.Single(Waiting.Of(scripted.Run)).Code);
    }

    [Fact]
    public void An_instant_of_another_day_is_told_with_its_date()
    {
        var scripted = new ScriptedRun(ScriptedRun.FleetOf(1, policy => policy with { Canary = new CanaryPolicy { Bake = TimeSpan.FromDays(2) } })).Begin().Continue(happened => happened is PairMoved { To: PairState.Soaking });
        Assert.Contains("2026-11-04", Assert.Single(Waiting.Of(scripted.Run, "web-1")).EndsWhen, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(MemberState.Draining, "draining")]
    [InlineData(MemberState.Rebuilding, "previewing")]
    [InlineData(MemberState.Verifying, "verifying")]
    [InlineData(MemberState.Rejoining, "rejoining")]
    [InlineData(MemberState.Soaking, "soaking")]
    public void A_step_says_what_ends_it(MemberState state, string code)
    {
        var run = new ScriptedRun(ScriptedRun.FleetOf(2)).Begin().Continue(happened => happened is MemberMoved moved && moved.To == state).Run;
        var reason = Assert.Single(Waiting.Of(run, new MemberId("web-1", "a")));
        Assert.Equal(code, reason.Code);
        Assert.Contains("UTC", reason.EndsWhen, StringComparison.Ordinal);
    }

    [Fact]
    public void A_member_that_may_not_leave_names_what_speaks_against_it_and_when_it_is_given_up()
    {
        var refusal = ScriptedRun.Why("the balancer does not see web-1/b up");
        var scripted = new ScriptedRun(ScriptedRun.FleetOf(1)) { Instead = (intent, _) => intent is Observe ? new Failed(refusal, false) : null };
        var run = scripted.Begin().Continue(happened => happened is MemberWaits).Run;
        var reason = Assert.Single(Waiting.Of(run, new MemberId("web-1", "a")));
        Assert.Equal(refusal.Text, reason.Text);
        Assert.Contains("UTC passes", reason.EndsWhen, StringComparison.Ordinal);
    }

    [Fact]
    public void A_frozen_pair_keeps_its_reason_and_the_halted_run_tells_it()
    {
        var why = ScriptedRun.Why("the clone failed");
        var scripted = new ScriptedRun(ScriptedRun.FleetOf(2)) { Instead = (intent, _) => intent is Verify ? new Failed(why, false) : null };
        var run = scripted.Begin().Continue().Run;
        Assert.Equal(RunState.Failed, run.State);
        Assert.Equal(why, Assert.Single(Waiting.Of(run, "web-1")));
        Assert.Equal(why, Assert.Single(Waiting.Of(run, new MemberId("web-1", "a"))));
        Assert.Empty(Waiting.Of(run));
        Assert.Empty(Waiting.Of(run, "web-2"));
    }

    [Fact]
    public void Nothing_waits_in_a_run_that_has_succeeded()
    {
        var run = new ScriptedRun(ScriptedRun.FleetOf(3)).Begin().Continue().Run;
        Assert.Equal(RunState.Succeeded, run.State);
        Assert.Empty(Waiting.Of(run));
        Assert.All(run.Fleet.Members(), member => Assert.Empty(Waiting.Of(run, member.Id)));
    }

    [Fact]
    public void In_a_run_that_goes_on_every_unfinished_member_waits_for_something_named_or_is_next()
    {
        var scripted = new ScriptedRun(ScriptedRun.FleetOf(5)).Begin();
        for (var step = 0; scripted.Run is { Finished: false }; step++)
        {
            Assert.InRange(step, 0, 10_000);
            var run = scripted.Run;
            foreach (var member in run.Fleet.Members().Select(member => run.Get(member.Id)).Where(member => !member.Settled && member.State != MemberState.Guarding))
                Assert.NotEmpty(Waiting.Of(run, member.Id));
            scripted.Continue(_ => true);
        }
    }

    private static ScriptedRun Draining(string pair) =>
        new ScriptedRun(ScriptedRun.FleetOf(5)).Begin().Continue(happened => happened is MemberMoved { To: MemberState.Draining } moved && moved.Member.Pair == pair);

    private static string Code(Run run, string pair, string member) => Assert.Single(Waiting.Of(run, new MemberId(pair, member))).Code;
}
