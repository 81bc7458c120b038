using System.Text;

namespace Refresh.Orchestrator.Tests.Images;

/// <summary>A stream that gives a few bytes at a time.</summary>
internal sealed class Dribble(Stream inner, int size) : OneWayStream
{
    public override int Read(Span<byte> buffer) => inner.Read(buffer[..Math.Min(size, buffer.Length)]);
}

/// <summary>An SBOM that is made while it is read, of at least so many bytes.</summary>
internal sealed class EndlessBom(long length) : OneWayStream
{
    private byte[] _rest = Encoding.ASCII.GetBytes("{\"bomFormat\":\"CycloneDX\",\"components\":[\n");
    private int _at;
    private bool _ended;

    public long Given { get; private set; }

    public long Packages { get; private set; }

    public override int Read(Span<byte> buffer)
    {
        if (_at == _rest.Length && !More())
            return 0;
        var count = Math.Min(buffer.Length, _rest.Length - _at);
        _rest.AsSpan(_at, count).CopyTo(buffer);
        _at += count;
        Given += count;
        return count;
    }

    private bool More()
    {
        if (_ended)
            return false;
        _at = 0;
        _ended = Given > length;
        _rest = Encoding.ASCII.GetBytes(_ended ? "]}" : $"{(Packages > 0 ? "," : "")}{{\"name\":\"p{Packages}\",\"version\":\"1.{Packages}\",\"hashes\":[{{\"alg\":\"SHA-256\",\"content\":\"{new string('a', 200)}\"}}]}}\n");
        Packages += _ended ? 0 : 1;
        return true;
    }
}

/// <summary>A stream that is only read.</summary>
internal abstract class OneWayStream : Stream
{
    public override bool CanRead => true;

    public override bool CanSeek => false;

    public override bool CanWrite => false;

    public override long Length => throw new NotSupportedException();

    public override long Position
    {
        get => throw new NotSupportedException();
        set => throw new NotSupportedException();
    }

    public abstract override int Read(Span<byte> buffer);

    public override int Read(byte[] buffer, int offset, int count) => Read(buffer.AsSpan(offset, count));

    public override ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default) => ValueTask.FromResult(Read(buffer.Span));

    public override void Flush()
    {
    }

    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

    public override void SetLength(long value) => throw new NotSupportedException();

    public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();
}
