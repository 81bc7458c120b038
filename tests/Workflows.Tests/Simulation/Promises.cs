using System.Text.Json;
using Refresh.Workflows.Decisions;
using Refresh.Workflows.Journal;
using Refresh.Workflows.Machines;
using Refresh.Workflows.Reasons;
using Refresh.Workflows.Runs;

namespace Refresh.Workflows.Tests.Simulation;

/// <summary>What must hold of a run after every step, at its end, and when it is read back.</summary>
internal static class Promises
{
    public static void AfterStep(Run before, Stimulus stimulus, Run run, SimulatedWorld world)
    {
        var working = run.Open.Values.Where(intent => intent is not Bake).ToLookup(intent => intent.Member.Pair, StringComparer.Ordinal);
        Observer.Holds(working.Count <= run.Fleet.Policy.Waves.MaxPairsAtOnce, $"{working.Count} pairs are worked on at once");
        Observer.Holds(working.All(pair => pair.Select(intent => intent.Member).Distinct().Count() == 1), "promise 3: both members of a pair are worked on");
        Observer.Holds(working.All(pair => run.InFlight.Contains(pair.Key)), "a pair is worked on that is not in flight");
        Observer.Holds(
            run.State is not (RunState.Running or RunState.Cancelling or RunState.RollingBack) || !run.Open.IsEmpty,
            $"the run is stuck: {run.State} with nothing under way");
        foreach (var name in run.InFlight)
        {
            var pair = run.Pairs[name];
            Observer.Holds(working[name].Any() == pair.Active is not null, $"promise 9: {name} is {pair.State} and nothing says why it waits");
            Observer.Holds(pair.Active is not null || run.State == RunState.Paused, $"{name} is stuck: {pair.State} in a run that is {run.State}");
        }

        foreach (var away in run.InFlight.Select(name => run.Pairs[name].Active).OfType<MemberProgress>().Where(IsAway))
            Observer.Holds(working[away.Id.Pair].Any(intent => intent is WatchPeer), $"promise 1: {away.Id} is {away.State}, and its peer is not watched");
        if (stimulus is Arrived { Outcome: not Watched { Bad.Count: 0 } } arrived && before.Open.GetValueOrDefault(arrived.Intent) is WatchPeer { PeerIsBad: false } watch)
            ComesBack(watch, run, world[watch.Member]);
    }

    public static void KeepsToWindows(Decision decision, Scenario scenario, DateTimeOffset at)
    {
        var begun = decision.Events.OfType<PairMoved>().Any(moved => moved.To == PairState.Refreshing);
        Observer.Holds(!begun || scenario.Windows.Count == 0 || scenario.Windows.Any(window => window.Holds(at)), "a pair was begun outside every patch window");
    }

    public static void AtEnd(Run run, SimulatedWorld world)
    {
        Observer.Holds(run.Open.IsEmpty, $"the run is {run.State} with open intents: {string.Join(", ", run.Open.Keys)}");
        Observer.Holds(run.Finished || run.State is RunState.Paused or RunState.AwaitingApproval, $"the run never ends: it is {run.State}");
        Observer.Holds(run.State is RunState.Succeeded or RunState.RolledBack or RunState.AwaitingApproval || run.Why is not null, $"promise 9: {run.State} without a reason");
        var budget = run.Fleet.Policy.FailureBudget;
        Observer.Holds(run is not { GoingBack: true, Halted.Code: "budget-spent" } || run.FrozenPairs > budget.Pairs || run.FailedMembers > budget.Members, "a rollback was ended within its failure budget");
        if (world.Observer.RollsBack && run.Halted is null && run.State is RunState.RolledBack or RunState.Failed)
        {
            var left = run.Pairs.Values.Where(pair => pair.Members.Any(member => member.Touched && !world[member.Id].IsLeftOff) && pair.State is not (PairState.RolledBack or PairState.Frozen)).Select(pair => pair.Name);
            Observer.Holds(!left.Any(), $"promise 4: a rollback passed over {string.Join(", ", left)}");
        }

        foreach (var member in world.Members)
        {
            var pair = run.Pairs[member.Id.Pair];
            var progress = run.Get(member.Id);
            var goesBackLater = run is { State: RunState.Paused, GoingBack: true } && pair.State == PairState.RollingBack && Waiting.Of(run, pair.Name).Count > 0;
            Observer.Holds(!member.OutByUs || goesBackLater || progress.PoweredOff || pair is { State: PairState.Frozen, Why: not null }, $"promise 8: {member.Id} is out by our doing, and its pair is {pair.State}");
            Observer.Holds(!member.OutByUs || progress.Away, $"promise 8: {member.Id} is out by our doing, and the run does not know");
            Observer.Holds(progress.PoweredOff == member.PoweredOff || pair is { State: PairState.Frozen }, $"promise 8: {member.Id} was seen off or on, and is not");
            Observer.Holds(run.State != RunState.Succeeded || progress.State == MemberState.Left || member.Image == Scenario.New.Ref, $"promise 8: succeeded, and {member.Id} runs {member.Image.Label}");
            Observer.Holds(run.State != RunState.RolledBack || member.Image == member.Original || member.IsLeftOff, $"promise 4: rolled back, and {member.Id} runs {member.Image.Label}");
            Observer.Holds(progress.State != MemberState.Reverted || member.Image == member.Original, $"promise 4: {member.Id} is Reverted and runs {member.Image.Label}");
            Observer.Holds(progress.State is not (MemberState.Refreshed or MemberState.Current) || member.Image == Scenario.New.Ref, $"promise 8: {member.Id} is {progress.State} and runs {member.Image.Label}");
        }
    }

    public static void Replay(Run run, Timeline log) =>
        Observer.Holds(Written(run) == Written(log.Fold()), "the fold over the written events is another run than the one that was kept");

    private static bool IsAway(MemberProgress member) =>
        member.State is MemberState.Draining or MemberState.Rebuilding or MemberState.Verifying or MemberState.Rejoining or MemberState.Returning or MemberState.PoweringOff;

    /// <summary>Promise 1: its peer went bad, it is known to have left rotation well, and nothing was done to it since: it is on its way back.</summary>
    private static void ComesBack(WatchPeer watch, Run run, SimulatedMember member)
    {
        var own = run.Open.Values.Where(intent => intent.Member == watch.Member).ToList();
        var lives = member is { OutByUs: true, ServedWhenDrained: true, RebuildBegun: false } && !own.Exists(intent => intent is Rebuild or Recover);
        var known = run.Get(member.Id).Before is { Serves: true } || !own.Exists(intent => intent is Drain);
        Observer.Holds(!lives || !known || own.Exists(intent => intent is Rejoin), $"promise 1: the peer of {member.Id} went bad, and it does not come back");
    }

    private static string Written(Run run) =>
        JsonSerializer.Serialize(run with { Pairs = run.Pairs.Clear() }, JournalFormat.Options)
        + JsonSerializer.Serialize(run.Pairs.Values.OrderBy(pair => pair.Name, StringComparer.Ordinal), JournalFormat.Options);
}
