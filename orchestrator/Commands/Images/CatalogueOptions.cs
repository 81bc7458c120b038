using System.CommandLine;
using Refresh.Orchestrator.Application.Catalogues;
using Refresh.Orchestrator.Remote;
using Refresh.Orchestrator.Settings;

namespace Refresh.Orchestrator.Commands.Images;

/// <summary>Which catalogue a command of <c>refresh image</c> is about.</summary>
internal static class CatalogueOptions
{
    private const string UsualFleet = "fleet.yaml";

    public static Option<string?> Images { get; } = new("--images") { Description = "The directory of the images; otherwise the fleet file's, otherwise ./images.", Recursive = true };

    public static Option<string?> FleetFile { get; } = new("--fleet-file") { Description = "The fleet file whose images and policy are meant; otherwise fleet.yaml, if there is one.", Recursive = true };

    public static Option<string?> Fleet { get; } = new("--fleet") { Description = "With --server: the fleet there whose images and policy are meant; otherwise the only one.", Recursive = true };

    public static Argument<string> Image(string name = "image") => new(name) { Description = "The image: name@version, or name for its newest build." };

    /// <summary>The catalogue that is meant: on this machine, or at the worker elsewhere.</summary>
    public static async Task<ICatalogue> OpenAsync(CommandContext context, ParseResult parsed, CancellationToken cancellation)
    {
        if (context.Server is not { } server)
            return await OpenHereAsync(context, parsed, cancellation);
        if (parsed.GetValue(Images) is not null || parsed.GetValue(FleetFile) is not null)
            throw new CommandFailure(ExitCodes.Usage, "catalogue-is-the-workers", "A worker elsewhere has its own catalogues, and neither --images nor --fleet-file names one of them.", "With --server, --fleet NAME is the fleet whose images are meant.");
        return new RemoteCatalogue(server, parsed.GetValue(Fleet) ?? await RemoteFleets.OnlyAsync(server, cancellation));
    }

    /// <summary>The catalogue on this machine that is meant.</summary>
    public static async Task<Catalogue> OpenHereAsync(CommandContext context, ParseResult parsed, CancellationToken cancellation)
    {
        if (parsed.GetValue(Fleet) is { } named)
            throw new CommandFailure(ExitCodes.Usage, "fleet-without-server", $"--fleet {named} names a fleet of a worker elsewhere, and this works on this machine.", "Name a file with --fleet-file, or the worker with --server.");
        var file = parsed.GetValue(FleetFile) ?? (File.Exists(UsualFleet) ? UsualFleet : null);
        var settings = parsed.GetValue(Images) is { } directory ? new ImageSettings(Path.GetFullPath(directory))
            : file is not null ? (await CommandContext.FleetAsync(file, cancellation)).Images
            : new ImageSettings(Path.GetFullPath("images"));
        return await Catalogue.OpenAsync(settings, new CatalogueHands(CommandContext.User, async token => await context.JournalAsync(token), CommandContext.Clock), cancellation);
    }
}
