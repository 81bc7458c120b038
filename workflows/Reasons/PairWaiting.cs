using System.Globalization;
using Refresh.Workflows.Machines;
using Refresh.Workflows.Runs;

namespace Refresh.Workflows.Reasons;

/// <summary>Why a pair waits. The texts do not name the pair, so that pairs which wait for the same can be told together.</summary>
internal static class PairWaiting
{
    public static Reason? Of(Run run, PairProgress pair) => pair.State switch
    {
        PairState.Frozen when !GoesBackLater(run, pair) => pair.Why,
        PairState.Soaking => Bake(run, pair),
        _ when run.Finished => pair.State == PairState.Halted ? Between(pair) : null,
        PairState.Pending => Pending(run, pair),
        PairState.Refreshing or PairState.RollingBack when pair.Active is null => RunWaiting.Held(run),
        _ when GoesBackLater(run, pair) => RunWaiting.Held(run) ?? AtOnce(run),
        PairState.Halted => Between(pair),
        _ => null,
    };

    private static Reason? Pending(Run run, PairProgress pair) => RunWaiting.Held(run) switch
    {
        { } held => held,
        null when run.GoingBack => new("rolling-back", "the run goes back; what was not begun stays as it is", "the run has ended; then run again"),
        null when run.Wave < pair.Wave => RunWaiting.EarlierWave(run, pair.Wave),
        null => AtOnce(run),
    };

    private static Reason? AtOnce(Run run)
    {
        var most = run.Fleet.Policy.Waves.MaxPairsAtOnce;
        return run.InFlight.Count >= most
            ? new("pairs-at-once", string.Create(CultureInfo.InvariantCulture, $"no more than {most} {(most == 1 ? "pair is" : "pairs are")} worked on at once: {RunWaiting.UnderWay(run)}"), "one of them is done")
            : null;
    }

    private static Reason Bake(Run run, PairProgress pair) => RunWaiting.BakedAt(run, pair.Name) is { } until
        ? new("bake", "both members are done, and the pair is watched", $"it stays good until {RunWaiting.At(run, until)}")
        : new("bake", "both members are done, and the pair is watched", "its bake ends well");

    private static Reason Between(PairProgress pair) => new(
        "halted-between-members",
        $"the run ended between its members: {pair.First.Id} is {pair.First.State}, {pair.Second.Id} is {pair.Second.State}",
        "run again, or roll back");

    private static bool GoesBackLater(Run run, PairProgress pair) =>
        run is { State: RunState.RollingBack or RunState.Paused, GoingBack: true, RollbackOrder: { } order } && order.Skip(run.NextRollback).Contains(pair.Name);
}
