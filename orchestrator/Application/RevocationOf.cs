using Refresh.Orchestrator.FleetFiles;
using Refresh.Orchestrator.Images;
using Refresh.Workflows.Images;
using Refresh.Workflows.Ports;
using Refresh.Workflows.Runs;
using Refresh.Workflows.Trust;

namespace Refresh.Orchestrator.Application;

/// <summary>Whether images of a run are revoked by now, by the catalogue of its fleet file, as far as that can be read.</summary>
internal static class RevocationOf
{
    /// <summary>Of the image that the run goes to.</summary>
    public static async Task<ImageRevocation?> Async(Run run, CancellationToken cancellation) =>
        run.Revoked ?? (await Async(run, [run.Image.Ref], cancellation)).GetValueOrDefault(run.Image.Ref);

    /// <summary>Of several; those that are not revoked are left out.</summary>
    public static async Task<IReadOnlyDictionary<ImageRef, ImageRevocation>> Async(Run run, IEnumerable<ImageRef> images, CancellationToken cancellation)
    {
        var revoked = new Dictionary<ImageRef, ImageRevocation>();
        if ((await FleetFile.ReadAsync(run.Source, cancellation)).Definition is not { } definition)
            return revoked;
        try
        {
            var catalogue = new DirectoryImageCatalog(definition.Images);
            foreach (var image in images.Distinct())
            {
                if (await catalogue.RevocationAsync(image, cancellation) is { } revocation)
                    revoked[image] = revocation;
            }
        }
        catch (AdapterException)
        {
            // What cannot be read says nothing of them.
        }

        return revoked;
    }
}
