using CsCheck;
using Refresh.Workflows.Evidence;
using Refresh.Workflows.Facts;
using Refresh.Workflows.Fleets;
using Refresh.Workflows.Machines;
using Refresh.Workflows.Ports;
using Refresh.Workflows.Runs;
using Xunit;

namespace Refresh.Workflows.Tests.Evidence;

/// <summary>Promise 10: availability in members, proved by the order of the journal.</summary>
public sealed class AvailabilityTests
{
    private static readonly MemberId s_a = MemberId.Parse("web-1/a");
    private static readonly MemberId s_b = MemberId.Parse("web-1/b");

    [Fact]
    public void A_good_run_never_leaves_a_pair_below_one()
    {
        var availability = RunReport.From(Sample.Success().Journal).Availability;

        Assert.Equal(1, availability.Least);
        Assert.Equal(0, availability.PairsReducedToNone);
        Assert.Equal(4, availability.PairsReducedToOne);
        Assert.Equal(8, availability.Absences);
        Assert.Equal(2, availability.MostAway);
    }

    [Fact]
    public void Both_members_away_at_once_is_found_and_counted_as_none()
    {
        var report = RunReport.From(Written(
            (0, Leave(s_a)),
            (10, Leave(s_b)),
            (25, Back(s_a)),
            (40, Back(s_b))));

        Assert.Equal(0, report.Availability.Least);
        Assert.Equal(1, report.Availability.PairsReducedToNone);
        var overlap = Assert.Single(report.Pairs[0].Overlaps);
        Assert.Equal((At(10), At(25)), (overlap.From, overlap.To));
        var conclusion = Conclusion.Of(report);
        Assert.Equal(Tone.Bad, conclusion.Tone);
        Assert.Contains(conclusion.Sentences, sentence => sentence.StartsWith("1 pair had both members out of rotation at once: web-1 from 2026-11-02 03:00:10Z", StringComparison.Ordinal));
    }

    [Fact]
    public void One_after_the_other_is_no_overlap_even_at_one_instant()
    {
        var report = RunReport.From(Written((0, Leave(s_a)), (10, Back(s_a)), (10, Leave(s_b)), (20, Back(s_b))));

        Assert.Equal(1, report.Availability.Least);
        Assert.Empty(report.Pairs[0].Overlaps);
    }

    [Fact]
    public void A_clock_that_goes_back_does_not_hide_an_overlap()
    {
        var report = RunReport.From(Written((100, Leave(s_a)), (0, Leave(s_b)), (1, Back(s_b)), (101, Back(s_a))));

        Assert.Equal(0, report.Availability.Least);
    }

    [Fact]
    public void An_overlap_that_goes_on_has_no_end()
    {
        var report = RunReport.From(Written((0, Leave(s_a)), (10, Leave(s_b))));

        Assert.Null(Assert.Single(report.Pairs[0].Overlaps).To);
    }

    [Fact]
    public void Capacity_lost_is_the_sum_of_the_seconds_that_serving_members_were_out()
    {
        var report = RunReport.From(Written(
            (0, Seen(s_a, serves: true)),
            (0, Leave(s_a)),
            (30, Back(s_a)),
            (40, Seen(s_b, serves: true)),
            (40, Leave(s_b)),
            (52, Back(s_b))));

        Assert.Equal(42, report.Availability.CapacityLost);
    }

    [Fact]
    public void A_member_that_did_not_serve_costs_no_capacity_by_being_held_out()
    {
        var report = RunReport.From(Written((0, Seen(s_a, serves: false)), (0, Leave(s_a)), (30, Back(s_a))));

        Assert.Equal(0, report.Availability.CapacityLost);
        Assert.Equal(1, report.Availability.Absences);
    }

    [Fact]
    public void A_member_that_is_still_out_costs_capacity_up_to_the_last_entry()
    {
        var report = RunReport.From(Written((0, Seen(s_a, serves: true)), (0, Leave(s_a)), (70, [new WaveBegun(0)])));

        Assert.Equal(70, report.Availability.CapacityLost);
    }

    [Fact]
    public void A_drain_that_was_refused_is_no_absence()
    {
        var facts = Facts(s_a, s_b, Rotation.In);
        var report = RunReport.From(Written((0, Leave(s_a)), (1, [new OutcomeRecorded("web-1/a#leave", new DrainRefused(facts, []))])));

        Assert.Equal(2, report.Availability.Least);
    }

