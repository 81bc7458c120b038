using Refresh.Workflows.Fleets;
using Refresh.Workflows.Reasons;
using Refresh.Workflows.Rules;
using Refresh.Workflows.Runs;

namespace Refresh.Workflows.Tests.Simulation;

/// <summary>Carries intents out in the simulated world, as the engine's effects do in the real one.</summary>
internal sealed partial class Carrier(Scenario scenario, SimulatedWorld world)
{
    private static readonly TimeSpan s_look = TimeSpan.FromSeconds(3);

    private RefreshPolicy Policy => scenario.Fleet.Policy;

    public IEnumerable<TimeSpan> CarryOut(Job job) => job.Intent switch
    {
        Observe observe => Observe(job, observe),
        Drain drain => Drain(job, drain),
        Preview preview => Preview(job, preview),
        Rebuild rebuild => Rebuild(job, rebuild),
        Recover recover => Recover(job, recover),
        Verify verify => Verify(job, verify),
        Rejoin rejoin => Rejoin(job, rejoin),
        PowerOff off => PowerOff(job, off),
        Soak soak => Watch(job, [soak.Member], soak.Until),
        WatchPeer { PeerIsBad: true } watch => WatchForRecovery(job, world.PeerOf(watch.Member)),
        WatchPeer watch => Watch(job, [world.PeerOf(watch.Member).Id], DateTimeOffset.MaxValue),
        Bake bake => Watch(job, [.. new[] { world[bake.Member], world.PeerOf(bake.Member) }.Where(member => !member.PoweredOff).Select(member => member.Id)], bake.Until),
        _ => throw new BrokenPromiseException($"nobody carries out a {job.Intent.GetType().Name}"),
    };

    public static Failed Failure(string code) => new(new Reason(code, $"{code} in the simulation", "the seed is changed"), false);

    private IEnumerable<TimeSpan> Observe(Job job, Observe intent)
    {
        if (intent.NotBefore > world.Now)
            yield return intent.NotBefore - world.Now;
        yield return scenario.Between(0.01, 0.5);
        job.Outcome = scenario.Strikes(Fault.LookFails) ? Failure("look-failed") : new Observed(world.PairFacts(intent.Member));
    }

    private IEnumerable<TimeSpan> Drain(Job job, Drain intent)
    {
        var member = world[intent.Member];
        yield return scenario.Between(0.01, 0.2);
        var facts = world.PairFacts(intent.Member);
        var verdict = PairRule.MayLeave(world.PairOf(intent.Member), facts, world.Now, Policy.Guard.MaxAge);
        if (!verdict.Allowed)
        {
            job.Outcome = new DrainRefused(facts, verdict.Refusals);
            yield break;
        }

        world.Drain(member);
        yield return scenario.Between(0.1, 8);
        if (scenario.Strikes(Fault.DrainFails))
        {
            job.Outcome = Failure("drain-failed");
            yield break;
        }

        var hangs = scenario.Strikes(Fault.DrainHangs);
        while (hangs && world.Now + s_look < intent.Deadline)
            yield return s_look;
        if (hangs && Policy.Drain.OnTimeout == DrainTimeoutAction.Return)
        {
            job.Outcome = Failure("drain-timeout");
            yield break;
        }

        world.HoldOut(member);
        yield return scenario.Between(0.01, 0.2);
        job.Outcome = new Drained(facts, member.Balancer(world.Now), hangs ? 3 : 0);
    }

    private IEnumerable<TimeSpan> Rejoin(Job job, Rejoin intent)
    {
        var member = world[intent.Member];
        yield return scenario.Between(0.1, 2);
        if (scenario.Strikes(Fault.RejoinFails))
        {
            job.Outcome = Failure("rejoin-failed");
            yield break;
        }

        while (!member.Answers)
            yield return s_look;
        world.PutIn(member);
        yield return scenario.Between(0.1, 2);
        job.Outcome = new Rejoined(member.Balancer(world.Now));
    }

    private IEnumerable<TimeSpan> WatchForRecovery(Job job, SimulatedMember peer)
    {
        var looks = 0;
        for (var good = 0; good < 2; looks++)
        {
            yield return s_look;
            good = PairRule.Serving(world.MemberOf(peer.Id), world.Facts(peer), world.Now, Policy.Guard.MaxAge).Any() ? 0 : good + 1;
        }

        job.Outcome = new Watched([], [world.Facts(peer)], looks);
    }

    private IEnumerable<TimeSpan> Watch(Job job, IReadOnlyList<MemberId> members, DateTimeOffset until)
    {
        var looks = 0;
        for (var bad = 0; ; looks++)
        {
            yield return world.Now + s_look > until && until > world.Now ? until - world.Now : s_look;
            if (scenario.Strikes(Fault.WatchFails))
            {
                job.Outcome = Failure("watch-failed");
                yield break;
            }

            var seen = members.Select(member => world.Facts(world[member])).ToList();
            var refusals = seen.SelectMany(facts => PairRule.Serving(world.MemberOf(facts.Id), facts, world.Now, Policy.Guard.MaxAge)).ToList();
            bad = refusals.Count > 0 ? bad + 1 : 0;
            if (bad < 2 && world.Now < until)
                continue;
            job.Outcome = new Watched(bad >= 2 ? refusals : [], seen, looks);
            yield break;
        }
    }
}
