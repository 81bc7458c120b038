using System.Security.Cryptography;
using System.Text.RegularExpressions;
using Refresh.Orchestrator.Json;
using Refresh.Workflows.Images;

namespace Refresh.Orchestrator.Images;

/// <summary>The <c>manifest.json</c> of an image.</summary>
/// <param name="Image">The image that it describes.</param>
/// <param name="Sbom">The file with its SBOM, relative to the image's directory and so covered by its digest; null if there is none.</param>
/// <param name="Packages">The packages that it lists itself; null if it lists none.</param>
/// <param name="Digest">The digest of the manifest itself, which approvals are for.</param>
internal sealed partial record Manifest(GoldenImage Image, string? Sbom, IReadOnlyList<Package>? Packages, string Digest)
{
    public const string FileName = "manifest.json";

    private const int MaxBytes = 1024 * 1024;

    public static string Path(string directory) => System.IO.Path.Combine(directory, FileName);

    /// <exception cref="FormatException">The manifest is damaged, or fields are missing or wrong.</exception>
    /// <exception cref="IOException">It cannot be read.</exception>
    public static async Task<Manifest> ReadAsync(DirectoryInfo directory, CancellationToken cancellation) =>
        Read(await BytesAsync(directory, cancellation), directory.FullName);

    /// <summary>The manifest as it is written, which is what signatures are of.</summary>
    /// <exception cref="FormatException">It cannot be a manifest.</exception>
    /// <exception cref="IOException">It cannot be read.</exception>
    public static async Task<byte[]> BytesAsync(DirectoryInfo directory, CancellationToken cancellation)
    {
        var file = new FileInfo(Path(directory.FullName));
        if (directory.LinkTarget is not null || file.LinkTarget is not null)
            throw new FormatException("it is reached by a symbolic link; an image is a directory of its own");
        if (file.Length is 0 or > MaxBytes)
            throw new FormatException("it is empty or larger than 1 MiB");
        return await File.ReadAllBytesAsync(file.FullName, cancellation);
    }

    /// <summary>Reads an image out of its manifest.</summary>
    /// <param name="manifest">The document.</param>
    /// <param name="directory">Where the image is, unless the manifest names another location.</param>
    /// <exception cref="FormatException">It is damaged, or fields are missing or wrong.</exception>
    public static GoldenImage Parse(ReadOnlyMemory<byte> manifest, string directory) => Read(manifest, directory).Image;

    /// <summary>Reads all that a manifest says.</summary>
    /// <exception cref="FormatException">It is damaged, or fields are missing or wrong.</exception>
    public static Manifest Read(ReadOnlyMemory<byte> manifest, string directory) => JsonFields.Read(
        manifest,
        fields => new Manifest(
            new GoldenImage(
                new ImageRef(
                    fields.Text("name", Name, "made of letters, digits, '.', '_' and '-'"),
                    fields.Text("version", Version, "made of letters, digits, '.', '_', '-' and '+'"),
                    fields.Text("digest", DigestForm, "'sha256:' and 64 lower-case hexadecimal digits")),
                fields.Instant("builtAt"),
                fields.Texts("patches"),
                fields.OptionalText("location") ?? directory)
            {
                Source = fields.OptionalText("source"),
                BaseImage = fields.OptionalText("baseImage"),
                PatchLevel = fields.OptionalText("patchLevel"),
                Providers = fields.OptionalMap("providers"),
            },
            SbomOf(fields),
            fields.Has("packages") ? fields.Objects("packages", package => new Package(package.Text("name"), package.Text("version"), package.OptionalText("purl"))) : null,
            $"sha256:{Convert.ToHexStringLower(SHA256.HashData(manifest.Span))}"),
        places: true);

    private static string? SbomOf(JsonFields fields)
    {
        var file = fields.OptionalText("sbom");
        if (file is { Length: > 0 } && (System.IO.Path.IsPathRooted(file) || file.Contains('\\', StringComparison.Ordinal) || file.Split('/').Any(part => part is "" or "." or "..")))
            fields.FailAt("sbom", $"is not a file below the image's directory: '{file}'");
        return file;
    }

    // A letter or digit comes first, so that no name is '.' or '..' or looks like an option.
    [GeneratedRegex(@"\A[A-Za-z0-9][A-Za-z0-9._-]{0,127}\z")]
    private static partial Regex Name { get; }

    [GeneratedRegex(@"\A[A-Za-z0-9][A-Za-z0-9._+-]{0,127}\z")]
    private static partial Regex Version { get; }

    [GeneratedRegex(@"\Asha256:[0-9a-f]{64}\z")]
    internal static partial Regex DigestForm { get; }
}
