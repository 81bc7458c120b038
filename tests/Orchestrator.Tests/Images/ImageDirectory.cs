using System.Text.Json;
using Refresh.Orchestrator.Images;
using Refresh.Orchestrator.Settings;
using Xunit;

namespace Refresh.Orchestrator.Tests.Images;

/// <summary>A directory of golden images that lives for one test.</summary>
internal sealed class ImageDirectory : IDisposable
{
    private readonly DirectoryInfo root = Directory.CreateTempSubdirectory("refresh-images-");

    public string Path => root.FullName;

    public DirectoryImageCatalog Catalog => new(new ImageSettings(Path));

    /// <summary>Writes an image whose digest is that of its content.</summary>
    /// <returns>Its directory.</returns>
    public async Task<string> AddAsync(string directory, string name = "web", string version = "1", string builtAt = "2026-11-02T08:00:00Z", string? location = null)
    {
        Write($"{directory}/disk/etc/issue", $"{name} {version}\n");
        var image = System.IO.Path.Combine(Path, directory);
        var digest = await ContentDigest.ComputeAsync(image, TestContext.Current.CancellationToken);
        object manifest = location is null
            ? new { name, version, builtAt, patches = new[] { "CVE-2026-1" }, digest }
            : new { name, version, builtAt, patches = new[] { "CVE-2026-1" }, digest, location };
        Write($"{directory}/manifest.json", JsonSerializer.Serialize(manifest));
        return image;
    }

    public void Write(string file, string text)
    {
        var path = System.IO.Path.Combine(Path, file);
        Directory.CreateDirectory(System.IO.Path.GetDirectoryName(path)!);
        File.WriteAllText(path, text);
    }

    public void Dispose() => root.Delete(recursive: true);
}
