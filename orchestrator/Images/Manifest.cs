using System.Text.RegularExpressions;
using Refresh.Orchestrator.Json;
using Refresh.Workflows.Images;

namespace Refresh.Orchestrator.Images;

/// <summary>The <c>manifest.json</c> of an image.</summary>
internal static partial class Manifest
{
    public const string FileName = "manifest.json";

    private const int MaxBytes = 1024 * 1024;

    public static string Path(string directory) => System.IO.Path.Combine(directory, FileName);

    /// <exception cref="FormatException">The manifest is damaged, or fields are missing or wrong.</exception>
    /// <exception cref="IOException">It cannot be read.</exception>
    public static async Task<GoldenImage> ReadAsync(DirectoryInfo directory, CancellationToken cancellation)
    {
        var file = new FileInfo(Path(directory.FullName));
        if (directory.LinkTarget is not null || file.LinkTarget is not null)
            throw new FormatException("it is reached by a symbolic link; an image is a directory of its own");
        if (file.Length is 0 or > MaxBytes)
            throw new FormatException("it is empty or larger than 1 MiB");
        return Parse(await File.ReadAllBytesAsync(file.FullName, cancellation), directory.FullName);
    }

    /// <summary>Reads an image out of its manifest.</summary>
    /// <param name="manifest">The document.</param>
    /// <param name="directory">Where the image is, unless the manifest names another location.</param>
    /// <exception cref="FormatException">It is damaged, or fields are missing or wrong.</exception>
    public static GoldenImage Parse(ReadOnlyMemory<byte> manifest, string directory) => JsonFields.Read(manifest, fields => new GoldenImage(
        new ImageRef(
            fields.Text("name", Name, "made of letters, digits, '.', '_' and '-'"),
            fields.Text("version", Name, "made of letters, digits, '.', '_' and '-'"),
            fields.Text("digest", Digest, "'sha256:' and 64 lower-case hexadecimal digits")),
        fields.Instant("builtAt"),
        fields.Texts("patches"),
        fields.OptionalText("location") ?? directory));

    // A letter or digit comes first, so that no name is '.' or '..' or looks like an option.
    [GeneratedRegex(@"\A[A-Za-z0-9][A-Za-z0-9._-]{0,127}\z")]
    private static partial Regex Name { get; }

    [GeneratedRegex(@"\Asha256:[0-9a-f]{64}\z")]
    private static partial Regex Digest { get; }
}
