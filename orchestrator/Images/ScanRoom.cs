using System.Security.Cryptography;
using Refresh.Orchestrator.Images.Scans;

namespace Refresh.Orchestrator.Images;

/// <summary>Where a catalogue keeps scan reports: each in a file named by its digest, as its tool wrote it.</summary>
internal static class ScanRoom
{
    /// <summary>Reads a report that is kept.</summary>
    /// <exception cref="FormatException">It is not what it was; with file and place.</exception>
    /// <exception cref="IOException">It cannot be read.</exception>
    public static async Task<ScanReport> ReadAsync(string directory, string digest, CancellationToken cancellation)
    {
        var file = FileOf(directory, digest);
        var (report, seen) = await ParseAsync(file, cancellation);
        return seen == digest ? report : throw new FormatException($"{file} was changed: its content is {seen}");
    }

    /// <summary>Reads a report that somebody hands in, and its digest.</summary>
    /// <exception cref="FormatException">It is no report; with file and place.</exception>
    /// <exception cref="IOException">It cannot be read.</exception>
    public static async Task<(ScanReport Report, string Digest)> ParseAsync(string file, CancellationToken cancellation)
    {
        await using var stream = new FileStream(file, FileMode.Open, FileAccess.Read, FileShare.Read, 1, FileOptions.SequentialScan | FileOptions.Asynchronous);
        try
        {
            var report = await ScanReader.ReadAsync(stream, cancellation);
            stream.Position = 0;
            return (report, $"sha256:{Convert.ToHexStringLower(await SHA256.HashDataAsync(stream, cancellation))}");
        }
        catch (FormatException mistake)
        {
            throw new FormatException($"{file}: {mistake.Message}", mistake);
        }
    }

    /// <summary>Keeps a report.</summary>
    /// <exception cref="IOException">It cannot be copied.</exception>
    public static void Keep(string directory, string digest, string file)
    {
        var kept = FileOf(directory, digest);
        Directory.CreateDirectory(Path.GetDirectoryName(kept)!);
        File.Copy(file, $"{kept}.new", overwrite: true);
        File.Move($"{kept}.new", kept, overwrite: true);
    }

    private static string FileOf(string directory, string digest) => Path.Combine(directory, ImageLog.RoomName, "scans", $"{digest["sha256:".Length..]}.json");
}
