using Refresh.Orchestrator.FleetFiles;
using Refresh.Orchestrator.Images;
using Refresh.Workflows.Ports;
using Refresh.Workflows.Runs;
using Refresh.Workflows.Trust;

namespace Refresh.Orchestrator.Application;

/// <summary>Whether the image of a run is revoked by now, by the catalogue of its fleet file, as far as that can be read.</summary>
internal static class RevocationOf
{
    public static async Task<ImageRevocation?> Async(Run run, CancellationToken cancellation)
    {
        if (run.Revoked is not null || (await FleetFile.ReadAsync(run.Source, cancellation)).Definition is not { } definition)
            return run.Revoked;
        try
        {
            return await new DirectoryImageCatalog(definition.Images).RevocationAsync(run.Image.Ref, cancellation);
        }
        catch (AdapterException)
        {
            return null;
        }
    }
}
