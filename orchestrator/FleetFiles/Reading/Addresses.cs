using System.Globalization;
using System.Net;
using System.Text.RegularExpressions;
using Refresh.Workflows.Fleets;

namespace Refresh.Orchestrator.FleetFiles.Reading;

/// <summary>Reads where something listens.</summary>
internal static partial class Addresses
{
    private const string Example = "write host:port, for example 10.0.0.11:8080 or [2001:db8::1]:8080";

    /// <summary><c>host:port</c>; the host in the one way to write it, so that equal addresses are equal texts.</summary>
    public static Endpoint? Endpoint(this Field field) =>
        field.Text() is { } text ? Parse(field, text) : null;

    /// <summary>An address that others can connect to: not <c>0.0.0.0</c> or <c>[::]</c>.</summary>
    public static Endpoint? ReachableEndpoint(this Field field) =>
        field.Endpoint() is not { } endpoint ? null
        : endpoint.Host is "0.0.0.0" or "::" ? field.Fail<Endpoint?>($"'{field.Path}' must be an address that can be connected to, not {field.Written}")
        : endpoint;

    /// <summary>A host name or an IP address.</summary>
    public static string? Host(this Field field) =>
        field.Text() is not { } text ? null
        : Canonical(text) ?? field.Fail<string>($"'{field.Path}' must be a host name or an IP address, not {field.Written}");

    private static Endpoint? Parse(Field field, string text)
    {
        if (Shown.HoldsCredentials(text))
            return field.Fail<Endpoint?>($"'{field.Path}' must be an address without user name and password", Example);
        var parts = Form().Match(text);
        var host = parts.Groups["v6"].Success ? Canonical(parts.Groups["v6"].Value, v6: true) : Canonical(parts.Groups["host"].Value);
        if (!parts.Success || host is null)
            return field.Fail<Endpoint?>($"'{field.Path}' must be an address, not {field.Written}", Example);
        return int.TryParse(parts.Groups["port"].ValueSpan, NumberStyles.None, CultureInfo.InvariantCulture, out var port) && port is >= 1 and <= 65535
            ? new Endpoint(host, port)
            : field.Fail<Endpoint?>($"the port of '{field.Path}' must be 1 to 65535, not {Shown.Quoted(parts.Groups["port"].Value)}");
    }

    private static string? Canonical(string host, bool v6 = false)
    {
        if (v6)
            return IPAddress.TryParse(host, out var address) && !host.Contains('%', StringComparison.Ordinal) ? (address.IsIPv4MappedToIPv6 ? address.MapToIPv4() : address).ToString() : null;
        return V4().IsMatch(host) || (HostName().IsMatch(host) && !Numeric().IsMatch(host)) ? host.ToLowerInvariant() : null;
    }

    [GeneratedRegex(@"^(\[(?<v6>[0-9A-Fa-f:.]+)\]|(?<host>[^:\[\]]+)):(?<port>[0-9]+)\z")]
    private static partial Regex Form();

    [GeneratedRegex(@"^((25[0-5]|2[0-4][0-9]|1[0-9][0-9]|[1-9]?[0-9])(\.(?!\z)|\z)){4}\z")]
    private static partial Regex V4();

    /// <summary>A host whose last label is a number is an IPv4 address, or a mistyped one.</summary>
    [GeneratedRegex(@"(^|\.)[0-9]+\z")]
    private static partial Regex Numeric();

    [GeneratedRegex(@"^(?=.{1,253}\z)[A-Za-z0-9]([A-Za-z0-9-]{0,61}[A-Za-z0-9])?(\.[A-Za-z0-9]([A-Za-z0-9-]{0,61}[A-Za-z0-9])?)*\z")]
    private static partial Regex HostName();
}
