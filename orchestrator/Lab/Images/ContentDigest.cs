using System.Security.Cryptography;
using System.Text;

namespace Refresh.Lab.Images;

/// <summary>
/// The digest of an image's content: every file below its directory but <c>manifest.json</c> itself. It is the SHA-256 of
/// the lines <c>HEX  PATH\n</c> that sha256sum prints, one a file, paths relative with forward slashes, in ordinal order.
/// </summary>
internal static class ContentDigest
{
    public static string Compute(string directory)
    {
        var lines = new StringBuilder();
        foreach (var path in Files(directory))
            lines.Append(Hash(Path.Combine(directory, path))).Append("  ").Append(path).Append('\n');
        return "sha256:" + Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(lines.ToString())));
    }

    private static IEnumerable<string> Files(string directory) =>
        Directory.EnumerateFiles(directory, "*", SearchOption.AllDirectories)
            .Select(file => Path.GetRelativePath(directory, file).Replace(Path.DirectorySeparatorChar, '/'))
            .Where(path => path != ImageManifest.FileName)
            .Order(StringComparer.Ordinal);

    private static string Hash(string file)
    {
        using var stream = File.OpenRead(file);
        return Convert.ToHexStringLower(SHA256.HashData(stream));
    }
}
