using Refresh.Workflows.Facts;
using Refresh.Workflows.Fleets;
using Refresh.Workflows.Machines;
using Refresh.Workflows.Planning;
using Refresh.Workflows.Ports;
using Refresh.Workflows.Reasons;
using Refresh.Workflows.Runs;

namespace Refresh.Workflows.Evidence;

/// <summary>What the journal tells of one member.</summary>
internal sealed class MemberFold(PlannedMember planned)
{
    private readonly List<Step> _steps = [];
    private readonly List<Wait> _waits = [];
    private readonly List<Failure> _failures = [];
    private readonly List<Proof> _proofs = [];
    private readonly RebuildFold _rebuilds = new();
    private readonly AbsenceFold _absences = new();
    private MemberState _state = planned.Begins;
    private bool _off;
    private bool _back;
    private Snapshot? _before;
    private Proof? _proof;
    private Proof? _setAside;

    public MemberId Id => planned.Id;

    /// <summary>How long the last rebuild took that was seen to have happened.</summary>
    public TimeSpan? Rebuild => _rebuilds.LastThatHappened;

    public void Moved(MemberMoved moved, DateTimeOffset at)
    {
        if (_steps is [.., { To: null } step])
            _steps[^1] = step with { To = at };
        if (_waits is [.., { To: null } wait] && !RunFold.StillAway(moved.To))
            _waits[^1] = wait with { To = at };
        _back |= moved.Trigger == MemberTrigger.Revert;
        _state = moved.To;
        if (IsStep(moved.To))
            _steps.Add(new Step(moved.To, _back, at, null));
        if (moved.Trigger is MemberTrigger.Verified or MemberTrigger.VerifiedOff && _proof is { } proof)
            _proofs[^1] = _proof = proof with { Verified = true };
        if (moved is { Why: { } why, To: MemberState.Failed or MemberState.Returning })
            _failures.Add(new Failure(at, moved.From.ToString(), why, moved.To == MemberState.Failed));
    }

    public void Waits(IReadOnlyList<Reason> why, DateTimeOffset at)
    {
        if (_waits is [.., { To: null } wait])
        {
            var same = wait.Why.Select(reason => reason.Code).SequenceEqual(why.Select(reason => reason.Code), StringComparer.Ordinal);
            _waits[^1] = same ? wait with { Times = wait.Times + 1, Why = why } : wait with { To = at };
            if (same)
                return;
        }

        if (why.Count > 0)
            _waits.Add(new Wait(at, null, 1, why));
    }

    public void Recorded(Intent intent, JournalEntry entry)
    {
        switch (intent)
        {
            case Drain:
                _absences.Drain(intent.Id, entry);
                break;
            case Rebuild rebuild:
                (_setAside, _proof) = (_proof, null);
                _off = false;
                _rebuilds.Begin(rebuild, entry.At);
                break;
        }
    }

    public void Came(Intent intent, Outcome outcome, JournalEntry entry)
    {
        switch (outcome)
        {
            case Observed seen:
                _before ??= Snapshot.Of(seen.Facts.Member.Vm, seen.Facts.Member.Guest);
                _absences.Observed(seen.Facts.Member, entry);
                break;
            case Drained drained: _absences.Drained(drained); break;
            case DrainRefused refused: _absences.Refused(intent.Id, refused, entry); break;
            case Rebuilt rebuilt: _rebuilds.Rebuilt((Rebuild)intent, rebuilt.Vm, entry.At); break;
            case Recovered recovered: Recovered(recovered.Recovery, entry.At); break;
            case Examined examined: Examined(examined.Facts, entry.At); break;
            case Rejoined: _absences.Ended(entry); break;
            case PoweredOff off: Off(off.Vm, entry); break;
            case Failed failed when intent is Rebuild:
                _rebuilds.Failed(failed.Reason, entry.At);
                _failures.Add(new Failure(entry.At, nameof(MemberState.Rebuilding), failed.Reason, false));
                break;
        }
    }

    public void Climbed(string rung) => _rebuilds.Climbed(rung);

    public void Seen(MemberFacts facts, JournalEntry entry) => _absences.Seen(facts, entry);

    public void WorkerLost() => _rebuilds.WorkerLost();

    public MemberReport Report() => new()
    {
        Id = planned.Id,
        Planned = planned.Rebuild,
        Why = planned.Why,
        Ran = planned.Runs,
        State = _state,
        Before = _before,
        After = _proof?.Seen,
        Proved = _proof is { Verified: true },
        PoweredOff = _off,
        PatchesGained = Only(_proof?.Seen, _before),
        PatchesLost = Only(_before, _proof?.Seen),
        Steps = _steps,
        Waits = _waits,
        Failures = _failures,
        Absences = _absences.All,
        Rebuilds = _rebuilds.All,
        Proofs = _proofs,
    };

    private static bool IsStep(MemberState state) => state is
        MemberState.Guarding or MemberState.Draining or MemberState.Rebuilding or MemberState.Verifying
        or MemberState.Rejoining or MemberState.Returning or MemberState.PoweringOff or MemberState.Soaking;

    private static IReadOnlyList<string> Only(Snapshot? here, Snapshot? notThere) =>
        here is { Patches: { } patches } && notThere is { Patches: { } others } ? [.. patches.Except(others, StringComparer.Ordinal)] : [];

    private void Recovered(RebuildRecovery recovery, DateTimeOffset at)
    {
        _rebuilds.Recovered(recovery, at);
        if (recovery.Fate == RebuildFate.Untouched)
            _proof = _setAside;
    }

    private void Off(VmFacts seen, JournalEntry entry)
    {
        if (seen.Power != VmPower.Off)
            return;
        _off = true;
        _absences.Ended(entry);
    }

    private void Examined(VerificationFacts facts, DateTimeOffset at)
    {
        _proof = new Proof(at, facts.Expected.Ref.Label, Snapshot.Of(facts.Vm, facts.Guest), facts.Passes, facts.Probe?.Detail ?? "not probed", false);
        _proofs.Add(_proof);
    }
}
