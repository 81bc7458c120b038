using CsCheck;
using Refresh.Workflows.Facts;
using Refresh.Workflows.Fleets;
using Refresh.Workflows.Images;
using Refresh.Workflows.Planning;
using Xunit;

namespace Refresh.Workflows.Tests.Planning;

public sealed class PlannerTests
{
    private static readonly ImageRef s_repacked = Seen.New.Ref with { Digest = Seen.Old.Digest };

    public static TheoryData<MemberFacts?, bool, string> Reasons => new()
    {
        { Seen.Serving(Seen.A), true, "it runs web@2026.10.1, and web@2026.11.1 is wanted" },
        { Seen.Serving(Seen.A, Seen.New.Ref), false, "it runs web@2026.11.1 already" },
        { Seen.Down(Seen.A) with { Guest = Seen.Guest(Seen.New.Ref) }, true, "it runs web@2026.11.1 already but does not serve: it is rebuilt to repair it" },
        { Seen.Serving(Seen.A, s_repacked), true, "it runs web@2026.11.1 with other content (sha256:aaaaaaaaaaaa) than the image has now (sha256:bbbbbbbbbbbb)" },
        { Seen.Serving(Seen.A) with { Guest = null }, true, "its guest does not say what it runs (made from web@2026.10.1), and web@2026.11.1 is wanted" },
        { Seen.Serving(Seen.A) with { Guest = null, Vm = null }, true, "what it runs could not be seen, and web@2026.11.1 is wanted" },
        { null, true, "what it runs could not be seen, and web@2026.11.1 is wanted" },
    };

    [Theory]
    [MemberData(nameof(Reasons))]
    public void Every_member_has_a_reason_to_be_rebuilt_or_not(MemberFacts? seen, bool rebuild, string why)
    {
        var plan = Plan(Seen.Fleet(1), seen is null ? [] : [seen, Seen.Serving(Seen.B)]);
        var member = plan.Pairs().Concat(plan.Skipped).Single().Members.Single(planned => planned.Id == Seen.A);
        Assert.Equal((rebuild, why), (member.Rebuild, member.Why));
    }

    [Theory]
    [InlineData(Rotation.In, false)]
    [InlineData(Rotation.Out, true)]
    [InlineData(Rotation.Unclear, true)]
    public void What_the_run_before_left_out_is_left_out_still_unless_somebody_put_it_back(Rotation rotation, bool leftOut)
    {
        var seen = Seen.Serving(Seen.A, Seen.New.Ref) with { Balancer = Seen.Balancer with { Rotation = rotation } };
        var plan = Planner.Plan(Seen.Fleet(1), Seen.New.Ref, new Dictionary<MemberId, MemberFacts> { [Seen.A] = seen, [Seen.B] = Seen.Serving(Seen.B) }, new HashSet<MemberId> { Seen.A });
        Assert.Equal(leftOut, plan.Pairs().Single().Members.Single(member => member.Id == Seen.A).LeftOut);
    }

    [Fact]
    public void A_pair_that_is_current_and_serves_is_skipped()
    {
        var plan = Plan(Seen.Fleet(1), [Seen.Serving(Seen.A, Seen.New.Ref), Seen.Serving(Seen.B, Seen.New.Ref)]);
        Assert.Empty(plan.Waves);
        Assert.Equal("web-1", Assert.Single(plan.Skipped).Name);
        Assert.Equal(0, plan.Rebuilds());
    }

    [Theory]
    [InlineData(DormantAction.Wake, true, "cannot", true)]
    [InlineData(DormantAction.Refresh, true, "goes off again", false)]
    [InlineData(DormantAction.Leave, false, "left so", false)]
    [InlineData(DormantAction.Refuse, true, "cannot", true)]
    public void What_is_powered_off_is_dealt_with_as_the_fleet_says_and_its_peer_is_left_where_nobody_would_carry_its_load(DormantAction action, bool rebuild, string why, bool peer)
    {
        var plan = Plan(Seen.Fleet(1, new RefreshPolicy { Dormant = action }), [Off(Seen.A), Seen.Serving(Seen.B)]);
        var members = plan.Pairs().Concat(plan.Skipped).Single().Members.ToDictionary(member => member.Id);
        Assert.Equal((rebuild, !rebuild), (members[Seen.A].Rebuild, members[Seen.A].Left));
        Assert.Equal((peer, !peer), (members[Seen.B].Rebuild, members[Seen.B].Left));
        Assert.Contains(why == "cannot" ? "does not say what it runs" : why, members[Seen.A].Why, StringComparison.Ordinal);
    }

    [Fact]
    public void What_is_off_and_was_made_from_the_image_is_not_made_again()
    {
        var off = Off(Seen.A) with { Vm = Seen.Vm(image: Seen.New.Ref.Label) with { Power = VmPower.Off } };
        var plan = Plan(Seen.Fleet(1, new RefreshPolicy { Dormant = DormantAction.Refresh }), [off, Seen.Serving(Seen.B, Seen.New.Ref)]);
        Assert.Equal([true, false], Assert.Single(plan.Skipped).Members.Select(member => member.Left));
    }

