using Refresh.Workflows.Images;
using Refresh.Workflows.Trust;

namespace Refresh.Workflows.Ports;

/// <summary>The golden images that there are.</summary>
public interface IImageCatalog
{
    /// <summary>All images, by name, then newest build first.</summary>
    /// <param name="cancellation">Ends the call.</param>
    /// <returns>The images.</returns>
    /// <exception cref="AdapterException">The catalogue, or a manifest in it, cannot be read.</exception>
    Task<IReadOnlyList<GoldenImage>> ListAsync(CancellationToken cancellation);

    /// <summary>Finds one image and checks its content against its digest.</summary>
    /// <param name="name">The image's name.</param>
    /// <param name="version">Its version, or null for the newest build.</param>
    /// <param name="cancellation">Ends the call.</param>
    /// <returns>The image.</returns>
    /// <exception cref="AdapterException">There is no such image (the reason names those that there are), or its content is not what its digest says.</exception>
    Task<GoldenImage> FindAsync(string name, string? version, CancellationToken cancellation);

    /// <summary>Reads what an image is judged by. What cannot be read is among the facts' faults, so that the gate that needs it refuses.</summary>
    /// <param name="image">The image.</param>
    /// <param name="policies">What will be asked of it: which packages and which keys matter.</param>
    /// <param name="cancellation">Ends the call.</param>
    /// <returns>The facts.</returns>
    /// <exception cref="AdapterException">There is no such image.</exception>
    Task<ImageFacts> InspectAsync(ImageRef image, IReadOnlyList<ImagePolicy> policies, CancellationToken cancellation);

    /// <summary>Whether an image is revoked: by its name and version, or by the digest of its content.</summary>
    /// <param name="image">The image.</param>
    /// <param name="cancellation">Ends the call.</param>
    /// <returns>Who revoked it; null if nobody did.</returns>
    /// <exception cref="AdapterException">That cannot be read.</exception>
    Task<ImageRevocation?> RevocationAsync(ImageRef image, CancellationToken cancellation);
}
