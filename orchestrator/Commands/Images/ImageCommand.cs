using System.CommandLine;

namespace Refresh.Orchestrator.Commands.Images;

/// <summary><c>refresh image</c>: the catalogue of golden images.</summary>
internal static class ImageCommand
{
    public static Command Create() => new("image", "Look after golden images: where they come from, who trusts them, what is in them, where they run.")
    {
        CatalogueOptions.Images,
        CatalogueOptions.FleetFile,
        CatalogueOptions.Fleet,
        ImageAdd.Create(),
        ImageShow.CreateList(),
        ImageShow.CreateShow(),
        ImageDecide.CreateApprove(),
        ImageDecide.CreateRevoke(),
        ImageVerify.Create(),
        ImageDiffCommand.Create(),
        ImageScan.Create(),
        ImageSign.Create(),
        ImageManifest.Create(),
        KeyCommand.Create(),
    };
}
