using System.Globalization;
using Refresh.Workflows.Decisions;
using Refresh.Workflows.Fleets;
using Refresh.Workflows.Planning;
using Refresh.Workflows.Runs;

namespace Refresh.Benchmarks.Core;

/// <summary>One run in virtual time: a queue of outcomes by the instant at which they come.</summary>
internal sealed class CalmRun
{
    private readonly PriorityQueue<Stimulus, (DateTimeOffset At, int Order)> _queue = new();
    private Run _run;
    private int _order;

    public CalmRun(int pairs, int atOnce)
    {
        var fleet = new Fleet("shop", [.. Enumerable.Range(1, pairs).Select(Pair)], new RefreshPolicy { Waves = new WavePolicy { MaxPairsAtOnce = atOnce } });
        var plan = Planner.Plan(fleet, CalmWorld.New.Ref, fleet.Members().ToDictionary(member => member.Id, member => CalmWorld.Serving(member.Id, CalmWorld.Start)));
        var planned = new RunPlanned("run-1", fleet, CalmWorld.New, plan, "ann", "benchmark", "shop.yaml");
        Events.Add((CalmWorld.Start, planned));
        _run = RunFold.Begin(planned, CalmWorld.Start);
    }

    public int Decisions { get; private set; }

    public List<(DateTimeOffset At, RunEvent Event)> Events { get; } = [];

    public Run ToTheEnd()
    {
        Decide(new BeginRun(), CalmWorld.Start);
        while (_queue.TryDequeue(out var stimulus, out var when))
            Decide(stimulus, when.At);
        return _run;
    }

    public Run Fold() =>
        Events.Skip(1).Aggregate(RunFold.Begin((RunPlanned)Events[0].Event, Events[0].At), (run, entry) => run.Apply(entry.Event, entry.At));

    private void Decide(Stimulus stimulus, DateTimeOffset at)
    {
        var decision = RunDecisions.Decide(_run, stimulus, at);
        Decisions++;
        _run = decision.Run;
        foreach (var happened in decision.Events)
            Events.Add((at, happened));
        foreach (var intent in decision.Intents())
        {
            var peer = _run.Pairs[intent.Member.Pair].PeerOf(intent.Member).Id;
            if (CalmWorld.Carry(intent, peer, at) is { } carried)
                _queue.Enqueue(new Arrived(intent.Id, carried.Outcome), (carried.At, _order++));
        }
    }

    private static Pair Pair(int number)
    {
        var name = string.Create(CultureInfo.InvariantCulture, $"web-{number}");
        return new Pair(name, new Member(new MemberId(name, "a"), new Endpoint("10.0.0.1", 80)), new Member(new MemberId(name, "b"), new Endpoint("10.0.0.2", 80)));
    }
}