    [Fact]
    public void A_member_that_somebody_else_put_back_is_back_when_it_is_seen()
    {
        var report = RunReport.From(Written((0, Leave(s_a)), (50, Seen(s_b, serves: true)), (60, Leave(s_b)), (70, Back(s_b))));

        Assert.Equal(1, report.Availability.Least);
        Assert.Equal(At(50), report.Members().Single(member => member.Id == s_a).Absences[0].To);
    }

    [Fact]
    public void The_peer_that_carried_the_load_is_kept_with_each_absence() =>
        Assert.All(
            RunReport.From(Sample.Success().Journal).Members().SelectMany(member => member.Absences),
            absence => Assert.True(absence.Peer is { Served: true, Balancer: "UP, weight 100" }));

    [Fact]
    public void A_peer_that_goes_bad_while_a_member_is_away_is_told()
    {
        var bad = new Watched([ScriptedRun.Why("web-1/b is not healthy")], [], 2);
        var watch = new WatchPeer("watch", s_a, DateTimeOffset.MaxValue);
        var report = RunReport.From(Written((0, Leave(s_a)), (5, [new IntentRecorded(watch), new OutcomeRecorded("watch", bad)])));

        Assert.Equal(s_a, Assert.Single(report.Pairs[0].Alarms).Away);
    }

    [Fact]
    public void Whatever_the_order_an_overlap_is_found_exactly_when_both_are_out_at_once() =>
        Gen.Bool.List[0, 12].Sample(moves =>
        {
            var written = new List<(int, RunEvent[])>();
            var outNow = new HashSet<MemberId>();
            var none = false;
            foreach (var (first, place) in moves.Select((first, place) => (first, place)))
            {
                var member = first ? s_a : s_b;
                written.Add((place, outNow.Remove(member) ? Back(member) : Leave(member)));
                if (written[^1].Item2.OfType<IntentRecorded>().Any(recorded => recorded.Intent is Drain))
                    outNow.Add(member);
                none |= outNow.Count == 2;
            }

            Assert.Equal(none, RunReport.From(Written([.. written])).Availability.Least == 0);
        });

    private static DateTimeOffset At(int second) => ScriptedRun.Start.AddSeconds(second);

    private static IReadOnlyList<JournalEntry> Written(params (int Second, RunEvent[] Events)[] written)
    {
        var planned = new ScriptedRun(ScriptedRun.FleetOf(1)).Journal[0];
        var entries = new List<JournalEntry> { planned, planned with { Sequence = 2, Event = new RunMoved(RunState.Planned, RunState.Running, RunTrigger.Start, null) } };
        foreach (var (second, events) in written)
            entries.AddRange(events.Select((happened, place) => planned with { Sequence = entries.Count + 1 + place, At = At(second), Event = happened }).ToList());
        return entries;
    }

    private static RunEvent[] Leave(MemberId member) => [new IntentRecorded(new Drain($"{member}#leave", member, At(600), At(600)))];

    private static RunEvent[] Back(MemberId member)
    {
        var rejoin = new Rejoin($"{member}#back", member, At(600));
        return [new IntentRecorded(rejoin), new OutcomeRecorded(rejoin.Id, new Rejoined(Facts(member, member, Rotation.In).Member.Balancer!))];
    }

    private static RunEvent[] Seen(MemberId member, bool serves)
    {
        var observe = new Observe($"{member}#seen", member, At(0), At(600), At(600));
        return [new IntentRecorded(observe), new OutcomeRecorded(observe.Id, new Observed(Facts(member, member == s_a ? s_b : s_a, serves ? Rotation.In : Rotation.Out)))];
    }

    private static PairFacts Facts(MemberId member, MemberId peer, Rotation rotation)
    {
        MemberFacts Of(MemberId id, Rotation now) => new(
            id,
            new BalancerFacts(now, BalancerHealth.Up, 0, true, new Endpoint("127.0.0.1", 80), now.ToString(), At(0)),
            new ProbeFacts(true, "200", At(0)),
            null,
            null,
            []);
        return new PairFacts(Of(member, rotation), Of(peer, Rotation.In), null);
    }
}
