using Refresh.Orchestrator.Settings;
using Refresh.Workflows.Images;
using Refresh.Workflows.Ports;
using Refresh.Workflows.Reasons;
using Refresh.Workflows.Trust;

namespace Refresh.Orchestrator.Images;

/// <summary>Golden images in a directory: each directory in it that holds a <c>manifest.json</c> is one.</summary>
/// <param name="settings">Where the images are.</param>
public sealed class DirectoryImageCatalog(ImageSettings settings) : IImageCatalog
{
    private readonly ImageLog _log = new(settings.Directory);
    private volatile ReadLog? _read;

    /// <inheritdoc />
    public async Task<IReadOnlyList<GoldenImage>> ListAsync(CancellationToken cancellation)
    {
        var shelf = await ReadAsync(cancellation);
        return shelf.Mistakes.Count == 0 ? [.. shelf.Images.Select(entry => AtSite(entry.Image) ?? entry.Image)] : throw Invalid(shelf.Mistakes);
    }

    /// <inheritdoc />
    /// <remarks>An image asked for by its version is found even while the manifest of another one is damaged, so that a rollback does not wait for it.</remarks>
    public async Task<GoldenImage> FindAsync(string name, string? version, CancellationToken cancellation)
    {
        var shelf = await ReadAsync(cancellation);
        var found = shelf.Images.FirstOrDefault(entry => entry.Image.Ref.Name == name && (version is null || entry.Image.Ref.Version == version));
        // A manifest that cannot be read may be that of the image, or of a newer build.
        if (shelf.Mistakes.Count > 0 && (found is null || version is null))
            throw Invalid(shelf.Mistakes);
        if (found is null)
            throw Unknown(name, version, [.. shelf.Images.Select(entry => entry.Image.Ref)]);
        await VerifyAsync(found, cancellation);
        return AtSite(found.Image) ?? throw NotAtSite(found.Image);
    }

    /// <inheritdoc />
    public async Task<ImageFacts> InspectAsync(ImageRef image, IReadOnlyList<ImagePolicy> policies, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(image);
        ArgumentNullException.ThrowIfNull(policies);
        return await new Inspection(settings.Directory, await ShelvedAsync(image, cancellation), policies).ReadAsync(cancellation);
    }

    /// <inheritdoc />
    public async Task<ImageRevocation?> RevocationAsync(ImageRef image, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(image);
        // Every run asks this each second: a log that has not grown is not read and checked anew.
        var stamp = _log.Stamp;
        if (_read is not { } read || read.Stamp != stamp)
            _read = read = new ReadLog(stamp, await _log.ReadAsync(cancellation));
        return Inspection.RevocationOf(read.Entries, image);
    }

    /// <summary>Every package of an image, by its SBOM or else by its manifest; null when it has no list.</summary>
    /// <exception cref="AdapterException">There is no such image, or its list cannot be read.</exception>
    internal async Task<IAsyncEnumerable<Package>?> PackagesAsync(ImageRef image, CancellationToken cancellation) =>
        PackageList.Of(await ShelvedAsync(image, cancellation));

    /// <summary>The directory and manifest of an image whose content need not be what its digest says.</summary>
    /// <exception cref="AdapterException">There is no such image.</exception>
    internal async Task<ShelvedImage> ShelvedAsync(string name, string? version, CancellationToken cancellation)
    {
        var shelf = await ReadAsync(cancellation);
        return shelf.Images.FirstOrDefault(entry => entry.Image.Ref.Name == name && (version is null || entry.Image.Ref.Version == version))
            ?? throw (shelf.Mistakes.Count > 0 ? Invalid(shelf.Mistakes) : Unknown(name, version, [.. shelf.Images.Select(entry => entry.Image.Ref)]));
    }

    private Task<ShelvedImage> ShelvedAsync(ImageRef image, CancellationToken cancellation) => ShelvedAsync(image.Name, image.Version, cancellation);

    private async Task<Shelf> ReadAsync(CancellationToken cancellation)
    {
        try
        {
            return await Shelf.ReadAsync(settings.Directory, cancellation);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            throw new AdapterException(
                new Reason("image-catalogue-unreadable", $"The images in {settings.Directory} cannot be read: {exception.Message}", "Put the directory there, readable; nothing was changed."), exception);
        }
    }

    internal static async Task VerifyAsync(ShelvedImage found, CancellationToken cancellation)
    {
        string digest;
        try
        {
            digest = await ContentDigest.ComputeAsync(found.Directory, cancellation);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            throw new AdapterException(
                new Reason("image-content-unreadable", $"The content of {found.Image.Ref.Label} cannot be checked: {exception.Message}", $"Put the image into {found.Directory} anew; nothing was changed."), exception);
        }
        if (digest != found.Image.Ref.Digest)
            throw new AdapterException(new Reason(
                "image-digest-mismatch",
                $"The content of {found.Image.Ref.Label} in {found.Directory} is {digest}, but its manifest says {found.Image.Ref.Digest}",
                "The image was changed or copied in part since it was built: put it there anew, or build it again under another version; nothing was changed."));
    }

    /// <summary>An image as the provisioner of the site finds it; null when its manifest names other sites only.</summary>
    private GoldenImage? AtSite(GoldenImage image) =>
        settings.Site is not { } site || image.Providers is not { Count: > 0 } sites ? image
        : sites.TryGetValue(site, out var id) ? image with { Location = id }
        : null;

    private AdapterException NotAtSite(GoldenImage image) => new(new Reason(
        "image-not-at-site",
        $"{image.Ref.Label} is not at site {settings.Site}: its manifest names {string.Join(", ", image.Providers!.Keys.Order(StringComparer.Ordinal))}",
        "Publish it there, under a new version whose manifest names the site; nothing was changed."));

    private static AdapterException Invalid(IReadOnlyList<string> mistakes) =>
        new(new Reason("image-manifest-invalid", $"Manifests of images cannot be used: {string.Join("; ", mistakes)}", "Correct or remove each of them; nothing was changed."));

    private AdapterException Unknown(string name, string? version, IReadOnlyList<ImageRef> known)
    {
        var asked = version is null ? name : $"{name}@{version}";
        var labels = known.Select(image => image.Label).ToList();
        var nearest = Spelling.Nearest(asked, version is null ? [.. known.Select(image => image.Name).Distinct()] : labels);
        return new AdapterException(new Reason(
            "image-unknown",
            $"There is no image '{Spelling.Printable(asked)}' in {settings.Directory}; there {(labels.Count == 0 ? "is none at all" : $"are: {string.Join(", ", labels)}")}",
            nearest is null ? "Name one that is there, or put the image there; nothing was changed." : $"Did you mean {nearest}? Nothing was changed."));
    }

    private sealed record ReadLog((long Length, DateTime Written) Stamp, IReadOnlyList<LogEntry> Entries);
}
