using System.Security.Cryptography;
using Refresh.Lab.Images;

namespace Refresh.Lab.Guests;

/// <summary>What a guest says of itself, read from its own disk.</summary>
/// <param name="Image">The image on its disk.</param>
/// <param name="MachineId">The id that it made for itself at the first boot from that disk.</param>
/// <param name="BootedAt">When it booted.</param>
/// <param name="Patches">The patches on its disk.</param>
internal sealed record GuestIdentity(GuestImage Image, string MachineId, DateTimeOffset BootedAt, IReadOnlyList<string> Patches)
{
    /// <summary>Reads the disk. The digest is that of the content found there, not the one that the manifest claims.</summary>
    public static GuestIdentity Read(string disk, DateTimeOffset bootedAt)
    {
        var image = Path.Combine(disk, GuestDisk.Image);
        var manifest = ImageManifest.Read(image);
        return new(new(manifest.Name, manifest.Version, ContentDigest.Compute(image)), ReadMachineId(disk), bootedAt, manifest.Patches);
    }

    private static string ReadMachineId(string disk)
    {
        var file = Path.Combine(disk, "var", "machine-id");
        if (File.Exists(file))
            return File.ReadAllText(file).Trim();
        var id = RandomNumberGenerator.GetHexString(32, lowercase: true);
        Directory.CreateDirectory(Path.GetDirectoryName(file)!);
        File.WriteAllText(file, id + "\n");
        return id;
    }
}

/// <summary>The image on a guest's disk.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Version">Its version.</param>
/// <param name="Digest">The digest of the content on the disk.</param>
internal sealed record GuestImage(string Name, string Version, string Digest);

/// <summary>How a VM's disk is laid out: the image as it was copied, and beside it what the guest writes.</summary>
internal static class GuestDisk
{
    public const string Image = "image";
}
