using Refresh.Orchestrator.Documents;
using Refresh.Orchestrator.Reports;
using Refresh.Orchestrator.Words;
using Refresh.Workflows.Evidence;
using Refresh.Workflows.Machines;
using Refresh.Workflows.Reasons;

namespace Refresh.Orchestrator.Commands;

/// <summary>How runs stand, for people.</summary>
internal sealed class StatusText(Screen screen, DateTimeOffset now)
{
    private const int MostNames = 6;

    public void Write(IReadOnlyList<StatusDocument> runs)
    {
        if (runs.Count == 0)
            screen.Line("There is no such run in this journal yet. `refresh run` begins one.");
        foreach (var (run, place) in runs.Select((run, place) => (run, place)))
        {
            if (place > 0)
                screen.Line();
            Write(run);
        }
    }

    private void Write(StatusDocument run)
    {
        screen.Line($"Run {run.Run} of fleet {run.Fleet} to {run.Image}: {run.State}{(run.Why is { } why ? $" ({why.Text})" : string.Empty)}", StateShades.Of(run.State));
        screen.Line($"  begun {Instants.Full(run.StartedAt)} by {run.By}{Lasting(run)}");
        screen.Line($"  {Waves(run)}pairs: {string.Join(", ", run.Pairs.Select(pair => $"{pair.Value} {pair.Key}"))}");
        if (run.Worker is { } worker)
            screen.Line($"  worker {worker.Name}, whose lease holds until {Instants.Clock(worker.LeaseUntil)} UTC unless it is renewed");
        if (run.Revoked is { } revoked)
            screen.Line($"  {run.Image} was REVOKED by {revoked.By} on {Instants.Full(revoked.At)}: {revoked.Why}; it is run by {(revoked.RunBy.Count == 0 ? "no member of this run" : Names([.. revoked.RunBy.Select(member => member.ToString())]))}", Shade.Bad);
        foreach (var wait in run.Waits)
            screen.Line($"  waits: {wait.Text}. Ends when: {wait.EndsWhen}.", Shade.Warning);
        foreach (var request in run.Requests)
            screen.Line($"  asked by {request.By} at {Instants.Clock(request.At)} UTC and not answered yet: {request.Kind.Command()}", Shade.Warning);
        UnderWay(run);
        Waiting(run);
        if (run.Next is { } next)
            screen.Line($"  next: {next}");
    }

    private static string Waves(StatusDocument run) => run.Wave switch
    {
        _ when run.Finished => string.Empty,
        { Number: 0 } => $"no wave of {run.Wave.Of} has begun; ",
        { Canary: true } => $"canary wave, 1 of {run.Wave.Of}; ",
        _ => $"wave {run.Wave.Number} of {run.Wave.Of}; ",
    };

    private string Lasting(StatusDocument run) => run.Finished
        ? $", ended after {Durations.InWords(run.UpdatedAt - run.StartedAt)}"
        : $", {Durations.InWords(Since(run.StartedAt))} ago; last entry {Durations.InWords(Since(run.UpdatedAt))} ago";

    // A clock that was set back makes nothing negative.
    private TimeSpan Since(DateTimeOffset at) => now > at ? now - at : TimeSpan.Zero;

    private void UnderWay(StatusDocument run) => screen.Table(
        ["  UNDER WAY", "STEP", "FOR", "WAITS FOR"],
        [.. run.UnderWay.Select(step => new Cell[]
        {
            $"  {step.Member}", new(step.State.ToString(), StateShades.Of(step.State)), Durations.InWords(Since(step.Since)), string.Join("; ", step.Waits.Select(Words)),
        })]);

    private void Waiting(StatusDocument run) => screen.Table(
        ["  PAIRS", "STATE", "WHY"],
        [.. run.Waiting
            .GroupBy(pair => (pair.State, Why: WithTheRun(run, pair) ? "waits with the run" : string.Join("; ", pair.Waits.Select(Words))))
            .Select(group => new Cell[]
            {
                $"  {Names([.. group.Select(pair => pair.Pair)])}", new(group.Key.State.ToString(), group.Key.State == PairState.Frozen ? Shade.Bad : Shade.Soft), group.Key.Why,
            })]);

    private static bool WithTheRun(StatusDocument run, StatusDocument.Wait pair) => pair.Waits.All(wait => run.Waits.Any(whole => whole.Code == wait.Code));

    private static string Words(Reason reason) => $"{reason.Text} (until {reason.EndsWhen})";

    private static string Names(IReadOnlyList<string> names) => names.Count <= MostNames
        ? string.Join(", ", names)
        : $"{names[0]}, {names[1]} .. {names[^1]} ({names.Count})";
}
