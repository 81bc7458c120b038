using Refresh.Workflows.Images;
using Refresh.Workflows.Ports;
using Refresh.Workflows.Trust;

namespace Refresh.Orchestrator.Engine;

/// <summary>Looks again and again whether the image of a run is revoked.</summary>
internal sealed class RevocationWatch(RunPorts ports, WorkerOptions options)
{
    /// <summary>Waits until the image is revoked.</summary>
    /// <returns>Who revoked it; null when the wait was ended.</returns>
    public async Task<ImageRevocation?> UntilRevokedAsync(ImageRef image, CancellationToken stop)
    {
        try
        {
            while (true)
            {
                if (await LookAsync(image, stop) is { } revoked)
                    return revoked;
                await Task.Delay(options.RevocationInterval, ports.Clock, stop);
            }
        }
        catch (OperationCanceledException)
        {
            // The worker leaves.
            return null;
        }
    }

    private async Task<ImageRevocation?> LookAsync(ImageRef image, CancellationToken stop)
    {
        try
        {
            return await ports.Images.RevocationAsync(image, stop);
        }
        catch (AdapterException)
        {
            // It was read when the run was planned; that it cannot be read now says nothing of the image.
            return null;
        }
    }
}
