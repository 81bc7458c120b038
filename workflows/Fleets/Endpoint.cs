using System.Globalization;

namespace Refresh.Workflows.Fleets;

/// <summary>Where a member serves: a host or IP address and a TCP port.</summary>
/// <param name="Host">A host name or an IP address.</param>
/// <param name="Port">A TCP port, 1 to 65535.</param>
public readonly record struct Endpoint(string Host, int Port)
{
    /// <summary>Reads <c>host:port</c>; an IPv6 address stands in brackets.</summary>
    /// <param name="text">The written endpoint.</param>
    /// <returns>The endpoint in its two parts.</returns>
    /// <exception cref="FormatException">The text is not a host, a colon and a port from 1 to 65535.</exception>
    public static Endpoint Parse(string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        var colon = text.LastIndexOf(':');
        var host = colon > 0 ? text[..colon].Trim('[', ']') : string.Empty;
        return host.Length > 0
            && int.TryParse(text.AsSpan(colon + 1), NumberStyles.None, CultureInfo.InvariantCulture, out var port)
            && port is > 0 and <= 65535
            ? new Endpoint(host, port)
            : throw new FormatException($"'{text}' is not an address: write host:port, for example 10.0.0.11:8080.");
    }

    /// <summary>Whether another endpoint may be this one. A host name is somebody else's to resolve, and is not compared.</summary>
    /// <param name="other">The other.</param>
    /// <returns>False only when this is an IP address, and the other is another one or has another port.</returns>
    public bool MayBe(Endpoint other) =>
        IpAddress(Host) is not { } host || (IpAddress(other.Host) == host && other.Port == Port);

    /// <inheritdoc />
    public override string ToString() =>
        string.Create(CultureInfo.InvariantCulture, $"{(Host.Contains(':', StringComparison.Ordinal) ? $"[{Host}]" : Host)}:{Port}");

    /// <summary>An IP address as it is usually written, so that two can be compared; null for a host name.</summary>
    private static string? IpAddress(string host) => Uri.CheckHostName(host) switch
    {
        UriHostNameType.IPv4 => new Uri($"http://{host}").Host,
        UriHostNameType.IPv6 => new Uri($"http://[{host}]").Host,
        _ => null,
    };
}
