using System.Collections.Immutable;
using Refresh.Workflows.Facts;
using Refresh.Workflows.Fleets;
using Refresh.Workflows.Machines;
using Refresh.Workflows.Ports;

namespace Refresh.Workflows.Runs;

/// <summary>Folds events into the state of a run. It decides nothing: what an event says is so.</summary>
public static class RunFold
{
    /// <summary>The state of a run after its first event.</summary>
    /// <param name="planned">The first event.</param>
    /// <param name="at">When it was decided.</param>
    /// <returns>The run.</returns>
    public static Run Begin(RunPlanned planned, DateTimeOffset at)
    {
        ArgumentNullException.ThrowIfNull(planned);
        var skipped = planned.Plan.Skipped.Select(pair => (Pair: pair, Wave: -1));
        var fleet = planned.Fleet.Pairs.ToDictionary(pair => pair.Name, StringComparer.Ordinal);
        var waves = planned.Plan.Waves.SelectMany((wave, place) => wave.Pairs.Select(pair => (Pair: pair, Wave: place)));
        return new Run
        {
            Id = planned.Run,
            Fleet = planned.Fleet,
            Image = planned.Image,
            Plan = planned.Plan,
            By = planned.By,
            Source = planned.Source,
            StartedAt = at,
            UpdatedAt = at,
            OutsideWindows = planned.OutsideWindows,
            Outlook = planned.Outlook,
            MeasuredBefore = planned.PerMember,
            Pairs = skipped.Concat(waves).ToImmutableDictionary(
                entry => entry.Pair.Name,
                entry => new PairProgress
                {
                    Pair = fleet[entry.Pair.Name],
                    Wave = entry.Wave,
                    State = entry.Wave < 0 ? PairState.Skipped : PairState.Pending,
                    Since = at,
                    First = Member(entry.Pair.Members[0], at),
                    Second = Member(entry.Pair.Members[1], at),
                },
                StringComparer.Ordinal),
        };
    }

    /// <summary>The state of a run after one more event.</summary>
    /// <param name="run">The run so far.</param>
    /// <param name="happened">The event.</param>
    /// <param name="at">When it was decided.</param>
    /// <returns>The run.</returns>
    public static Run Apply(this Run run, RunEvent happened, DateTimeOffset at)
    {
        ArgumentNullException.ThrowIfNull(run);
        return (happened switch
        {
            RunMoved { Trigger: RunTrigger.Rollback } moved => run with { State = moved.To, Why = moved.Why, GoingBack = true, RollbackOrder = null, Halted = null },
            RunMoved moved => run with { State = moved.To, Why = moved.Why },
            PairMoved moved => Moved(run, moved, at),
            MemberMoved moved => Moved(run, moved, at),
            MemberWaits waits => run.Change(waits.Member, member => member with { Waits = waits.Why }),
            WaveBegun wave => run with { Wave = wave.Wave, Next = 0 },
            RunHalted halted => run with { Halted = halted.Why },
            RollbackOrdered ordered => run with { RollbackOrder = ordered.Pairs, NextRollback = 0 },
            IntentRecorded recorded => Recorded(run, recorded.Intent),
            IntentWithdrawn withdrawn => run.Close(withdrawn.Intent),
            OutcomeRecorded outcome => Came(run, run.Open[outcome.Intent], outcome.Outcome),
            RungClimbed climbed => run.Open.TryGetValue(climbed.Intent, out var climbing) ? run.Change(climbing.Member, member => member with { Rung = climbed.Rung }) : run,
            WindowsSeen seen => run with { Outlook = seen.Outlook },
            ImageRevoked revoked => run with { Revoked = revoked.Revocation },
            RequestAnswered { Refusal: null, Request: { Kind: RequestKind.Pause } paused } => run with { PausedBy = paused.By },
            RequestAnswered or TakenOver => run,
            _ => throw new ArgumentException($"{happened?.GetType().Name ?? "null"} is no event that a run can go on with.", nameof(happened)),
        }) with
        { UpdatedAt = at };
    }

    private static MemberProgress Member(Planning.PlannedMember planned, DateTimeOffset at) => new()
    {
        Id = planned.Id,
        Planned = planned.Rebuild,
        State = planned.Begins,
        Away = planned.LeftOut,
        Unsure = planned.Unsure is not null,
        LastRebuild = planned.Unsure,
        Since = at,
    };

    private static Run Moved(Run run, PairMoved moved, DateTimeOffset at)
    {
        var begun = moved.To is PairState.Refreshing or PairState.RollingBack;
        return run with
        {
            Pairs = run.Pairs.SetItem(moved.Pair, run.Pairs[moved.Pair] with { State = moved.To, Since = at, Why = moved.Why }),
            InFlight = begun ? run.InFlight.Add(moved.Pair) : run.InFlight.Remove(moved.Pair),
            Next = run.Next + (moved.To == PairState.Refreshing ? 1 : 0),
            NextRollback = run.NextRollback + (moved.To == PairState.RollingBack ? 1 : 0),
            Measured = new[] { run.Measured, PerMember(run.Pairs[moved.Pair], moved, at) }.Max(),
            Baking = run.Baking + Step(moved, PairState.Soaking),
            FrozenPairs = run.FrozenPairs + Step(moved, PairState.Frozen),
        };
    }

    /// <summary>How long each rebuilt member of a pair took that is done; null for any other move.</summary>
    private static TimeSpan? PerMember(PairProgress pair, PairMoved moved, DateTimeOffset at) =>
        moved.Trigger == PairTrigger.MembersDone && pair.Members.Count(member => member.Touched) is > 0 and var rebuilt ? (at - pair.Since) / rebuilt : null;

