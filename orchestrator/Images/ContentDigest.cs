using System.Formats.Tar;
using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using Refresh.Orchestrator.Images.Signing;

namespace Refresh.Orchestrator.Images;

/// <summary>
/// The digest of an image's content: SHA-256 over all files below its directory but its manifest and the signatures of it, in ordinal order of
/// their relative paths. Of each file come its path in UTF-8 with <c>/</c>, a line feed, its length in bytes in decimal,
/// a line feed, its bytes, a line feed.
/// </summary>
internal static class ContentDigest
{
    private static readonly EnumerationOptions Everything = new() { AttributesToSkip = FileAttributes.None, IgnoreInaccessible = false };

    /// <returns><c>sha256:</c> and 64 hexadecimal digits.</returns>
    /// <exception cref="IOException">A file cannot be read, changed meanwhile, is a symbolic link, a named pipe or the like, or has a control character in its name.</exception>
    public static async Task<string> ComputeAsync(string directory, CancellationToken cancellation)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        var files = Files(new DirectoryInfo(directory), "").Where(file => file.Path is not (Manifest.FileName or ManifestSignatures.FileName));
        foreach (var (path, file) in files.OrderBy(file => file.Path, StringComparer.Ordinal))
        {
            cancellation.ThrowIfCancellationRequested();
            hash.AppendData(Encoding.UTF8.GetBytes(string.Create(CultureInfo.InvariantCulture, $"{path}\n{file.Length}\n")));
            await AppendAsync(hash, file, cancellation);
            hash.AppendData("\n"u8);
        }
        return $"sha256:{Convert.ToHexStringLower(hash.GetHashAndReset())}";
    }

    private static IEnumerable<(string Path, FileInfo File)> Files(DirectoryInfo directory, string prefix)
    {
        foreach (var entry in directory.EnumerateFileSystemInfos("*", Everything))
        {
            // A link's target may change unseen; a line feed in a name could make two contents look the same.
            if (entry.LinkTarget is not null)
                throw new IOException($"{entry.FullName} is a symbolic link, which an image may not have");
            if (entry.Name.Any(char.IsControl))
                throw new IOException($"a file in {directory.FullName} has a control character in its name");
            if (entry is FileInfo file)
                yield return IsRegular(file) ? (prefix + file.Name, file) : throw new IOException($"{file.FullName} is no regular file, and an image has nothing else");
            else
                foreach (var inner in Files((DirectoryInfo)entry, $"{prefix}{entry.Name}/"))
                    yield return inner;
        }
    }

    // Pipes, sockets and devices have no length, and opening one may wait for ever. Only where it archives a file does .NET tell its kind.
    private static bool IsRegular(FileInfo file)
    {
        if (file.Length > 0)
            return true;
        using var archive = new MemoryStream();
        using (var writer = new TarWriter(archive, leaveOpen: true))
            writer.WriteEntry(file.FullName, "file");
        archive.Position = 0;
        using var reader = new TarReader(archive);
        return reader.GetNextEntry()?.EntryType == TarEntryType.RegularFile;
    }

    private static async Task AppendAsync(IncrementalHash hash, FileInfo file, CancellationToken cancellation)
    {
        var buffer = new byte[128 * 1024];
        long length = 0;
        await using var stream = new FileStream(file.FullName, FileMode.Open, FileAccess.Read, FileShare.Read, bufferSize: 0, FileOptions.SequentialScan | FileOptions.Asynchronous);
        while (await stream.ReadAsync(buffer, cancellation) is > 0 and var count)
        {
            hash.AppendData(buffer, 0, count);
            length += count;
        }
        if (length != file.Length)
            throw new IOException($"{file.FullName} changed while it was read");
    }
}
