using System.Security.Cryptography;
using System.Text.Json;
using Refresh.Orchestrator.Images.Signing;
using Refresh.Workflows.Ports;
using Refresh.Workflows.Reasons;

namespace Refresh.Orchestrator.Images;

/// <summary>
/// What people did with the images of a catalogue: an append-only file with a JSON object a line, each with the hash of the
/// line before. A line is written whole or does not count: what follows the last line feed was never acknowledged.
/// </summary>
/// <param name="directory">The directory of the images.</param>
internal sealed class ImageLog(string directory)
{
    private const int MaxBytes = 64 * 1024 * 1024;
    private static readonly string s_none = Hash([]);
    private static readonly TimeSpan s_patience = TimeSpan.FromSeconds(10);
    private readonly string _room = Path.Combine(directory, RoomName);

    /// <summary>The room of the catalogue in the directory of the images.</summary>
    public const string RoomName = ".catalogue";

    private string File => Path.Combine(_room, "log.jsonl");

    /// <summary>Changes whenever something is added; of a log that is not there, nothing.</summary>
    public (long Length, DateTime Written) Stamp => new FileInfo(File) is { Exists: true } file ? (file.Length, file.LastWriteTimeUtc) : default;

    /// <summary>All entries, oldest first.</summary>
    /// <exception cref="AdapterException">It cannot be read, or was changed.</exception>
    public async Task<IReadOnlyList<LogEntry>> ReadAsync(CancellationToken cancellation)
    {
        try
        {
            if (!System.IO.File.Exists(File))
                return [];
            await using var stream = new FileStream(File, FileMode.Open, FileAccess.Read, FileShare.ReadWrite, 1, FileOptions.Asynchronous);
            return Parse(await BytesAsync(stream, cancellation)).Entries;
        }
        catch (Exception exception) when (exception is FormatException or IOException or UnauthorizedAccessException)
        {
            throw new AdapterException(new Reason("image-log-unreadable", $"What was done with the images cannot be read: {File}: {exception.Message}", "the file is put back as it was, from a backup; nothing was changed"), exception);
        }
    }

    /// <summary>Adds an entry; it is on disk when this returns.</summary>
    /// <exception cref="AdapterException">It cannot be written, or was changed.</exception>
    public async Task<LogEntry> AppendAsync(Func<long, LogEntry> make, TimeProvider clock, CancellationToken cancellation)
    {
        try
        {
            Directory.CreateDirectory(_room);
            using var alone = await LockAsync(clock, cancellation);
            await using var stream = new FileStream(File, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.Read, 1, FileOptions.Asynchronous);
            var (entries, last, good) = Parse(await BytesAsync(stream, cancellation));
            var entry = make(entries.Count + 1) with { Previous = last };
            var line = JsonSerializer.SerializeToUtf8Bytes(entry, s_json);
            // What could not be read again is not written.
            LogEntry.Parse(line);
            stream.SetLength(good);
            stream.Position = good;
            await stream.WriteAsync((byte[])[.. line, (byte)'\n'], CancellationToken.None);
            stream.Flush(flushToDisk: true);
            return entry;
        }
        catch (Exception exception) when (exception is FormatException or IOException or UnauthorizedAccessException)
        {
            throw new AdapterException(new Reason("image-log-unwritable", $"What is done with the images cannot be written down: {File}: {exception.Message}", "that is put right, and it is done again; nothing was changed"), exception);
        }
    }

    /// <summary>Takes a log apart: its entries, the hash of its last line, and how many bytes of it count.</summary>
    /// <exception cref="FormatException">It was changed or damaged; with the line.</exception>
    internal static (IReadOnlyList<LogEntry> Entries, string Last, long Good) Parse(ReadOnlyMemory<byte> log)
    {
        var entries = new List<LogEntry>();
        var (last, at) = (s_none, 0);
        while (log.Span[at..].IndexOf((byte)'\n') is >= 0 and var length)
        {
            var line = log.Slice(at, length);
            LogEntry entry;
            try
            {
                entry = LogEntry.Parse(line);
            }
            catch (FormatException mistake)
            {
                throw new FormatException($"entry {entries.Count + 1}: {mistake.Message}", mistake);
            }

            if (entry.Sequence != entries.Count + 1 || entry.Previous != last)
                throw new FormatException(FormattableString.Invariant($"line {entries.Count + 1}, column 1: the entry does not follow the one before: lines were changed, added or taken away"));
            entries.Add(entry);
            last = Hash(line.Span);
            at += length + 1;
        }

        return (entries, last, at);
    }

    private static readonly JsonSerializerOptions s_json = new(ManifestSignatures.Json) { WriteIndented = false };

    private static string Hash(ReadOnlySpan<byte> line) => $"sha256:{Convert.ToHexStringLower(SHA256.HashData(line))}";

    private static async Task<ReadOnlyMemory<byte>> BytesAsync(FileStream stream, CancellationToken cancellation)
    {
        if (stream.Length > MaxBytes)
            throw new FormatException("it is larger than 64 MiB");
        var bytes = new byte[stream.Length];
        var length = await stream.ReadAtLeastAsync(bytes, bytes.Length, throwOnEndOfStream: false, cancellation);
        return bytes.AsMemory(0, length);
    }

    private async Task<FileStream> LockAsync(TimeProvider clock, CancellationToken cancellation)
    {
        var begun = clock.GetTimestamp();
        while (true)
        {
            try
            {
                return new FileStream(Path.Combine(_room, "lock"), FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None);
            }
            catch (IOException) when (clock.GetElapsedTime(begun) < s_patience)
            {
                await Task.Delay(TimeSpan.FromMilliseconds(50), clock, cancellation);
            }
        }
    }
}
