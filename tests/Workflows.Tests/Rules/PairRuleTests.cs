using Refresh.Workflows.Facts;
using Refresh.Workflows.Reasons;
using Refresh.Workflows.Rules;
using Xunit;

namespace Refresh.Workflows.Tests.Rules;

public sealed class PairRuleTests
{
    private static readonly TimeSpan s_maxAge = TimeSpan.FromSeconds(15);

    public static TheoryData<string, string, Func<MemberFacts, MemberFacts>> Refusals => new()
    {
        { "peer-unknown", "the load balancer could not be read for web-1/b: no route", peer => peer with { Balancer = null, Unread = [new Reason("x", "no route", "y")] } },
        { "peer-not-in-rotation", "web-1/b is not in rotation: MAINT", peer => peer with { Balancer = Seen.Balancer with { Rotation = Rotation.Out, Detail = "MAINT" } } },
        { "peer-not-in-rotation", "web-1/b is not in rotation: DRAIN", peer => peer with { Balancer = Seen.Balancer with { Rotation = Rotation.Draining, Detail = "DRAIN" } } },
        { "peer-not-in-rotation", "web-1/b is not in rotation: nodes differ", peer => peer with { Balancer = Seen.Balancer with { Rotation = Rotation.Unclear, Detail = "nodes differ" } } },
        { "peer-down-at-balancer", "the load balancer does not see web-1/b up: DOWN", peer => peer with { Balancer = Seen.Balancer with { Health = BalancerHealth.Down, Detail = "DOWN" } } },
        { "peer-down-at-balancer", "the load balancer does not see web-1/b up: UP 1/3", peer => peer with { Balancer = Seen.Balancer with { Health = BalancerHealth.Changing, Detail = "UP 1/3" } } },
        { "peer-down-at-balancer", "the load balancer does not see web-1/b up: no check", peer => peer with { Balancer = Seen.Balancer with { Health = BalancerHealth.Unchecked, Detail = "no check" } } },
        { "peer-warming-up", "web-1/b does not get its full share yet: weight 10 %", peer => peer with { Balancer = Seen.Balancer with { FullShare = false, Detail = "weight 10 %" } } },
        { "peer-unprobed", "the health probe could not be read for web-1/b", peer => peer with { Probe = null } },
        { "peer-unhealthy", "web-1/b is not healthy: 503", peer => peer with { Probe = new ProbeFacts(false, "503", Seen.At) } },
        { "facts-stale", "what the load balancer said of web-1/b is 16 s old", peer => peer with { Balancer = Seen.Balancer with { At = Seen.At.AddSeconds(-16) } } },
        { "facts-stale", "what the health probe said of web-1/b is 16 s old", peer => peer with { Probe = Seen.Healthy with { At = Seen.At.AddSeconds(-16) } } },
    };

    [Fact]
    public void A_member_may_leave_while_its_peer_serves() =>
        Assert.True(May(Seen.Pair(Seen.A, Seen.B)).Allowed);

    [Theory]
    [MemberData(nameof(Refusals))]
    public void A_member_may_not_leave_while_anything_speaks_against_its_peer(string code, string text, Func<MemberFacts, MemberFacts> change)
    {
        var verdict = May(new PairFacts(Seen.Serving(Seen.A), change(Seen.Serving(Seen.B)), null));
        var refusal = Assert.Single(verdict.Refusals);
        Assert.Equal((code, text), (refusal.Code, refusal.Text));
        Assert.NotEmpty(refusal.EndsWhen);
        Assert.False(verdict.Allowed);
    }

    [Fact]
    public void A_member_may_not_leave_while_another_run_claims_the_pair()
    {
        var refusal = Assert.Single(May(Seen.Pair(Seen.A, Seen.B) with { ClaimedBy = "run-7" }).Refusals);
        Assert.Equal(("claimed", "web-1/a or its peer is claimed by run run-7", "run run-7 ends"), (refusal.Code, refusal.Text, refusal.EndsWhen));
    }

    [Fact]
    public void A_member_that_the_balancer_does_not_show_may_not_leave() =>
        Assert.Equal("member-unknown", Assert.Single(May(new PairFacts(Seen.Serving(Seen.A) with { Balancer = null }, Seen.Serving(Seen.B), null)).Refusals).Code);

    [Fact]
    public void A_member_that_is_down_may_leave_for_it_carries_nothing() =>
        Assert.True(May(new PairFacts(Seen.Down(Seen.A), Seen.Serving(Seen.B), null)).Allowed);

    [Fact]
    public void Facts_that_are_just_young_enough_decide() =>
        Assert.True(PairRule.MayLeave(Seen.Pair(Seen.A, Seen.B), Seen.At + s_maxAge, s_maxAge).Allowed);

    [Fact]
    public void Every_reason_is_given_at_once() =>
        Assert.Equal(
            ["claimed", "member-unknown", "peer-down-at-balancer", "peer-unhealthy"],
            May(new PairFacts(Seen.Serving(Seen.A) with { Balancer = null }, Seen.Down(Seen.B), "run-7")).Refusals.Select(refusal => refusal.Code));

    private static Verdict May(PairFacts facts) => PairRule.MayLeave(facts, Seen.At, s_maxAge);
}
