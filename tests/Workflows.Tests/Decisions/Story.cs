using Refresh.Workflows.Decisions;
using Refresh.Workflows.Facts;
using Refresh.Workflows.Fleets;
using Refresh.Workflows.Planning;
using Refresh.Workflows.Ports;
using Refresh.Workflows.Reasons;
using Refresh.Workflows.Runs;

namespace Refresh.Workflows.Tests.Decisions;

/// <summary>A run that is told step by step; what a test does not tell goes well.</summary>
internal sealed class Story
{
    public static readonly Reason Bad = new("bad", "it went bad", "it is looked at");

    private readonly HashSet<MemberId> _rebuilt = [];

    public Story(int pairs = 1, RefreshPolicy? policy = null, Action<Dictionary<MemberId, MemberFacts>>? seen = null, params MemberId[] leftOut)
    {
        var fleet = Seen.Fleet(pairs, policy ?? Calm);
        var facts = fleet.Members().ToDictionary(member => member.Id, member => Seen.Serving(member.Id));
        seen?.Invoke(facts);
        Run = RunFold.Begin(new RunPlanned("run-1", fleet, Seen.New, Planner.Plan(fleet, Seen.New.Ref, facts, leftOut.ToHashSet()), "ann", string.Empty, "shop.yaml"), At);
        Decide(new BeginRun());
    }

    public static RefreshPolicy Calm => new() { Canary = new CanaryPolicy { Pairs = 0 }, Soak = new SoakPolicy { Duration = TimeSpan.FromSeconds(10) } };

    public Run Run { get; private set; }

    public DateTimeOffset At { get; set; } = Seen.At;

    public IReadOnlyList<RunEvent> Last { get; private set; } = [];

    public Story Decide(Stimulus stimulus)
    {
        At += TimeSpan.FromSeconds(1);
        var decision = RunDecisions.Decide(Run, stimulus, At);
        (Run, Last) = (decision.Run, decision.Events);
        return this;
    }

    public Story Ask(RequestKind kind, string by = "ann", string why = "") => Decide(new Asked(new RunRequest($"r-{At:O}", "run-1", kind, by, why, At)));

    public Story TakeOver() => Decide(new TakeOver("worker-2"));

    public Story Arrives<T>(MemberId member, Outcome outcome)
        where T : Intent => Decide(new Arrived(Open<T>(member).Id, outcome));

    public T Open<T>(MemberId member)
        where T : Intent => Run.Open.Values.OfType<T>().Single(intent => intent.Member == member);

    public IEnumerable<string> OpenOf(string pair) =>
        Run.Open.Values.Where(intent => intent.Member.Pair == pair).Select(intent => intent.GetType().Name).Order();

    /// <summary>Everything of this pair goes well until such an intent is open.</summary>
    public Story Until<T>(MemberId member)
        where T : Intent => Until(member.Pair, () => Run.Open.Values.OfType<T>().Any(intent => intent.Member == member));

    /// <summary>Everything of this pair goes well until nothing of it is open.</summary>
    public Story Out(string pair) => Until(pair, () => !OpenOf(pair).Any());

    /// <summary>Everything goes well until the run has ended.</summary>
    public Story ToTheEnd()
    {
        while (!Run.Open.IsEmpty)
            Out(Run.Open.Values.First().Member.Pair);
        return this;
    }

    public PairFacts Pair(MemberId member) =>
        new(Facts(member), Facts(Run.Pairs[member.Pair].PeerOf(member).Id), null);

    public MemberFacts Facts(MemberId member) => Seen.Serving(member, _rebuilt.Contains(member) ? Seen.New.Ref : Seen.Old) with
    {
        Balancer = Seen.Balancer with { At = At },
        Probe = Seen.Healthy with { At = At },
    };

    private Story Until(string pair, Func<bool> reached)
    {
        for (var steps = 0; !reached(); steps++)
        {
            if (steps > 100)
                throw new InvalidOperationException($"{pair} does not get there: {string.Join(", ", OpenOf(pair))}.");
            var next = Run.Open.Values.First(intent => intent.Member.Pair == pair && intent is not WatchPeer);
            Decide(new Arrived(next.Id, Good(next)));
        }

        return this;
    }

    private Outcome Good(Intent intent) => intent switch
    {
        Observe => new Observed(Pair(intent.Member)),
        Drain => new Drained(Pair(intent.Member), Seen.Balancer with { Rotation = Rotation.Out }, 0),
        Preview => new Previewed(Seen.Preview(intent.Member)),
        Rebuild => new Rebuilt(Seen.Vm("vm-2")),
        Recover recover => new Recovered(new RebuildRecovery(RebuildFate.Happened, Seen.Vm("vm-2"), [])),
        Verify verify => Proved(verify),
        Rejoin => new Rejoined(Seen.Balancer),
        PowerOff off => new PoweredOff(Seen.Vm("vm-2", Seen.New.Ref.Label) with { Identity = off.Vm, Power = VmPower.Off }),
        _ => new Watched([], [], 3),
    };

    private Examined Proved(Verify verify)
    {
        if (verify.Image == Seen.New.Ref)
            _rebuilt.Add(verify.Member);
        else
            _rebuilt.Remove(verify.Member);
        var guest = Seen.Guest(verify.Image, $"machine-{verify.Id}") with { BootedAt = At };
        return new Examined(new VerificationFacts(Seen.New with { Ref = verify.Image }, Seen.Vm("vm-2", verify.Image.Label), guest, 3, Seen.Healthy, []));
    }
}
