using Refresh.Workflows.Facts;
using Refresh.Workflows.Fleets;
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
    public void A_member_of_which_it_is_not_known_whether_it_serves_may_not_leave() =>
        Assert.Equal("member-unprobed", Assert.Single(May(new PairFacts(Seen.Serving(Seen.A) with { Probe = null }, Seen.Serving(Seen.B), null)).Refusals).Code);

    [Fact]
    public void A_member_that_the_balancer_sees_down_may_leave_unprobed() =>
        Assert.True(May(new PairFacts(Seen.Down(Seen.A) with { Probe = null }, Seen.Serving(Seen.B), null)).Allowed);

    [Theory]
    [InlineData("10.0.0.1:8080", "10.0.0.2:8080", true)]
    [InlineData("10.0.0.2:8080", "10.0.0.1:8080", false)]
    [InlineData("10.0.0.1:8081", "10.0.0.2:8080", false)]
    [InlineData("10.0.0.1:8080", "10.0.0.2:80", false)]
    [InlineData("one.example:8080", "two.example:8080", true)]
    [InlineData("[::1]:8080", "10.0.0.2:8080", false)]
    public void A_member_may_leave_only_when_the_balancer_sends_the_work_of_both_where_they_are(string a, string b, bool allowed)
    {
        var pair = Seen.ThePair with { First = new Member(Seen.A, Endpoint.Parse(a)), Second = new Member(Seen.B, Endpoint.Parse(b)) };
        MemberFacts At(MemberId id, string address) => Seen.Serving(id) with { Balancer = Seen.Balancer with { Address = Endpoint.Parse(address) } };
        var verdict = PairRule.MayLeave(pair, new PairFacts(At(Seen.A, "10.0.0.1:8080"), At(Seen.B, "10.0.0.2:8080"), null), Seen.At, s_maxAge);
        Assert.Equal(allowed, verdict.Allowed);
        Assert.All(verdict.Refusals, refusal => Assert.Equal("address-differs", refusal.Code));
    }

    [Fact]
    public void A_VM_is_not_destroyed_while_the_server_of_its_member_is_another_machines()
    {
        var member = new Member(Seen.A, Endpoint.Parse("10.0.0.9:8080"));
        var refusal = Assert.Single(PairRule.StillOut(member, Seen.Balancer with { Rotation = Rotation.Out }));
        Assert.Equal("the load balancer sends the work of web-1/a to 10.0.0.1:8080, and web-1/a is at 10.0.0.9:8080", refusal.Text);
    }

    [Fact]
    public void A_member_that_is_down_may_leave_for_it_carries_nothing() =>
        Assert.True(May(new PairFacts(Seen.Down(Seen.A), Seen.Serving(Seen.B), null)).Allowed);

    [Fact]
    public void Facts_that_are_just_young_enough_decide() =>
        Assert.True(PairRule.MayLeave(Seen.ThePair, Seen.Pair(Seen.A, Seen.B), Seen.At + s_maxAge, s_maxAge).Allowed);

    [Fact]
    public void Every_reason_is_given_at_once() =>
        Assert.Equal(
            ["claimed", "member-unknown", "peer-down-at-balancer", "peer-unhealthy"],
            May(new PairFacts(Seen.Serving(Seen.A) with { Balancer = null }, Seen.Down(Seen.B), "run-7")).Refusals.Select(refusal => refusal.Code));

    private static Verdict May(PairFacts facts) => PairRule.MayLeave(Seen.ThePair, facts, Seen.At, s_maxAge);
}
