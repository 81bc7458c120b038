namespace Refresh.Orchestrator.Probes;

/// <summary>Reads the beginning of a stream, at most 64 KiB.</summary>
internal sealed class BoundedBody(Stream stream)
{
    public const int MaxBytes = 64 * 1024;

    private readonly byte[] buffer = new byte[MaxBytes];
    private int length;

    /// <summary>What was read so far.</summary>
    public ReadOnlyMemory<byte> Read => buffer.AsMemory(0, length);

    /// <summary>Reads on.</summary>
    /// <returns>False at the end of the stream or at the limit.</returns>
    public async Task<bool> ReadMoreAsync(CancellationToken cancellation)
    {
        if (length == MaxBytes)
            return false;
        var count = await stream.ReadAsync(buffer.AsMemory(length), cancellation);
        length += count;
        return count > 0;
    }

    /// <summary>Reads a stream to its end.</summary>
    /// <exception cref="FormatException">It has 64 KiB or more.</exception>
    public static async Task<ReadOnlyMemory<byte>> WholeAsync(Stream stream, CancellationToken cancellation)
    {
        var body = new BoundedBody(stream);
        while (await body.ReadMoreAsync(cancellation))
        {
        }

        return body.Read.Length < MaxBytes ? body.Read : throw new FormatException("the answer has 64 KiB or more");
    }
}
