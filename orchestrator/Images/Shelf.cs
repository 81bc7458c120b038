using Refresh.Workflows.Images;

namespace Refresh.Orchestrator.Images;

/// <summary>All images of a directory as their manifests describe them, and what is wrong with those that cannot be used.</summary>
/// <param name="Images">By name, then newest build first; builds of the same instant by version, the ordinally last first.</param>
/// <param name="Mistakes">One text a manifest that cannot be used.</param>
internal sealed record Shelf(IReadOnlyList<ShelvedImage> Images, IReadOnlyList<string> Mistakes)
{
    /// <exception cref="IOException">The directory cannot be read.</exception>
    public static async Task<Shelf> ReadAsync(string directory, CancellationToken cancellation)
    {
        var images = new List<ShelvedImage>();
        var mistakes = new List<string>();
        foreach (var candidate in new DirectoryInfo(directory).EnumerateDirectories().OrderBy(one => one.Name, StringComparer.Ordinal))
        {
            if (!File.Exists(Manifest.Path(candidate.FullName)))
                continue;
            try
            {
                images.Add(new ShelvedImage(await Manifest.ReadAsync(candidate, cancellation), candidate.FullName));
            }
            catch (Exception exception) when (exception is FormatException or IOException or UnauthorizedAccessException)
            {
                mistakes.Add($"{Manifest.Path(candidate.FullName)}: {exception.Message}");
            }
        }
        foreach (var twins in images.GroupBy(entry => entry.Image.Ref.Label).Where(twins => twins.Skip(1).Any()).ToList())
        {
            mistakes.Add($"{twins.Key} is claimed by {string.Join(" and ", twins.Select(twin => twin.Directory))}");
            images.RemoveAll(twins.Contains);
        }
        return new Shelf(
            [.. images
                .OrderBy(entry => entry.Image.Ref.Name, StringComparer.Ordinal)
                .ThenByDescending(entry => entry.Image.BuiltAt)
                .ThenByDescending(entry => entry.Image.Ref.Version, StringComparer.Ordinal)],
            mistakes);
    }
}

/// <summary>An image and the directory that it lies in.</summary>
internal sealed record ShelvedImage(Manifest Manifest, string Directory)
{
    public GoldenImage Image => Manifest.Image;
}
