using Microsoft.Extensions.Logging;
using Refresh.Orchestrator.Application;
using Refresh.Orchestrator.Engine;
using Refresh.Orchestrator.Images;
using Refresh.Orchestrator.Journals.Service;
using Refresh.Orchestrator.Serving.Hosting;
using Refresh.Orchestrator.Settings;
using Refresh.Workflows.Ports;
using Refresh.Workflows.Runs;

namespace Refresh.Orchestrator.Serving.Triggers;

/// <summary>Orders runs when the catalogue has a newer image that every gate lets pass, and supersedes the run that is going as the fleet says.</summary>
internal sealed partial class ImageTrigger(OrderDesk orders, RunService runs, IRunJournal journal, TimeProvider clock, ILogger<ImageTrigger> logger)
{
    /// <summary>Whether new images start runs of a fleet.</summary>
    public static bool Concerns(FleetDefinition definition) => definition.Triggers.OnNewImage != NewImageStart.None;

    /// <summary>Looks at the catalogue of a fleet.</summary>
    /// <param name="definition">The fleet file.</param>
    /// <param name="last">The image that was handled last.</param>
    /// <param name="holder">The fleet's unfinished run.</param>
    /// <param name="cancellation">Ends the call.</param>
    /// <returns>Whether a run was ordered.</returns>
    /// <exception cref="AdapterException">The catalogue or the policy cannot be read.</exception>
    public async Task<bool> LookAsync(FleetDefinition definition, HandledTrigger? last, string? holder, CancellationToken cancellation)
    {
        var fleet = definition.Fleet.Name;
        var catalogue = new DirectoryImageCatalog(definition.Images);
        var now = clock.GetUtcNow();
        var candidates = ImageRule.Candidates(await catalogue.ListAsync(cancellation), definition.Image.Name, last);
        var newest = await ApprovedImages.FirstAsync(candidates, definition.Images, catalogue, now, cancellation);
        if (newest is null && last is not null)
            return false;
        var look = new ImageLook(definition.Triggers.Superseding, newest, now, last, await SeeAsync(await LatestAsync(fleet, cancellation), cancellation), await SeeAsync(holder, cancellation));
        switch (ImageRule.Decide(look))
        {
            case ImageStep.Start start:
                await OrderAsync(definition, start, cancellation);
                return true;
            case ImageStep.Note note:
                await orders.NoteAsync(Handled(fleet, note.Image, note.Why), cancellation);
                LogNoted(fleet, note.Image?.Ref.Label ?? definition.Image.Name, note.Why);
                return false;
            case ImageStep.TryAgain again:
                await orders.AgainAsync(again.Last, cancellation);
                return true;
            default:
                return false;
        }
    }

    private async Task OrderAsync(FleetDefinition definition, ImageStep.Start start, CancellationToken cancellation)
    {
        var label = start.Image.Ref.Label;
        var why = $"{label} is new in the catalogue" + start switch
        {
            { Replaces: { } old } => $", and replaces {old.Image.Ref.Label} of run {old.Run}",
            { WaitsFor: { } going } => $"; run {going.Run} to {going.Image.Ref.Label} went first",
            _ => string.Empty,
        };
        // First the cancellation: should this process end between the two, the image is still new at the next look.
        if (start.Replaces is { } replaced)
            await runs.RequestAsync(replaced.Run, RequestKind.Cancel, new Asker(OrderDesk.Catalogue, $"{label} is new in the catalogue, and replaces {replaced.Image.Ref.Label}"), cancellation);
        var order = await orders.PlaceAsync(Handled(definition.Fleet.Name, start.Image, null), new StartTerms(label, false, []) { Propose = definition.Triggers.OnNewImage == NewImageStart.Propose }, OrderDesk.Catalogue, why, cancellation);
        LogOrdered(definition.Fleet.Name, order, why);
    }

    private HandledTrigger Handled(string fleet, Workflows.Images.GoldenImage? image, string? why)
    {
        var built = image?.BuiltAt ?? DateTimeOffset.MinValue;
        return new(fleet, TriggerKind.Image, image?.Ref.Label ?? "no image", built, built, clock.GetUtcNow(), why);
    }

    private async Task<string?> LatestAsync(string fleet, CancellationToken cancellation) => await journal.RunsAsync(fleet, 1, cancellation) is [var latest, ..] ? latest.Run : null;

    private async Task<SeenRun?> SeeAsync(string? run, CancellationToken cancellation) =>
        run is null ? null : (await RunHistory.ReadAsync(journal, run, cancellation)).Run is var seen ? new SeenRun(seen.Id, seen.State, seen.GoingBack, seen.Image) : null;

    [LoggerMessage(Level = LogLevel.Information, Message = "A run of fleet {Fleet} is ordered, {Order}: {Why}")]
    private partial void LogOrdered(string fleet, string order, string why);

    [LoggerMessage(Level = LogLevel.Information, Message = "No run of fleet {Fleet} is ordered for {Image}: {Why}")]
    private partial void LogNoted(string fleet, string image, string why);
}
