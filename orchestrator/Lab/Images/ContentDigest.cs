using System.Globalization;
using System.Security.Cryptography;
using System.Text;

namespace Refresh.Lab.Images;

/// <summary>
/// The digest of an image's content: SHA-256 over every file below its directory but <c>manifest.json</c> and <c>manifest.json.sig</c>, in ordinal order
/// of their relative paths. Of each file: its path with <c>/</c>, a line feed, its length in decimal, a line feed, its
/// bytes, a line feed. The lab has its own copy of this rule, so that it needs nothing else of Refresh.
/// </summary>
internal static class ContentDigest
{
    public static string Compute(string directory)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        foreach (var path in Files(directory))
        {
            var content = File.ReadAllBytes(Path.Combine(directory, path));
            hash.AppendData(Encoding.UTF8.GetBytes(string.Create(CultureInfo.InvariantCulture, $"{path}\n{content.Length}\n")));
            hash.AppendData(content);
            hash.AppendData("\n"u8);
        }
        return "sha256:" + Convert.ToHexStringLower(hash.GetHashAndReset());
    }

    private static IEnumerable<string> Files(string directory) =>
        Directory.EnumerateFiles(directory, "*", SearchOption.AllDirectories)
            .Select(file => Path.GetRelativePath(directory, file).Replace(Path.DirectorySeparatorChar, '/'))
            .Where(path => path is not (ImageManifest.FileName or ImageManifest.SignaturesFileName))
            .Order(StringComparer.Ordinal);
}
