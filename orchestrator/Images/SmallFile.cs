namespace Refresh.Orchestrator.Images;

/// <summary>Reads small files of a catalogue, and writes them whole or not at all.</summary>
internal static class SmallFile
{
    private const int MaxBytes = 1024 * 1024;

    /// <exception cref="FormatException">It is not what it should be; with file and place.</exception>
    /// <exception cref="IOException">It cannot be read.</exception>
    public static async Task<T> ReadAsync<T>(string file, Func<ReadOnlyMemory<byte>, T> parse, CancellationToken cancellation)
    {
        if (new FileInfo(file) is { Exists: true, Length: > MaxBytes })
            throw new FormatException($"{file} is larger than 1 MiB");
        try
        {
            return parse(await File.ReadAllBytesAsync(file, cancellation));
        }
        catch (FormatException mistake)
        {
            throw new FormatException($"{file}: {mistake.Message}", mistake);
        }
    }

    /// <exception cref="IOException">It cannot be written; what was there is as it was.</exception>
    public static async Task WriteAsync(string file, ReadOnlyMemory<byte> content, CancellationToken cancellation)
    {
        var beside = $"{file}.new";
        await using (var stream = new FileStream(beside, FileMode.Create, FileAccess.Write, FileShare.None, 4096, FileOptions.Asynchronous))
        {
            await stream.WriteAsync(content, cancellation);
            stream.Flush(flushToDisk: true);
        }

        File.Move(beside, file, overwrite: true);
    }
}
