using System.Globalization;
using Refresh.Workflows.Decisions;
using Refresh.Workflows.Facts;
using Refresh.Workflows.Fleets;
using Refresh.Workflows.Planning;
using Refresh.Workflows.Ports;
using Refresh.Workflows.Reasons;
using Refresh.Workflows.Runs;
using Refresh.Workflows.Trust;

namespace Refresh.Workflows.Tests.Evidence;

/// <summary>A run in virtual time, decided by the real decisions, that leaves a journal.</summary>
internal sealed class ScriptedRun
{
    private readonly List<JournalEntry> _journal = [];
    private readonly PriorityQueue<(Intent Intent, int Epoch), DateTimeOffset> _due = new();
    private readonly ScriptedWorld _world;
    private Run _run;
    private DateTimeOffset _at = Start;
    private int _epoch = 1;

    public ScriptedRun(Fleet fleet, string by = "ada", string why = "November patches")
    {
        _world = new ScriptedWorld(fleet, Start);
        var plan = Planner.Plan(fleet, ScriptedWorld.New, fleet.Members().ToDictionary(member => member.Id, member => _world.Facts(member.Id, Start)));
        var planned = new RunPlanned("20261102-0300-web", fleet, ScriptedWorld.Image, plan, by, why, "fleets/web.yaml");
        Append([planned]);
        _run = RunFold.Begin(planned, Start);
    }

    public static DateTimeOffset Start { get; } = new(2026, 11, 2, 3, 0, 0, TimeSpan.Zero);

    public IReadOnlyList<JournalEntry> Journal => _journal;

    public Run Run => _run;

    /// <summary>How long an intent takes.</summary>
    public Func<Intent, TimeSpan> Takes { get; init; } = intent => TimeSpan.FromSeconds(intent switch
    {
        Drain => 3,
        Rebuild => 8,
        Verify => 2,
        Rejoin => 1,
        Soak => 5,
        Bake => 6,
        Preview => 0.5,
        _ => 0.1,
    });

    /// <summary>What goes wrong: an outcome instead of the good one, or null.</summary>
    public Func<Intent, PairFacts, Outcome?> Instead { get; init; } = (_, _) => null;

    public static Fleet FleetOf(int pairs, Func<RefreshPolicy, RefreshPolicy>? change = null)
    {
        var policy = new RefreshPolicy
        {
            Canary = new CanaryPolicy { Pairs = 1, Bake = TimeSpan.FromSeconds(6) },
            Waves = new WavePolicy { MaxPairsAtOnce = 2 },
            Soak = new SoakPolicy { Duration = TimeSpan.FromSeconds(5) },
        };
        return new Fleet("web", [.. Enumerable.Range(1, pairs).Select(PairOf)], change?.Invoke(policy) ?? policy);
    }

    public static Reason Why(string text) => new("test", text, "the cause is looked at; then run again");

    public ScriptedRun Begin() => Decide(new BeginRun());

    /// <summary>Carries on until nothing is due, or until the journal satisfies a condition.</summary>
    public ScriptedRun Continue(Func<RunEvent, bool>? until = null)
    {
        while (_due.TryDequeue(out var next, out var at))
        {
            if (next.Epoch != _epoch || !_run.Open.ContainsKey(next.Intent.Id))
                continue;
            _at = at;
            var before = _journal.Count;
            var facts = new PairFacts(_world.Facts(next.Intent.Member, at), _world.Facts(Peer(next.Intent.Member), at), null);
            Decide(new Arrived(next.Intent.Id, Instead(next.Intent, facts) ?? _world.CarryOut(next.Intent, facts, at)));
            if (until is not null && _journal.Skip(before).Any(entry => until(entry.Event)))
                break;
        }

        return this;
    }

    public ScriptedRun Ask(RequestKind kind, string by = "grace", string why = "") =>
        Decide(new Asked(new RunRequest(string.Create(CultureInfo.InvariantCulture, $"r{_journal.Count}"), _run.Id, kind, by, why, _at)));

    public ScriptedRun Revoke(string by = "sam", string why = "a backdoor") => Decide(new RevocationSeen(new ImageRevocation(by, _at, why)));

    public ScriptedRun Wait(TimeSpan time)
    {
        _at += time;
        return this;
    }

    /// <summary>The worker is lost; another one takes the run over a while later.</summary>
    public ScriptedRun LoseWorker(TimeSpan after)
    {
        Wait(after);
        _epoch++;
        return Decide(new TakeOver("worker-2 (host b, process 4711)"));
    }

    private static Pair PairOf(int number)
    {
        var name = string.Create(CultureInfo.InvariantCulture, $"web-{number}");
        Member Of(string member) => new(new MemberId(name, member), new Endpoint($"{name}-{member}.example", 8080));
        return new Pair(name, Of("a"), Of("b"));
    }

    private MemberId Peer(MemberId member) => _run.Pairs[member.Pair].PeerOf(member).Id;

    private ScriptedRun Decide(Stimulus stimulus)
    {
        var decision = RunDecisions.Decide(_run, stimulus, _at);
        _run = decision.Run;
        Append(decision.Events);
        foreach (var intent in decision.Intents().Where(intent => intent is not WatchPeer || Instead(intent, new PairFacts(_world.Facts(intent.Member, _at), _world.Facts(Peer(intent.Member), _at), null)) is not null))
            _due.Enqueue((intent, _epoch), (intent is Observe observe ? observe.NotBefore : _at) + Takes(intent));
        return this;
    }

    private void Append(IReadOnlyList<RunEvent> events)
    {
        foreach (var happened in events)
            _journal.Add(new JournalEntry("20261102-0300-web", _journal.Count + 1, _at, _epoch, happened));
    }
}
