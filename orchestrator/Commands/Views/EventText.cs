using System.Globalization;
using Refresh.Orchestrator.Words;
using Refresh.Workflows.Machines;
using Refresh.Workflows.Ports;
using Refresh.Workflows.Reasons;
using Refresh.Workflows.Runs;

namespace Refresh.Orchestrator.Commands.Views;

/// <summary>Says in one line what a journal entry tells a person; null for what only machines care about.</summary>
internal static class EventText
{
    public static string? Of(Run run, JournalEntry entry) => entry.Event switch
    {
        RunPlanned planned => $"run {planned.Run}: fleet {planned.Fleet.Name} to {planned.Image.Ref.Label}, {Counted.Of(planned.Plan.Rebuilds(), "member")} in {Counted.Of(planned.Plan.Pairs().Count(), "pair")}, asked by {planned.By}",
        RunMoved moved => $"run {moved.To}{Because(moved.Why)}",
        WaveBegun wave => run.Plan.Waves[wave.Wave].Canary ? "the canary wave begins" : string.Create(CultureInfo.InvariantCulture, $"wave {wave.Wave + 1} begins"),
        RunHalted halted => $"no further member is begun{Because(halted.Why)}",
        RollbackOrdered ordered => $"rolling back {string.Join(", ", ordered.Pairs)}",
        // A bake of no length ends with what it began with.
        PairMoved { To: PairState.Soaking } moved when run.Pairs[moved.Pair].State != PairState.Soaking => null,
        PairMoved { To: PairState.Frozen or PairState.Halted or PairState.Refreshed or PairState.RolledBack or PairState.Skipped or PairState.Soaking } moved => $"pair {moved.Pair} {moved.To}{Because(moved.Why)}",
        MemberMoved moved => $"{moved.Member} {moved.To}{Because(moved.Why)}",
        MemberWaits { Why.Count: 0 } waits => $"{waits.Member}: its peer serves again",
        MemberWaits waits => $"{waits.Member} waits: {string.Join("; ", waits.Why)}",
        OutcomeRecorded recorded => Outcome(recorded),
        RungClimbed climbed => $"{Member(climbed.Intent)}: {climbed.Rung}",
        RequestAnswered answered => $"{answered.Request.By} asked to {answered.Request.Kind.Command()}: {(answered.Refusal is { } refusal ? $"refused, {refusal}" : "taken up")}",
        TakenOver taken => $"taken over by {taken.Worker}",
        _ => null,
    };

    private static string? Outcome(OutcomeRecorded recorded) => recorded.Outcome switch
    {
        Rebuilt { Vm.Identity: { } identity } => $"{Member(recorded)} is now VM {identity}",
        Recovered recovered => $"{Member(recorded)}: {Fate(recovered.Recovery.Fate)}",
        Examined { Facts: { Guest: { } guest, Probe.Healthy: true } facts } => string.Create(CultureInfo.InvariantCulture, $"{Member(recorded)} says it runs {guest.Image.Label}, machine {guest.MachineId}, healthy {facts.Passes} times in a row"),
        RebuildRefused refused => $"{Member(recorded)} is not rebuilt now: {string.Join("; ", refused.Refusals.Select(reason => reason.Text))}",
        Watched { Bad.Count: > 0 } watched => $"{Member(recorded)}: {string.Join("; ", watched.Bad.Select(reason => reason.Text))}",
        Failed failed when failed.Reason.Text.StartsWith(Member(recorded), StringComparison.Ordinal) => failed.Reason.ToString(),
        Failed failed => $"{Member(recorded)}: {failed.Reason}",
        _ => null,
    };

    private static string Fate(RebuildFate fate) => fate switch
    {
        RebuildFate.Happened => "the rebuild had happened",
        RebuildFate.Untouched => "its VM is untouched",
        _ => "it has no VM that can serve",
    };

    private static string Member(OutcomeRecorded recorded) => Member(recorded.Intent);

    private static string Member(string intent) => intent[..intent.LastIndexOf('#')];

    // What somebody asked for has happened: nothing is to end it.
    private static string Because(Reason? why) => why switch
    {
        null => string.Empty,
        { Code: "asked" or "bake-cut-short" } => $": {why.Text}",
        _ => $": {why}",
    };
}