    private static MemberFacts Off(MemberId member) => Seen.Down(member) with { Vm = Seen.Vm() with { Power = VmPower.Off }, Guest = null };

    [Fact]
    public void A_broken_member_goes_before_its_peer()
    {
        var plan = Plan(Seen.Fleet(1), [Seen.Serving(Seen.A), Seen.Down(Seen.B)]);
        Assert.Equal([Seen.B, Seen.A], plan.Pairs().Single().Members.Select(member => member.Id));
    }

    [Fact]
    public void Members_that_both_serve_keep_the_order_of_the_fleet_file()
    {
        var plan = Plan(Seen.Fleet(1), [Seen.Serving(Seen.A), Seen.Serving(Seen.B)]);
        Assert.Equal([Seen.A, Seen.B], plan.Pairs().Single().Members.Select(member => member.Id));
    }

    [Fact]
    public void Canaries_go_first_with_their_own_bake_and_then_the_waves()
    {
        var policy = new RefreshPolicy { Canary = new CanaryPolicy { Pairs = 2, Bake = TimeSpan.FromMinutes(5) }, Waves = new WavePolicy { Size = 2, Bake = TimeSpan.FromMinutes(1) } };
        var plan = Plan(Seen.Fleet(5, policy), []);
        Assert.Equal(
            [(true, 5.0, "web-1 web-2"), (false, 1.0, "web-3 web-4"), (false, 1.0, "web-5")],
            plan.Waves.Select(wave => (wave.Canary, wave.Bake.TotalMinutes, string.Join(' ', wave.Pairs.Select(pair => pair.Name)))));
    }

    [Fact]
    public void A_pair_that_needs_nothing_is_no_canary()
    {
        var plan = Plan(Seen.Fleet(2), [Seen.Serving(Seen.A, Seen.New.Ref), Seen.Serving(Seen.B, Seen.New.Ref)]);
        Assert.Equal("web-2", plan.Waves[0].Pairs.Single().Name);
        Assert.True(plan.Waves[0].Canary);
    }

    [Fact]
    public void Every_pair_is_planned_once_and_in_order_whatever_the_policy() =>
        Gen.Select(Gen.Int[0, 40], Gen.Int[0, 50], Gen.Int[0, 10]).Sample((pairs, canaries, size) =>
        {
            var policy = new RefreshPolicy { Canary = new CanaryPolicy { Pairs = canaries }, Waves = new WavePolicy { Size = size } };
            var plan = Plan(Seen.Fleet(pairs, policy), []);
            return plan.Pairs().Select(pair => pair.Name).SequenceEqual(Enumerable.Range(1, pairs).Select(number => $"web-{number}"))
                && plan.Waves.All(wave => wave.Pairs.Count > 0)
                && plan.Waves.Skip(1).All(wave => !wave.Canary && (size == 0 || wave.Pairs.Count <= size))
                && plan.Waves.Where(wave => wave.Canary).Sum(wave => wave.Pairs.Count) == Math.Min(canaries, pairs);
        });

    [Fact]
    public void The_duration_is_the_sum_of_its_waves_with_the_pairs_side_by_side()
    {
        var policy = new RefreshPolicy
        {
            Canary = new CanaryPolicy { Pairs = 1, Bake = TimeSpan.FromMinutes(5) },
            Waves = new WavePolicy { MaxPairsAtOnce = 2, Bake = TimeSpan.FromMinutes(3) },
        };
        var plan = Plan(Seen.Fleet(4, policy), []);
        Assert.Equal(TimeSpan.FromMinutes(20 + 5 + 40 + 3), Planner.Duration(plan, policy, TimeSpan.FromMinutes(10)));
    }

    [Fact]
    public void The_duration_lies_between_the_work_shared_by_all_slots_and_the_work_one_after_the_other() =>
        Gen.Select(Gen.Int[0, 40], Gen.Int[1, 6], Gen.Int[0, 7]).Sample((pairs, atOnce, size) =>
        {
            var policy = new RefreshPolicy { Waves = new WavePolicy { Size = size, MaxPairsAtOnce = atOnce }, Canary = new CanaryPolicy { Bake = TimeSpan.Zero } };
            var plan = Plan(Seen.Fleet(pairs, policy), []);
            var duration = Planner.Duration(plan, policy, TimeSpan.FromMinutes(1)).TotalMinutes;
            return duration >= plan.Rebuilds() / (double)atOnce && duration <= plan.Rebuilds();
        });

    private static RunPlan Plan(Fleet fleet, IReadOnlyList<MemberFacts> seen) =>
        Planner.Plan(fleet, Seen.New.Ref, seen.ToDictionary(facts => facts.Id));
}
