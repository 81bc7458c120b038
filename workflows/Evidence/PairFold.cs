using Refresh.Workflows.Fleets;
using Refresh.Workflows.Machines;
using Refresh.Workflows.Planning;
using Refresh.Workflows.Reasons;
using Refresh.Workflows.Runs;

namespace Refresh.Workflows.Evidence;

/// <summary>What the journal tells of one pair.</summary>
internal sealed class PairFold(PlannedPair planned, int wave)
{
    private readonly MemberFold _first = new(planned.Members[0]);
    private readonly MemberFold _second = new(planned.Members[1]);
    private readonly List<Alarm> _alarms = [];
    private PairState _state = wave < 0 ? PairState.Skipped : PairState.Pending;
    private Reason? _why;
    private DateTimeOffset? _begun;
    private DateTimeOffset? _ended;

    public string Name => planned.Name;

    public MemberFold Get(MemberId member) => member == _first.Id ? _first : _second;

    public MemberFold PeerOf(MemberId member) => member == _first.Id ? _second : _first;

    public void Moved(PairMoved moved, DateTimeOffset at)
    {
        (_state, _why, _ended) = (moved.To, moved.Why, at);
        _begun ??= at;
    }

    public void PeerWentBad(MemberId away, IReadOnlyList<Reason> why, DateTimeOffset at) => _alarms.Add(new Alarm(at, away, why));

    public void PeerIsWell(DateTimeOffset at)
    {
        if (_alarms is [.., { Until: null } alarm])
            _alarms[^1] = alarm with { Until = at };
    }

    public PairReport Report()
    {
        var first = _first.Report();
        var second = _second.Report();
        return new PairReport
        {
            Name = planned.Name,
            Wave = wave,
            State = _state,
            Why = _why,
            Begun = _begun,
            Ended = _ended,
            Members = [first, second],
            Overlaps = Overlap.Of(first.Absences, second.Absences),
            Alarms = _alarms,
        };
    }
}
