using System.Text.Json;

namespace Refresh.Lab.Images;

/// <summary>What an image says of itself, in the <c>manifest.json</c> of its directory.</summary>
/// <param name="Name">The image's name, for example <c>web</c>.</param>
/// <param name="Version">Its version, for example <c>1.1.0</c>.</param>
/// <param name="BuiltAt">When it was built.</param>
/// <param name="Patches">What was patched into it.</param>
/// <param name="Digest">The digest of its content, <c>sha256:</c> and 64 hexadecimal digits.</param>
public sealed record ImageManifest(string Name, string Version, DateTimeOffset BuiltAt, IReadOnlyList<string> Patches, string Digest)
{
    /// <summary>The manifest's name in the directory of its image.</summary>
    public const string FileName = "manifest.json";

    /// <summary>The signatures of the manifest, which are not content.</summary>
    public const string SignaturesFileName = "manifest.json.sig";

    /// <summary>Name and version as people write them: <c>web@1.1.0</c>.</summary>
    public string Label() => $"{Name}@{Version}";

    internal static ImageManifest Read(string directory)
    {
        var path = Path.Combine(directory, FileName);
        try
        {
            return JsonSerializer.Deserialize(File.ReadAllBytes(path), LabJson.Default.ImageManifest)
                ?? throw new JsonException("it is null");
        }
        catch (Exception e) when (e is JsonException or IOException or UnauthorizedAccessException)
        {
            throw new LabException("manifest-unreadable", 500, $"{path} cannot be read: {e.Message}", "repair or remove the image");
        }
    }

    internal void Write(string directory) =>
        File.WriteAllBytes(Path.Combine(directory, FileName), JsonSerializer.SerializeToUtf8Bytes(this, LabJson.Default.ImageManifest));
}
