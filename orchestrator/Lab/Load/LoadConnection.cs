using System.Globalization;
using System.Net.Sockets;
using System.Text;

namespace Refresh.Lab.Load;

/// <summary>
/// One keep-alive connection. Written by hand because an HTTP library sends a request again when a used connection breaks,
/// which hides exactly the losses that are to be counted.
/// </summary>
internal sealed class LoadConnection : IDisposable
{
    private readonly Socket _socket = new(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
    private readonly byte[] _buffer = new byte[16 * 1024];

    /// <summary>Whether it may carry another request.</summary>
    public bool Usable { get; private set; } = true;

    /// <summary>Whether the server has closed it while it was idle.</summary>
    public bool ClosedByServer => _socket.Poll(0, SelectMode.SelectRead);

    public async Task ConnectAsync(string host, int port, CancellationToken cancellation) => await _socket.ConnectAsync(host, port, cancellation);

    /// <summary>Sends a request and reads its whole answer.</summary>
    /// <returns>Null if status is 200 and the body ends as expected, else what was seen.</returns>
    public async Task<string?> AskAsync(byte[] request, string expectedEnd, CancellationToken cancellation)
    {
        Usable = false;
        await _socket.SendAsync(request, cancellation);
        var received = 0;
        var head = -1;
        while (head < 0)
        {
            var count = received == _buffer.Length ? 0 : await _socket.ReceiveAsync(_buffer.AsMemory(received), cancellation);
            if (count == 0)
                return received == 0 ? "closed before an answer" : "closed within the head of an answer";
            received += count;
            head = _buffer.AsSpan(0, received).IndexOf("\r\n\r\n"u8);
        }

        var lines = Encoding.ASCII.GetString(_buffer, 0, head).Split("\r\n");
        if (lines[0].Split(' ') is not [_, "200", ..])
            return lines[0];
        if (Header(lines, "content-length") is not { } text || !int.TryParse(text, CultureInfo.InvariantCulture, out var length) || head + 4 + length > _buffer.Length)
            return "an answer without a fit content-length";
        var end = head + 4 + length;
        while (received < end)
        {
            var count = await _socket.ReceiveAsync(_buffer.AsMemory(received, end - received), cancellation);
            if (count == 0)
                return "closed within the body of an answer";
            received += count;
        }
        Usable = received == end && Header(lines, "connection") is not "close";
        return Encoding.UTF8.GetString(_buffer, head + 4, length).EndsWith(expectedEnd, StringComparison.Ordinal) ? null : "another body than expected";
    }

    public void Dispose() => _socket.Dispose();

    private static string? Header(string[] lines, string name) =>
        lines.FirstOrDefault(line => line.StartsWith(name + ":", StringComparison.OrdinalIgnoreCase))?[(name.Length + 1)..].Trim();
}
