using System.Runtime.CompilerServices;
using Refresh.Orchestrator.Images.Boms;

namespace Refresh.Orchestrator.Images;

/// <summary>The packages of an image, one at a time: those of its SBOM, or else those that its manifest lists.</summary>
internal static class PackageList
{
    /// <summary>The list; null when there is none. Reading it throws <see cref="FormatException"/> with file and place, or <see cref="IOException"/>.</summary>
    public static IAsyncEnumerable<Package>? Of(ShelvedImage image) =>
        image.Manifest.Sbom is { } sbom ? ReadAsync(Path.Combine(image.Directory, sbom)) : image.Manifest.Packages?.ToAsyncEnumerable();

    private static async IAsyncEnumerable<Package> ReadAsync(string file, [EnumeratorCancellation] CancellationToken cancellation = default)
    {
        if (new FileInfo(file).LinkTarget is not null)
            throw new FormatException($"{file} is a symbolic link, which an image may not have");
        // A named pipe has no bytes either, and would be waited for.
        if (new FileInfo(file) is { Exists: true, Length: 0 })
            throw new FormatException($"{file} is empty");
        await using var stream = new FileStream(file, FileMode.Open, FileAccess.Read, FileShare.Read, 1, FileOptions.SequentialScan | FileOptions.Asynchronous);
        await using var packages = SbomReader.ReadAsync(stream, cancellation).GetAsyncEnumerator(cancellation);
        while (await NextAsync(file, packages))
            yield return packages.Current;
    }

    private static async ValueTask<bool> NextAsync(string file, IAsyncEnumerator<Package> packages)
    {
        try
        {
            return await packages.MoveNextAsync();
        }
        catch (FormatException mistake)
        {
            throw new FormatException($"{file}: {mistake.Message}", mistake);
        }
    }
}
