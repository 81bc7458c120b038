using System.Formats.Tar;
using Refresh.Workflows.Ports;
using Refresh.Workflows.Reasons;

namespace Refresh.Orchestrator.Images.Sources;

/// <summary>An image in one file, as it is sent from one machine to another: a .tar or .tar.gz with the manifest in its root.</summary>
/// <param name="file">The file.</param>
internal sealed class ImageArchive(string file)
{
    /// <summary>The directory that it is unpacked in.</summary>
    public const string Unpacked = "content";

    /// <summary>Writes the archive of a directory: its files in ordinal order and without times, so that the same directory gives the same archive.</summary>
    /// <exception cref="AdapterException">It cannot be written.</exception>
    public async Task WriteAsync(string directory, CancellationToken cancellation)
    {
        try
        {
            await using var stream = new FileStream(file, FileMode.CreateNew, FileAccess.Write, FileShare.None, 64 * 1024, FileOptions.Asynchronous);
            await using var tar = new TarWriter(stream);
            foreach (var path in Directory.EnumerateFiles(directory, "*", new EnumerationOptions { RecurseSubdirectories = true, AttributesToSkip = FileAttributes.None }).Order(StringComparer.Ordinal))
            {
                await using var content = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.Read, 1, FileOptions.SequentialScan | FileOptions.Asynchronous);
                await tar.WriteEntryAsync(new PaxTarEntry(TarEntryType.RegularFile, Path.GetRelativePath(directory, path)) { DataStream = content, ModificationTime = DateTimeOffset.UnixEpoch }, cancellation);
            }
        }
        catch (Exception unusable) when (unusable is IOException or UnauthorizedAccessException)
        {
            throw new AdapterException(new Reason("image-not-sent", $"The image in {directory} cannot be sent: {unusable.Message}", "that is put right; nothing was changed"), unusable);
        }
    }

    /// <summary>Unpacks it below a directory.</summary>
    /// <returns>The image's directory.</returns>
    /// <exception cref="AdapterException">It is no archive, holds what an image may not have, or is larger than is taken.</exception>
    public async Task<string> OpenAsync(string below, long most, CancellationToken cancellation)
    {
        var content = Directory.CreateDirectory(Path.Combine(below, Unpacked)).FullName;
        try
        {
            await Archives.ExtractAsync(file, content, cancellation, most);
            File.Delete(file);
            return content;
        }
        catch (Exception damaged) when (damaged is IOException or InvalidDataException or FormatException or UnauthorizedAccessException)
        {
            throw new AdapterException(new Reason("image-source-unusable", $"No image can be taken from what was sent: {damaged.Message}", "it is put right and sent again; nothing was changed"), damaged);
        }
    }
}
