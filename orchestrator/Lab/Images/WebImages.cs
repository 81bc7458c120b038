using System.Globalization;

namespace Refresh.Lab.Images;

/// <summary>The two images that a new lab begins with: <c>web@1.0.0</c> and its patched successor <c>web@1.1.0</c>.</summary>
internal static class WebImages
{
    public const string Old = "web@1.0.0";
    private static readonly string[] OldPatches = ["CVE-2026-0101", "CVE-2026-0214"];
    private static readonly string[] NewPatches = [.. OldPatches, "CVE-2026-0533", "CVE-2026-0719"];

    public static void Write(string directory)
    {
        Write(directory, "1.0.0", "2026-01-12T06:00:00Z", OldPatches);
        Write(directory, "1.1.0", "2026-02-09T06:00:00Z", NewPatches);
    }

    private static void Write(string directory, string version, string builtAt, string[] patches)
    {
        var image = Path.Combine(directory, $"web-{version}");
        Write(image, "disk/etc/os-release", $"ID=refresh-lab\nIMAGE_ID=web\nIMAGE_VERSION={version}\n");
        Write(image, "disk/etc/patches", string.Join('\n', patches) + "\n");
        Write(image, "disk/site/index.html", $"<!doctype html>\n<title>web</title>\n<p>Served by web {version}.</p>\n");
        new ImageManifest("web", version, DateTimeOffset.Parse(builtAt, CultureInfo.InvariantCulture), patches, ContentDigest.Compute(image)).Write(image);
    }

    private static void Write(string image, string path, string text)
    {
        var file = Path.Combine(image, path);
        Directory.CreateDirectory(Path.GetDirectoryName(file)!);
        File.WriteAllText(file, text);
    }
}
