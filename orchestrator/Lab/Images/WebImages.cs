using System.Globalization;
using Refresh.Lab.Cloud;

namespace Refresh.Lab.Images;

/// <summary>The two images that a new lab begins with: <c>web@1.0.0</c> and its patched successor <c>web@1.1.0</c>.</summary>
internal static class WebImages
{
    public const string Old = "web@1.0.0";
    private const string Mark = ".refresh-lab";
    private static readonly string[] Versions = ["1.0.0", "1.1.0"];
    private static readonly string[] OldPatches = ["CVE-2026-0101", "CVE-2026-0214"];
    private static readonly string[] NewPatches = [.. OldPatches, "CVE-2026-0533", "CVE-2026-0719"];

    public static void Write(string directory)
    {
        Directory.CreateDirectory(directory);
        File.WriteAllText(Path.Combine(directory, Mark), string.Empty);
        Write(directory, Versions[0], "2026-01-12T06:00:00Z", OldPatches);
        Write(directory, Versions[1], "2026-02-09T06:00:00Z", NewPatches);
    }

    /// <summary>Deletes the two images where <see cref="Write(string)"/> wrote them; other images stay, and so does their directory.</summary>
    public static void Delete(string directory)
    {
        var mark = Path.Combine(directory, Mark);
        if (!File.Exists(mark))
            return;
        foreach (var image in Versions.Select(version => Image(directory, version)).Where(Directory.Exists))
            Directory.Delete(image, recursive: true);
        File.Delete(mark);
        LabRemains.DeleteEmpty(directory);
    }

    private static void Write(string directory, string version, string builtAt, string[] patches)
    {
        var image = Image(directory, version);
        Write(image, "disk/etc/os-release", $"ID=refresh-lab\nIMAGE_ID=web\nIMAGE_VERSION={version}\n");
        Write(image, "disk/etc/patches", string.Join('\n', patches) + "\n");
        Write(image, "disk/site/index.html", $"<!doctype html>\n<title>web</title>\n<p>Served by web {version}.</p>\n");
        new ImageManifest("web", version, DateTimeOffset.Parse(builtAt, CultureInfo.InvariantCulture), patches, ContentDigest.Compute(image)).Write(image);
    }

    private static string Image(string directory, string version) => Path.Combine(directory, $"web-{version}");

    private static void Write(string image, string path, string text)
    {
        var file = Path.Combine(image, path);
        Directory.CreateDirectory(Path.GetDirectoryName(file)!);
        File.WriteAllText(file, text);
    }
}
