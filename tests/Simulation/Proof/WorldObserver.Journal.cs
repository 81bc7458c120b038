using Refresh.Workflows.Fleets;
using Refresh.Workflows.Machines;
using Refresh.Workflows.Ports;
using Refresh.Workflows.Reasons;
using Refresh.Workflows.Runs;

namespace Refresh.Simulation.Proof;

/// <summary>What the journal shows to people must say why, and in the end be true.</summary>
internal sealed partial class WorldObserver
{
    /// <summary>Members whose last rebuild was decided, and has no end that the journal knows.</summary>
    private readonly HashSet<MemberId> _unknown = [];

    private readonly HashSet<string> _answered = new(StringComparer.Ordinal);

    /// <summary>Somebody asked to roll back, and it was taken up.</summary>
    private bool RollsBack { get; set; }

    /// <summary>Entries are on disk.</summary>
    public void Written(IReadOnlyList<JournalEntry> entries)
    {
        foreach (var entry in entries)
        {
            Holds(entry.Epoch == world.Journal.Epoch, "promise 6", $"entry {entry.Sequence} was decided with epoch {entry.Epoch}, and the fleet is owned by epoch {world.Journal.Epoch}");
            Written(entry.Event);
            Follows(entry.Event);
            Holds(
                entry.Event is not PairMoved { To: PairState.Refreshing } || world.Scenario.Windows.Count == 0 || world.Scenario.Windows.Any(window => window.Holds(entry.At) || window.Holds(world.Wall)),
                "patch windows",
                $"a pair is begun at {world.Wall:T}, journaled as {entry.At:T}, outside every window");
        }

        var run = world.Journal.Run!;
        if (run.Finished)
            return;
        Holds(!run.Open.IsEmpty || Waiting.Of(run).Count > 0, "promise 9", $"the run is {run.State} with nothing under way, and does not say why");
        if (world.Scenario.Fleet.Pairs.Count > 100)
            return;
        foreach (var pair in _underWay)
        {
            var open = world.Journal.ByMember.Values.SelectMany(kept => kept).Where(kept => kept is { Concluded: false, WithdrawnAt: null } && kept.Intent.Member.Pair == pair).Select(kept => kept.Intent).ToList();
            Holds(open.Count > 0 || Waiting.Of(run, pair).Count > 0, "promise 9", $"{pair} is {run.Pairs[pair].State} with nothing under way, and does not say why");
            Holds(open.Where(intent => intent is not Bake).Select(intent => intent.Member).Distinct().Count() < 2, "promise 3", $"both members of {pair} are worked on");
        }
    }

    /// <summary>Nothing goes wrong any more, and nothing happens any more: what is left must be said, and be true.</summary>
    public void AtEnd()
    {
        var run = world.Journal.Run!;
        Holds(run.Finished || run.State is RunState.Paused or RunState.AwaitingApproval, "promise 9", $"the run does not end: it is {run.State}");
        Holds(run.Open.Values.All(intent => intent is Bake), "promise 9", $"the run is {run.State} with {run.Open.Count} open intents");
        Holds(run.State is RunState.Succeeded or RunState.RolledBack || run.Why is not null || Waiting.Of(run).Count > 0, "promise 9", $"the run is {run.State} and does not say why");
        foreach (var member in world.Members)
        {
            var pair = run.Pairs[member.Id.Pair];
            var progress = run.Get(member.Id);
            var runs = member.Vm?.Image;
            var goesBackLater = run is { State: RunState.Paused, GoingBack: true } && pair.State == PairState.RollingBack && Waiting.Of(run, pair.Name).Count > 0;
            Holds(!member.OutByUs || goesBackLater || progress.PoweredOff || pair is { State: PairState.Frozen, Why: not null }, "promise 8", $"{member.Id} is out by our doing, and its pair is {pair.State}");
            Holds(!member.OutByUs || progress.Away, "promise 8", $"{member.Id} is out by our doing, and the run does not know");
            Holds(progress.State is not (MemberState.Refreshed or MemberState.Current) || runs == run.Image.Ref, "promise 8", $"{member.Id} is {progress.State} and runs {runs?.Label ?? "nothing"}");
            Holds(!progress.PoweredOff || member.Vm is { Off: true }, "promise 8", $"{member.Id} was seen off, and is on");
            Holds(run.State != RunState.Succeeded || progress.State == MemberState.Left || runs == run.Image.Ref, "promise 8", $"the run succeeded, and {member.Id} runs {runs?.Label ?? "nothing"}");
            Holds(progress.State != MemberState.Reverted || runs == member.Original, "promise 4", $"{member.Id} is Reverted and runs {runs?.Label ?? "nothing"}");
            Holds(run.State != RunState.RolledBack || member.Made == 0 || runs == member.Original || member is { Dormant: true, Vm.Off: true }, "promise 4", $"the run is rolled back, and {member.Id} runs {runs?.Label ?? "nothing"}");
        }
    }

    private void Written(RunEvent happened)
    {
        switch (happened)
        {
            case RequestAnswered answered:
                Holds(_answered.Add(answered.Request.Id), "promise 6", $"request {answered.Request.Id} is answered twice");
                RollsBack |= answered is { Request.Kind: RequestKind.Rollback, Refusal: null };
                break;
            case MemberWaits waits:
                Holds((waits.Why.Count > 0 || world.Journal.Run!.Get(waits.Member).Away) && waits.Why.All(Says), "promise 9", $"{waits.Member} waits and does not say why");
                break;
            case PairMoved { To: PairState.RollingBack } taken:
                _takenUp[taken.Pair] = world.Now;
                break;
            case PairMoved { To: PairState.Refreshing } begun:
                Holds(_revocationHeard is null, "revoked image", $"{begun.Pair} is begun although its image is revoked");
                break;
            case ImageRevoked:
                _revocationHeard = world.Now;
                break;
            case IntentRecorded { Intent: Rebuild rebuild }:
                Holds(_revocationHeard is null || rebuild.Image != Faults.Scenario.New.Ref, "revoked image", $"a rebuild of {rebuild.Member} from a revoked image is decided");
                Holds(_unknown.Add(rebuild.Member), "promise 5", $"a rebuild of {rebuild.Member} is decided, and what became of the one before is not known");
                break;
            case IntentRecorded { Intent: Verify { GuestBefore: { } guest } verify }:
                _machineBefore[verify.Member] = guest.MachineId;
                break;
            case IntentRecorded { Intent: Verify verify }:
                _machineBefore.Remove(verify.Member);
                break;
            case OutcomeRecorded { Outcome: Rebuilt { Vm.Identity: var now } } rebuilt when world.Journal.Intents[rebuilt.Intent].Intent is Rebuild asked && (now is null || now == asked.Plan.Before.Identity):
                break;
            case OutcomeRecorded { Outcome: Rebuilt or RebuildRefused or Recovered } known:
                _unknown.Remove(world.Journal.Intents[known.Intent].Intent.Member);
                break;
            case PairMoved { To: PairState.Frozen } frozen:
                Holds(frozen.Why is { } why && Says(why), "promise 9", $"{frozen.Pair} is frozen and does not say why");
                break;
            case RunMoved { To: RunState.Failed } failed:
                Holds(failed.Why is { } because && Says(because), "promise 9", "the run failed and does not say why");
                break;
            case OutcomeRecorded { Outcome: Failed { Reason.Code: "unexpected" } defect }:
                Holds(false, "defect", defect.Reason.Text);
                break;
        }
    }

    private static bool Says(Reason why) => why.Text.Length > 0 && why.EndsWhen.Length > 0;
}
