using Microsoft.Extensions.Logging;
using Refresh.Orchestrator.Application;
using Refresh.Orchestrator.Images;
using Refresh.Orchestrator.Journals.Service;
using Refresh.Orchestrator.Settings;
using Refresh.Workflows.Ports;

namespace Refresh.Orchestrator.Serving.Triggers;

/// <summary>Orders runs when the catalogue has a newer image that every gate lets pass, and supersedes the run that is going as the fleet says.</summary>
internal sealed partial class ImageTrigger(ImageOrders orders, TimeProvider clock, ILogger<ImageTrigger> logger)
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
        var look = new ImageLook(definition.Triggers.Superseding, newest, now, last, await orders.LatestAsync(fleet, cancellation), await orders.SeeAsync(holder, cancellation));
        switch (ImageRule.Decide(look))
        {
            case ImageStep.Start start:
                var ask = new ImageAsk(OrderDesk.Catalogue, $"{start.Image.Ref.Label} is new in the catalogue") { Propose = definition.Triggers.OnNewImage == NewImageStart.Propose };
                var (order, why) = await orders.PlaceAsync(fleet, start, ask, cancellation);
                LogOrdered(fleet, order, why);
                return true;
            case ImageStep.Note note:
                await orders.NoteAsync(fleet, note.Image, note.Why, cancellation);
                LogNoted(fleet, note.Image?.Ref.Label ?? definition.Image.Name, note.Why);
                return false;
            case ImageStep.TryAgain again:
                await orders.AgainAsync(again.Last, cancellation);
                return true;
            default:
                return false;
        }
    }

    [LoggerMessage(Level = LogLevel.Information, Message = "A run of fleet {Fleet} is ordered, {Order}: {Why}")]
    private partial void LogOrdered(string fleet, string order, string why);

    [LoggerMessage(Level = LogLevel.Information, Message = "No run of fleet {Fleet} is ordered for {Image}: {Why}")]
    private partial void LogNoted(string fleet, string image, string why);
}
