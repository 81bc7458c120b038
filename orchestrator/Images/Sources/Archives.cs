using System.Formats.Tar;

namespace Refresh.Orchestrator.Images.Sources;

/// <summary>Unpacks archives: files and directories alone, all of them below the target.</summary>
internal static class Archives
{
    private const int MostEntries = 1_000_000;

    /// <summary>Unpacks an archive.</summary>
    /// <param name="archive">A .tar or .tar.gz.</param>
    /// <param name="target">A directory that is there.</param>
    /// <param name="cancellation">Ends the call.</param>
    /// <param name="most">The most bytes that it may unpack to.</param>
    /// <exception cref="IOException">It holds a link or a device, leads out of the target, or cannot be unpacked.</exception>
    /// <exception cref="InvalidDataException">It is damaged.</exception>
    public static async Task ExtractAsync(string archive, string target, CancellationToken cancellation, long most = long.MaxValue)
    {
        var (entries, bytes) = (0, 0L);
        await using var file = new FileStream(archive, FileMode.Open, FileAccess.Read, FileShare.Read, 1, FileOptions.SequentialScan | FileOptions.Asynchronous);
        var zipped = file.ReadByte() == 0x1F && file.ReadByte() == 0x8B;
        file.Position = 0;
        await using var content = zipped ? new System.IO.Compression.GZipStream(file, System.IO.Compression.CompressionMode.Decompress) : (Stream)file;
        await using var tar = new TarReader(content);
        while (await NextAsync(tar, cancellation) is { } entry)
        {
            if (++entries > MostEntries || (bytes += entry.Length) > most)
                throw new IOException($"there is more in it than is taken: {MostEntries} files and directories, {most} bytes");
            if (entry.Name.Contains('\0', StringComparison.Ordinal))
                throw new IOException("a name in it has a null character");
            var path = Path.GetFullPath(entry.Name, target);
            if (path != target && !path.StartsWith(target + Path.DirectorySeparatorChar, StringComparison.Ordinal) && Path.TrimEndingDirectorySeparator(path) != target)
                throw new IOException($"{entry.Name} in it leads out of the archive");
            switch (entry.EntryType)
            {
                case TarEntryType.Directory:
                    Directory.CreateDirectory(path);
                    break;
                case TarEntryType.RegularFile or TarEntryType.V7RegularFile:
                    Directory.CreateDirectory(Path.GetDirectoryName(path)!);
                    await entry.ExtractToFileAsync(path, overwrite: false, cancellation);
                    break;
                case TarEntryType.GlobalExtendedAttributes:
                    break;
                default:
                    throw new IOException($"{entry.Name} in it is a {entry.EntryType}, which an image may not have");
            }
        }
    }

    // Of a size that cannot be, the library says that it was called wrongly.
    private static async Task<TarEntry?> NextAsync(TarReader tar, CancellationToken cancellation)
    {
        try
        {
            return await tar.GetNextEntryAsync(copyData: false, cancellation);
        }
        catch (InvalidOperationException damaged)
        {
            throw new InvalidDataException(damaged.Message, damaged);
        }
    }
}
