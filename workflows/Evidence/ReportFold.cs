using Refresh.Workflows.Fleets;
using Refresh.Workflows.Machines;
using Refresh.Workflows.Ports;
using Refresh.Workflows.Reasons;
using Refresh.Workflows.Runs;
using Refresh.Workflows.Trust;

namespace Refresh.Workflows.Evidence;

/// <summary>Reads a journal once, from the first entry to the last, and keeps what a report tells.</summary>
internal sealed class ReportFold
{
    private readonly RunPlanned _planned;
    private readonly DateTimeOffset _plannedAt;
    private readonly List<PairFold> _pairs = [];
    private readonly Dictionary<string, PairFold> _byName = new(StringComparer.Ordinal);
    private readonly Dictionary<string, Intent> _open = new(StringComparer.Ordinal);
    private readonly Dictionary<int, DateTimeOffset> _waves = [];
    private readonly List<RequestReport> _requests = [];
    private readonly List<TakeOverReport> _takeOvers = [];
    private readonly List<Stretch> _stretches = [];
    private RunState _state = RunState.Planned;
    private Reason? _reason;
    private Reason? _halted;
    private ImageRevocation? _revoked;
    private DateTimeOffset _asOf;
    private DateTimeOffset? _endedAt;

    public ReportFold(RunPlanned planned, DateTimeOffset at)
    {
        _planned = planned;
        _plannedAt = _asOf = at;
        foreach (var (wave, place) in planned.Plan.Waves.Select((wave, place) => (wave, place)))
            foreach (var pair in wave.Pairs)
                Add(new PairFold(pair, place));
        foreach (var pair in planned.Plan.Skipped)
            Add(new PairFold(pair, -1));
    }

    public void Apply(JournalEntry entry)
    {
        _asOf = entry.At;
        switch (entry.Event)
        {
            case RunMoved moved: Moved(moved, entry.At); break;
            case PairMoved moved: _byName[moved.Pair].Moved(moved, entry.At); break;
            case MemberMoved moved: Get(moved.Member).Moved(moved, entry.At); break;
            case MemberWaits waits: Get(waits.Member).Waits(waits.Why, entry.At); break;
            case WaveBegun wave: _waves[wave.Wave] = entry.At; break;
            case RunHalted halted: _halted = halted.Why; break;
            case RollbackOrdered: _halted = null; break;
            case IntentRecorded { Intent: var intent }:
                _open[intent.Id] = intent;
                Get(intent.Member).Recorded(intent, entry);
                break;
            case IntentWithdrawn withdrawn: _open.Remove(withdrawn.Intent); break;
            case OutcomeRecorded outcome when _open.Remove(outcome.Intent, out var intent): Came(intent, outcome.Outcome, entry); break;
            case RungClimbed climbed when _open.TryGetValue(climbed.Intent, out var recovery): Get(recovery.Member).Climbed(climbed.Rung); break;
            case RequestAnswered { Request: var request } answered:
                _requests.Add(new RequestReport(entry.At, request.Kind, request.By, request.Why, answered.Refusal));
                break;
            case TakenOver taken: TakenOver(taken, entry); break;
            case ImageRevoked revoked: _revoked = revoked.Revocation; break;
        }
    }

    public RunReport Report(IReadOnlyList<JournalEntry> journal)
    {
        var pairs = _pairs.Select(pair => pair.Report()).ToList();
        return new RunReport
        {
            Run = _planned.Run,
            Fleet = _planned.Fleet.Name,
            Image = _planned.Image,
            By = _planned.By,
            Why = _planned.Why,
            Source = _planned.Source,
            State = _state,
            Reason = _reason,
            Halted = _halted,
            Gates = _planned.Gates,
            Revoked = _revoked,
            PlannedAt = _plannedAt,
            BegunAt = _stretches is [{ From: var begun }, ..] ? begun : null,
            EndedAt = _endedAt,
            Stretches = _stretches,
            AsOf = _asOf,
            Waves = [.. Waves(pairs)],
            Pairs = pairs,
            Requests = _requests,
            TakeOvers = _takeOvers,
            Availability = Availability.Of(pairs, _asOf),
            Pace = Pace.Of(_stretches.Aggregate(TimeSpan.Zero, (sum, stretch) => sum + ((stretch.To ?? _asOf) - stretch.From)), Bound()),
            Journal = journal,
        };
    }

    private void Add(PairFold pair)
    {
        _pairs.Add(pair);
        _byName.Add(pair.Name, pair);
    }

    private MemberFold Get(MemberId member) => _byName[member.Pair].Get(member);

    private void Moved(RunMoved moved, DateTimeOffset at)
    {
        (_state, _reason) = (moved.To, moved.Why);
        _endedAt = RunMachine.IsFinal(moved.To) ? at : null;
        var underWay = moved.To is RunState.Running or RunState.Paused or RunState.Cancelling or RunState.RollingBack;
        var open = _stretches is [.., { To: null }];
        if (underWay && !open)
            _stretches.Add(new Stretch(at, null));
        else if (!underWay && open)
            _stretches[^1] = _stretches[^1] with { To = at };
    }

    private void Came(Intent intent, Outcome outcome, JournalEntry entry)
    {
        var pair = _byName[intent.Member.Pair];
        pair.Get(intent.Member).Came(intent, outcome, entry);
        switch (outcome)
        {
            case Observed seen: pair.PeerOf(intent.Member).Seen(seen.Facts.Peer, entry); break;
            case Drained drained: pair.PeerOf(intent.Member).Seen(drained.Permitted.Peer, entry); break;
            case DrainRefused refused: pair.PeerOf(intent.Member).Seen(refused.Facts.Peer, entry); break;
            case Watched { Bad.Count: 0 } when intent is WatchPeer: pair.PeerIsWell(entry.At); break;
            case Watched { Bad: { Count: > 0 } bad } when intent is WatchPeer: pair.PeerWentBad(intent.Member, bad, entry.At); break;
        }
    }

    private void TakenOver(TakenOver taken, JournalEntry entry)
    {
        _takeOvers.Add(new TakeOverReport(entry.At, taken.Worker, entry.Epoch));
        foreach (var rebuild in _open.Values.OfType<Rebuild>())
            Get(rebuild.Member).WorkerLost();
    }

    private IEnumerable<WaveReport> Waves(List<PairReport> pairs)
    {
        var byWave = pairs.ToLookup(pair => pair.Wave);
        foreach (var (wave, place) in _planned.Plan.Waves.Select((wave, place) => (wave, place)))
        {
            var open = byWave[place].Any(pair => pair.State is PairState.Pending or PairState.Refreshing or PairState.Soaking or PairState.RollingBack);
            yield return new WaveReport(
                place,
                wave.Canary,
                [.. wave.Pairs.Select(pair => pair.Name)],
                _waves.TryGetValue(place, out var begun) ? begun : null,
                open ? null : byWave[place].Max(pair => pair.Ended));
        }
    }

    private TimeSpan? Bound() => _state == RunState.Succeeded
        ? Pace.Bound(_planned.Plan, _planned.Fleet.Policy, member => Get(member).Rebuild)
        : null;
}
