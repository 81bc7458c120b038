using System.Runtime.CompilerServices;
using System.Security.Cryptography;
using System.Text.Json;
using Refresh.Workflows.Ports;

namespace Refresh.Orchestrator.Journals.Archives;

/// <summary>The file of an archived run: its export, a JSON object an entry and line, each with its hash.</summary>
internal static class ArchiveFile
{
    /// <summary>Writes a run's export under its name, whole and on disk with that name, or not at all.</summary>
    /// <param name="path">The file; the same one from an archiving that was cut off may be there.</param>
    /// <param name="lines">The export.</param>
    /// <param name="cancellation">Ends the call.</param>
    /// <exception cref="JournalException">With <see cref="JournalFault.Conflict"/>: a file with other content has that name.</exception>
    public static async Task WriteAsync(string path, IAsyncEnumerable<string> lines, CancellationToken cancellation)
    {
        var made = $"{path}.{Path.GetRandomFileName()}";
        var options = new FileStreamOptions { Mode = FileMode.CreateNew, Access = FileAccess.Write };
        if (!OperatingSystem.IsWindows())
            options.UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite;
        try
        {
            await using (var stream = new FileStream(made, options))
            await using (var writer = new StreamWriter(stream))
            {
                await foreach (var line in lines.WithCancellation(cancellation))
                    await writer.WriteAsync(line + "\n");
                await writer.FlushAsync(cancellation);
                stream.Flush(flushToDisk: true);
            }

            if (File.Exists(path) && !await IsSameAsync(made, path, cancellation))
                throw new JournalException(JournalFault.Conflict, $"{path} is there, and is not what would be written: nothing replaced it. Move it away, or name another directory with --to.");
            File.Move(made, path, overwrite: true);
            DirectorySync.Flush(Path.GetDirectoryName(path)!);
        }
        finally
        {
            File.Delete(made);
        }
    }

    /// <summary>Reads a run's entries, each link of their chain checked, the last one against the head that the journal keeps.</summary>
    /// <param name="path">The file.</param>
    /// <param name="head">The run's head.</param>
    /// <param name="cancellation">Ends the read.</param>
    /// <returns>The entries.</returns>
    /// <exception cref="FormatException">An entry does not hold; the message names it.</exception>
    /// <exception cref="IOException">The file cannot be read.</exception>
    public static async IAsyncEnumerable<StoredEntry> ReadAsync(string path, StoredHead head, [EnumeratorCancellation] CancellationToken cancellation)
    {
        var (hash, last, run) = (HashChain.Start, 0L, head.Head.Run);
        await foreach (var line in File.ReadLinesAsync(path, cancellation))
        {
            var entry = Entry(line, run, last + 1);
            hash = entry.Text.HashAfter(hash);
            if (entry.Text.Sequence != ++last || entry.Text.Run != run || entry.Hash != hash)
                throw new FormatException($"entry {last} of run {run} in {path} does not match its hash");
            yield return entry;
        }

        if (last != head.Head.Sequence || hash != head.Hash)
            throw new FormatException($"entry {last} of run {run} in {path} is not the one that its head ends with");
    }

    private static async Task<bool> IsSameAsync(string one, string other, CancellationToken cancellation)
    {
        await using var first = File.OpenRead(one);
        await using var second = File.OpenRead(other);
        var (hash, there) = (await SHA256.HashDataAsync(first, cancellation), await SHA256.HashDataAsync(second, cancellation));
        return hash.AsSpan().SequenceEqual(there);
    }

    private static StoredEntry Entry(string line, string run, long sequence)
    {
        try
        {
            using var json = JsonDocument.Parse(line);
            var entry = json.RootElement;
            return new StoredEntry(
                new EntryText(Text("run"), entry.GetProperty("sequence").GetInt64(), Text("at"), entry.GetProperty("epoch").GetInt64(), entry.GetProperty("event").GetRawText()),
                Text("hash"));

            string Text(string field) => entry.GetProperty(field).GetString() ?? throw new FormatException($"{field} is null");
        }
        catch (Exception error) when (JournalFaults.IsUnreadable(error) || error is KeyNotFoundException)
        {
            throw new FormatException($"entry {sequence} of run {run} is no line of an export ({error.Message})", error);
        }
    }
}
