using Refresh.Simulation.World;
using Refresh.Workflows.Fleets;
using Refresh.Workflows.Machines;
using Refresh.Workflows.Planning;
using Refresh.Workflows.Runs;

namespace Refresh.Simulation.Proof;

/// <summary>When a pair may be begun and when it is done: after an approval, within the failure budget, when it has baked. Told from the entries alone.</summary>
internal sealed partial class WorldObserver
{
    private readonly HashSet<string> _underWay = new(StringComparer.Ordinal);
    private readonly HashSet<string> _frozen = new(StringComparer.Ordinal);
    private readonly HashSet<RequestKind> _granted = [];
    private readonly Dictionary<MemberId, MemberState> _states = [];
    private readonly Dictionary<string, PlannedWave> _waves = new(StringComparer.Ordinal);
    private bool _canaryFailed;

    private void Follows(RunEvent happened)
    {
        switch (happened)
        {
            case RunPlanned planned:
                foreach (var wave in planned.Plan.Waves)
                    wave.Pairs.ToList().ForEach(pair => _waves[pair.Name] = wave);
                break;
            case RequestAnswered { Refusal: null } answered:
                _granted.Add(answered.Request.Kind);
                break;
            case MemberMoved moved:
                _states[moved.Member] = moved.To;
                break;
            case PairMoved { To: PairState.Refreshing } begun:
                MayBegin(begun.Pair);
                _underWay.Add(begun.Pair);
                break;
            case PairMoved { To: PairState.RollingBack } begun:
                _underWay.Add(begun.Pair);
                break;
            case PairMoved left:
                _underWay.Remove(left.Pair);
                if (left is { From: PairState.Soaking, To: PairState.Refreshed })
                    HasBaked(left.Pair);
                if (left.To != PairState.Frozen)
                    break;
                _frozen.Add(left.Pair);
                _canaryFailed |= _waves.TryGetValue(left.Pair, out var at) && at.Canary;
                break;
        }
    }

    /// <summary>The member of a pair that is worked on; null when none is.</summary>
    private SimulatedMember? AtWork(SimulatedMember member) =>
        new[] { member, member.Peer }.FirstOrDefault(each => _states.GetValueOrDefault(each.Id) is not (MemberState.Pending or MemberState.Reverting or MemberState.Reverted or MemberState.Refreshed or MemberState.Current or MemberState.Left or MemberState.Failed));

    private void MayBegin(string pair)
    {
        Holds(!Policy.ApprovalRequired || _granted.Contains(RequestKind.Approve), "approval", $"{pair} is begun, and nobody has approved");
        if (RollsBack)
            return;
        var failed = _states.Count(member => member.Value == MemberState.Failed);
        Holds(!_canaryFailed, "failure budget", $"{pair} is begun, and a canary is frozen");
        Holds(_frozen.Count <= Policy.FailureBudget.Pairs && failed <= Policy.FailureBudget.Members, "failure budget", $"{pair} is begun with {_frozen.Count} pairs frozen and {failed} members failed, and {Policy.FailureBudget.Pairs} and {Policy.FailureBudget.Members} are allowed");
    }

    /// <summary>Who asked to cancel or to roll back has no bake to wait for.</summary>
    private void HasBaked(string pair)
    {
        if (RollsBack || _granted.Contains(RequestKind.Cancel) || _revocationHeard is not null)
            return;
        var least = Policy.Soak.Duration + _waves[pair].Bake;
        var back = world.Members.Where(member => member.Id.Pair == pair && member.Vm is { Number: > 0 }).Max(member => member.BackAt);
        Holds(back is not { } since || _waves[pair].Bake == TimeSpan.Zero || world.Now - since >= least, "bake", $"{pair} is done {(world.Now - back)?.TotalSeconds:0.0} s after it came back, and it soaks and bakes {least.TotalSeconds} s");
    }
}
