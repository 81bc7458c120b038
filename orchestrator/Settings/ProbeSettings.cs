using Refresh.Workflows.Trust;

namespace Refresh.Orchestrator.Settings;

/// <summary>One health probe, asked at a member's own address.</summary>
/// <param name="Timeout">How long one answer may take.</param>
public abstract record ProbeSettings(TimeSpan Timeout);

/// <summary>An HTTP GET.</summary>
/// <param name="Path">The path, for example <c>/health</c>.</param>
/// <param name="Port">The port, or null for the member's own.</param>
/// <param name="Tls">Whether to speak TLS.</param>
/// <param name="TlsCa">A file with the certificate authority to trust instead of the system's, or null.</param>
/// <param name="TlsSkipVerify">Whether any certificate will do.</param>
/// <param name="Host">The Host header and TLS server name, or null for the member's address.</param>
/// <param name="Status">The status codes that are healthy.</param>
/// <param name="BodyContains">Text that the first 64 KiB of the body must hold, or null.</param>
/// <param name="Headers">Headers that the answer must have, with the value each must have.</param>
/// <param name="Timeout">How long one answer may take.</param>
public sealed record HttpProbeSettings(
    string Path,
    int? Port,
    bool Tls,
    string? TlsCa,
    bool TlsSkipVerify,
    string? Host,
    IReadOnlyList<int> Status,
    string? BodyContains,
    IReadOnlyDictionary<string, string> Headers,
    TimeSpan Timeout) : ProbeSettings(Timeout);

/// <summary>A TCP connection that is accepted.</summary>
/// <param name="Port">The port, or null for the member's own.</param>
/// <param name="Timeout">How long it may take.</param>
public sealed record TcpProbeSettings(int? Port, TimeSpan Timeout) : ProbeSettings(Timeout);

/// <summary>The standard gRPC health service, <c>grpc.health.v1.Health/Check</c>.</summary>
/// <param name="Service">The service to ask for; empty for the server as a whole.</param>
/// <param name="Port">The port, or null for the member's own.</param>
/// <param name="Tls">Whether to speak TLS.</param>
/// <param name="TlsCa">A file with the certificate authority to trust instead of the system's, or null.</param>
/// <param name="TlsSkipVerify">Whether any certificate will do.</param>
/// <param name="Host">The authority of the call and the TLS server name, or null for the member's address.</param>
/// <param name="Timeout">How long one answer may take.</param>
public sealed record GrpcProbeSettings(string Service, int? Port, bool Tls, string? TlsCa, bool TlsSkipVerify, string? Host, TimeSpan Timeout) : ProbeSettings(Timeout);

/// <summary>A command of the user's; exit code 0 is healthy. It gets the member in <c>REFRESH_MEMBER</c>, <c>REFRESH_HOST</c> and <c>REFRESH_PORT</c>.</summary>
/// <param name="Run">The program and its arguments; no shell.</param>
/// <param name="Timeout">How long it may run; then it is killed with its children.</param>
public sealed record CommandProbeSettings(IReadOnlyList<string> Run, TimeSpan Timeout) : ProbeSettings(Timeout);

/// <summary>Where golden images are found: a directory with one directory an image, each with a <c>manifest.json</c>.</summary>
/// <param name="Directory">The full path.</param>
/// <param name="Policy">What an image must prove before it may be used, by the fleet file; null when that asks for nothing.</param>
public sealed record ImageSettings(string Directory, ImagePolicy? Policy = null)
{
    /// <summary>The site whose provider id an image is found by; null for the location in its manifest.</summary>
    public string? Site { get; init; }
}
