namespace Refresh.Orchestrator.Settings;

/// <summary>How a guest tells what it is: one kind a fleet.</summary>
/// <param name="Timeout">How long one answer may take.</param>
public abstract record IdentitySettings(TimeSpan Timeout);

/// <summary>An HTTP GET.</summary>
/// <param name="Path">The path.</param>
/// <param name="Port">The port; null for the member's own.</param>
/// <param name="Tls">Whether to speak TLS.</param>
/// <param name="TlsCa">The full path of a file with the certificate authority to trust, or null for the system's.</param>
/// <param name="TlsSkipVerify">Whether any certificate will do.</param>
/// <param name="Host">The <c>Host</c> header and TLS server name; null for the member's address.</param>
/// <param name="Timeout">How long one answer may take.</param>
public sealed record HttpIdentitySettings(string Path, int? Port, bool Tls, string? TlsCa, bool TlsSkipVerify, string? Host, TimeSpan Timeout) : IdentitySettings(Timeout);

/// <summary>A command inside the guest, over SSH with a key.</summary>
/// <param name="User">The user to log in as.</param>
/// <param name="Port">The port of its SSH server.</param>
/// <param name="Key">The full path of the file with the private key.</param>
/// <param name="Run">The command, as the guest's shell reads it.</param>
/// <param name="Pins">The full path of the directory that keeps the host key of each member's VM.</param>
/// <param name="Timeout">How long one answer may take.</param>
public sealed record SshIdentitySettings(string User, int Port, string Key, string Run, string Pins, TimeSpan Timeout) : IdentitySettings(Timeout)
{
    /// <summary>The fleet, so that several keep their host keys in one directory; empty for none.</summary>
    public string Fleet { get; init; } = string.Empty;
}

/// <summary>A command of the user's on this machine.</summary>
/// <param name="Run">The program and its arguments; no shell.</param>
/// <param name="Timeout">How long one answer may take.</param>
public sealed record CommandIdentitySettings(IReadOnlyList<string> Run, TimeSpan Timeout) : IdentitySettings(Timeout);
