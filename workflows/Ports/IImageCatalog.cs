using Refresh.Workflows.Images;

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
}
