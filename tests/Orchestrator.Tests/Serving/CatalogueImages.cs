using System.Text.Json.Nodes;
using Refresh.Orchestrator.Images;
using Refresh.Orchestrator.Settings;
using Xunit;

namespace Refresh.Orchestrator.Tests.Serving;

/// <summary>Images that come into a lab's catalogue while something goes on.</summary>
internal static class CatalogueImages
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    /// <summary>Approves an image, as grace.</summary>
    public static async Task ApproveAsync(ImageSettings images, string version) =>
        await new CatalogueWriter(images, TimeProvider.System).ApproveAsync(await new DirectoryImageCatalog(images).ShelvedAsync("web", version, Cancellation), "grace", null, Cancellation);

    /// <summary>Revokes an image, as grace.</summary>
    public static async Task RevokeAsync(ImageSettings images, string version, string why)
    {
        var image = await new DirectoryImageCatalog(images).ShelvedAsync("web", version, Cancellation);
        await new CatalogueWriter(images, TimeProvider.System).RevokeAsync(image.Image.Ref, image.Manifest.Digest, "grace", why, Cancellation);
    }

    /// <summary>Builds a newer image from an older one, and moves it into the catalogue whole.</summary>
    public static async Task BuildAsync(ImageSettings images, string old, string version)
    {
        var from = (await new DirectoryImageCatalog(images).ShelvedAsync("web", old, Cancellation)).Directory;
        var draft = Directory.CreateTempSubdirectory("refresh-image-");
        foreach (var file in Directory.EnumerateFiles(from, "*", SearchOption.AllDirectories))
        {
            var copy = Path.Combine(draft.FullName, Path.GetRelativePath(from, file));
            Directory.CreateDirectory(Path.GetDirectoryName(copy)!);
            File.Copy(file, copy);
        }

        await File.WriteAllTextAsync(Path.Combine(draft.FullName, "version"), version, Cancellation);
        var manifest = JsonNode.Parse(await File.ReadAllTextAsync(Path.Combine(from, "manifest.json"), Cancellation))!;
        manifest["version"] = version;
        manifest["builtAt"] = manifest["builtAt"]!.GetValue<DateTimeOffset>().AddDays(1);
        manifest["digest"] = await ContentDigest.ComputeAsync(draft.FullName, Cancellation);
        await File.WriteAllTextAsync(Path.Combine(draft.FullName, "manifest.json"), manifest.ToJsonString(), Cancellation);
        await new CatalogueWriter(images, TimeProvider.System).AddAsync(draft.FullName, "a test", "grace", null, Cancellation);
        draft.Delete(recursive: true);
    }
}
