namespace Refresh.Lab.Images;

/// <summary>The lab's images: one directory an image, each with its manifest.</summary>
internal sealed class ImageStore(string directory)
{
    public string Root => directory;

    /// <summary>All images, by name, then newest build first.</summary>
    public IReadOnlyList<LabImage> List() =>
        [.. Directory.EnumerateDirectories(directory)
            .Where(path => File.Exists(Path.Combine(path, ImageManifest.FileName)))
            .Select(path => new LabImage(ImageManifest.Read(path), path))
            .OrderBy(image => image.Manifest.Name, StringComparer.Ordinal)
            .ThenByDescending(image => image.Manifest.BuiltAt)];

    /// <summary>Finds <c>name@version</c>, or the newest build of <c>name</c>.</summary>
    public LabImage Find(string label)
    {
        var images = List();
        return images.FirstOrDefault(image => image.Manifest.Label() == label || image.Manifest.Name == label)
            ?? throw new LabException(
                "unknown-image",
                404,
                $"There is no image '{label}' in {directory}; there are: {string.Join(", ", images.Select(image => image.Manifest.Label()))}.",
                "name one of these images");
    }

    /// <summary>Another image than the given one, the oldest there is: what a mislabelled template would hold.</summary>
    public LabImage OtherThan(LabImage image) =>
        List().Where(other => other.Manifest.Digest != image.Manifest.Digest).MinBy(other => other.Manifest.BuiltAt)
            ?? throw new LabException("no-other-image", 409, $"There is no image but {image.Manifest.Label()}, so no wrong one can be cloned.", "add a second image");
}

/// <summary>An image and the directory that holds it.</summary>
/// <param name="Manifest">What it says of itself.</param>
/// <param name="Location">The full path of its directory.</param>
public sealed record LabImage(ImageManifest Manifest, string Location)
{
    /// <summary>Copies manifest and content to a VM's disk.</summary>
    internal void CopyTo(string target)
    {
        foreach (var file in Directory.EnumerateFiles(Location, "*", SearchOption.AllDirectories))
        {
            var copy = Path.Combine(target, Path.GetRelativePath(Location, file));
            Directory.CreateDirectory(Path.GetDirectoryName(copy)!);
            File.Copy(file, copy);
        }
    }
}
