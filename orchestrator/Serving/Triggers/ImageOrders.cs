using Refresh.Orchestrator.Application;
using Refresh.Orchestrator.Engine;
using Refresh.Orchestrator.Journals.Service;
using Refresh.Orchestrator.Serving.Hosting;
using Refresh.Workflows.Images;
using Refresh.Workflows.Ports;
using Refresh.Workflows.Runs;

namespace Refresh.Orchestrator.Serving.Triggers;

/// <summary>Orders runs to newer images, and supersedes the run that is going as it was decided.</summary>
internal sealed class ImageOrders(OrderDesk orders, RunService runs, IRunJournal journal, TimeProvider clock)
{
    /// <summary>The run of a fleet that began last; null when there was none.</summary>
    public async Task<SeenRun?> LatestAsync(string fleet, CancellationToken cancellation) =>
        await journal.RunsAsync(fleet, 1, cancellation) is [var latest, ..] ? await SeeAsync(latest.Run, cancellation) : null;

    /// <summary>A run as a trigger sees it.</summary>
    public async Task<SeenRun?> SeeAsync(string? run, CancellationToken cancellation) =>
        run is null ? null : (await RunHistory.ReadAsync(journal, run, cancellation)).Run is var seen ? new SeenRun(seen.Id, seen.State, seen.GoingBack, seen.Image) : null;

    /// <summary>Orders.</summary>
    /// <param name="fleet">The fleet.</param>
    /// <param name="start">What was decided.</param>
    /// <param name="ask">Who orders, and why.</param>
    /// <param name="cancellation">Ends the call.</param>
    /// <returns>The order's id, and the whole reason.</returns>
    public async Task<(string Order, string Why)> PlaceAsync(string fleet, ImageStep.Start start, ImageAsk ask, CancellationToken cancellation)
    {
        var label = start.Image.Ref.Label;
        var why = ask.Why + start switch
        {
            { Replaces: { } old } => $", and replaces {old.Image.Ref.Label} of run {old.Run}",
            { WaitsFor: { } going } => $"; run {going.Run} to {going.Image.Ref.Label} went first",
            _ => string.Empty,
        };
        // First the cancellation: should this process end between the two, the image is decided on again.
        if (start.Replaces is { } replaced)
            await runs.RequestAsync(replaced.Run, RequestKind.Cancel, new Asker(ask.By, $"{ask.Why}, and replaces {replaced.Image.Ref.Label}", ask.From), cancellation, ask.Id is { } id ? $"{id}c" : null);
        var order = await orders.PlaceAsync(Handled(fleet, start.Image, null), new StartTerms(label, false, []) { Propose = ask.Propose }, new Asker(ask.By, why, ask.From), cancellation, ask.Id);
        return (order, why);
    }

    /// <summary>Notes an image for which nothing is ordered.</summary>
    public Task NoteAsync(string fleet, GoldenImage? image, string why, CancellationToken cancellation) => orders.NoteAsync(Handled(fleet, image, why), cancellation);

    /// <summary>Lets an order that was refused wait anew.</summary>
    public Task AgainAsync(HandledTrigger handled, CancellationToken cancellation) => orders.AgainAsync(handled, cancellation);

    private HandledTrigger Handled(string fleet, GoldenImage? image, string? why)
    {
        var built = image?.BuiltAt ?? DateTimeOffset.MinValue;
        return new(fleet, TriggerKind.Image, image?.Ref.Label ?? "no image", built, built, clock.GetUtcNow(), why);
    }
}

/// <summary>Who orders a run to an image.</summary>
/// <param name="By">Who.</param>
/// <param name="Why">Why.</param>
internal sealed record ImageAsk(string By, string Why)
{
    /// <summary>The run waits for a person's approval.</summary>
    public bool Propose { get; init; }

    /// <summary>Where the order comes from.</summary>
    public string? From { get; init; }

    /// <summary>The order's id, where it was settled before.</summary>
    public string? Id { get; init; }
}
