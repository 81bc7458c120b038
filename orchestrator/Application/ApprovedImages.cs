using Refresh.Orchestrator.Settings;
using Refresh.Workflows.Images;
using Refresh.Workflows.Ports;

namespace Refresh.Orchestrator.Application;

/// <summary>Images that every gate of a fleet lets pass.</summary>
internal static class ApprovedImages
{
    /// <summary>The first of some images that the gates let pass; null when they refuse all of them.</summary>
    /// <param name="images">The images, in the order in which they are judged.</param>
    /// <param name="settings">Where they are, and what the fleet file asks of them.</param>
    /// <param name="catalogue">The catalogue.</param>
    /// <param name="now">When they are judged.</param>
    /// <param name="cancellation">Ends the call.</param>
    /// <exception cref="AdapterException">The policy or an image cannot be read.</exception>
    public static async Task<GoldenImage?> FirstAsync(IEnumerable<GoldenImage> images, ImageSettings settings, IImageCatalog catalogue, DateTimeOffset now, CancellationToken cancellation)
    {
        var policies = await ImageTrust.PoliciesAsync(settings, cancellation);
        foreach (var image in images)
        {
            var (report, _) = await ImageTrust.JudgeAsync(image.Ref, policies, [], catalogue, now, cancellation);
            if (!report.Refusals.Any())
                return image;
        }

        return null;
    }
}