    private static int Step(PairMoved moved, PairState state) => (moved.To == state ? 1 : 0) - (moved.From == state ? 1 : 0);

    private static Run Moved(Run run, MemberMoved moved, DateTimeOffset at)
    {
        var failed = (moved.To == MemberState.Failed ? 1 : 0) - (moved.From == MemberState.Failed ? 1 : 0);
        return run.Change(moved.Member, member => member with
        {
            State = moved.To,
            Since = at,
            Waits = StillAway(moved.To) ? member.Waits : [],
            Failure = moved.To is MemberState.Failed or MemberState.Returning ? moved.Why : null,
            GoingBack = member.GoingBack || moved.Trigger == MemberTrigger.Revert,
            Rebuilds = moved.Trigger == MemberTrigger.Revert ? 0 : member.Rebuilds,
            Recoveries = moved.Trigger == MemberTrigger.Revert ? 0 : member.Recoveries,
            Intact = member.Intact || moved.Trigger == MemberTrigger.Revert,
            // One that was left out untouched is still the one that served before.
            Before = moved.Trigger == MemberTrigger.Revert && !(member.Away && member.Intact) ? null : member.Before,
            Proved = member.Proved || moved.Trigger == MemberTrigger.Verified,
            Returns = member.Returns + (moved.Trigger == MemberTrigger.Returned ? 1 : 0),
        }) with
        { FailedMembers = run.FailedMembers + failed };
    }

    private static Run Recorded(Run run, Intent intent) =>
        run.Change(intent.Member, member => member with
        {
            Intents = member.Intents + 1,
            Away = member.Away || intent is Drain,
            Touched = member.Touched || intent is Rebuild,
            Intact = member.Intact && intent is not Rebuild,
            Unsure = member.Unsure || intent is Rebuild,
            Proved = member.Proved && intent is not Rebuild,
            Rebuilds = member.Rebuilds + (intent is Rebuild ? 1 : 0),
            LastRebuild = intent as Rebuild ?? member.LastRebuild,
            Recoveries = member.Recoveries + (intent is Recover { FailedTries: 0 } ? 1 : 0),
            Rung = null,
            PoweredOff = member.PoweredOff && intent is not Rebuild,
        }).Begin(intent);

    private static Run Came(Run run, Intent intent, Outcome outcome) =>
        run.Change(intent.Member, member => outcome switch
        {
            Observed seen => member with
            {
                Recorded = Recorded(member, seen.Facts.Member),
                Before = Before(member, seen.Facts.Member),
                Away = member.Away && !InRotation(seen.Facts.Member),
            },
            Drained drained => member with { Before = member.Before is { Serves: true } ? member.Before : drained.Permitted.Member },
            DrainRefused refused => member with { Away = member.Away && !InRotation(refused.Facts.Member) },
            Rebuilt rebuilt => member with { Unsure = rebuilt.Vm.Identity is null || rebuilt.Vm.Identity == ((Rebuild)intent).Plan.Before.Identity },
            RebuildRefused => member with { Intact = intent is Rebuild { MayReturn: true }, Unsure = false, Rebuilds = member.Rebuilds - 1 },
            // One that is only about to be begun is begun with the VM that it has.
            Recovered recovered => member with { Intact = recovered.Recovery.Fate == RebuildFate.Untouched || member.State == MemberState.Guarding, Unsure = false },
            Examined examined => member with { Proof = examined.Facts },
            Rejoined => member with { Away = false },
            PoweredOff { Vm.Power: VmPower.Off } => member with { PoweredOff = true },
            _ => member,
        }).Close(intent.Id);

    /// <summary>The last that was seen of a member before it was touched; what its guest said is not given up for a look at which it was silent.</summary>
    private static MemberFacts? Recorded(MemberProgress member, MemberFacts seen) =>
        member.Touched || (seen.Guest is null && member.Recorded is not null) ? member.Recorded : seen;

    /// <summary>The last that was seen of a member before it left rotation: a look at one that is away already does not count.</summary>
    private static MemberFacts? Before(MemberProgress member, MemberFacts seen) =>
        member is { Away: true, Before: not null } && !InRotation(seen) ? member.Before : seen;

    /// <summary>From here on what a member waits for is that its peer serves again, which its own steps do not change.</summary>
    internal static bool StillAway(MemberState state) => state is MemberState.Rebuilding or MemberState.Verifying or MemberState.Rejoining or MemberState.PoweringOff;

    private static bool InRotation(MemberFacts seen) => seen.Balancer is { Rotation: Rotation.In };

    private static Run Begin(this Run run, Intent intent)
    {
        var pair = run.Pairs[intent.Member.Pair];
        return run with { Open = run.Open.Add(intent.Id, intent), Pairs = run.Pairs.SetItem(pair.Name, pair with { Open = pair.Open.Add(intent) }) };
    }

    private static Run Close(this Run run, string intent)
    {
        if (!run.Open.TryGetValue(intent, out var open))
            return run;
        var pair = run.Pairs[open.Member.Pair];
        return run with { Open = run.Open.Remove(intent), Pairs = run.Pairs.SetItem(pair.Name, pair with { Open = pair.Open.RemoveAll(other => other.Id == intent) }) };
    }

    private static Run Change(this Run run, MemberId id, Func<MemberProgress, MemberProgress> change)
    {
        var pair = run.Pairs[id.Pair];
        return run with { Pairs = run.Pairs.SetItem(id.Pair, pair.With(change(pair.Get(id)))) };
    }
}
