using System.Diagnostics;
using System.Globalization;
using System.Net.Sockets;
using Refresh.Orchestrator.Settings;
using Refresh.Orchestrator.Tests.Probes;
using Xunit;

namespace Refresh.Orchestrator.Tests.Guests;

/// <summary>A real sshd on loopback with keys of its own, ended with the test.</summary>
internal sealed class SshServer : IAsyncDisposable
{
    private const string Sshd = "/usr/sbin/sshd";
    private readonly string _folder = Directory.CreateTempSubdirectory("refresh-sshd-").FullName;
    private Process? _process;

    private SshServer()
    {
    }

    public int Port { get; } = Members.ClosedPort();

    public string Key => At("client");

    public SshIdentitySettings Settings => new(Environment.UserName, Port, Key, "cat " + At("identity.json"), At("pins"), TimeSpan.FromSeconds(30));

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public static async Task<SshServer> StartAsync()
    {
        Assert.SkipUnless(File.Exists(Sshd), "There is no sshd; install openssh-server.");
        var server = new SshServer();
        await KeygenAsync(server.Key);
        File.Copy($"{server.Key}.pub", server.At("authorized_keys"));
        await File.WriteAllTextAsync(server.At("identity.json"), GuestDocument.Valid, Cancellation);
        await server.RestartAsync(newHostKey: true);
        return server;
    }

    public string At(string name) => Path.Combine(_folder, name);

    /// <summary>Starts it anew, with the host key that it has or with another.</summary>
    public async Task RestartAsync(bool newHostKey)
    {
        await StopAsync();
        if (newHostKey)
        {
            File.Delete(At("host"));
            File.Delete(At("host.pub"));
            await KeygenAsync(At("host"));
        }

        await File.WriteAllTextAsync(At("sshd_config"), string.Create(CultureInfo.InvariantCulture, $"""
            Port {Port}
            ListenAddress 127.0.0.1
            HostKey {At("host")}
            AuthorizedKeysFile {At("authorized_keys")}
            PidFile {At("sshd.pid")}
            StrictModes no
            UsePAM no
            PasswordAuthentication no
            PermitRootLogin prohibit-password
            """), Cancellation);
        // The directory that sshd separates its privileges in, where it has any.
        if (Environment.UserName == "root")
            Directory.CreateDirectory("/run/sshd");
        _process = Process.Start(new ProcessStartInfo("timeout", ["300", Sshd, "-D", "-e", "-f", At("sshd_config")]) { RedirectStandardError = true })!;
        _process.BeginErrorReadLine();
        await Lab.LabFixture.UntilAsync(AnswersAsync);
    }

    public async ValueTask DisposeAsync()
    {
        await StopAsync();
        Directory.Delete(_folder, recursive: true);
    }

    private async Task StopAsync()
    {
        if (_process is null)
            return;
        _process.Kill(entireProcessTree: true);
        await _process.WaitForExitAsync(CancellationToken.None);
        _process.Dispose();
    }

    private static async Task KeygenAsync(string file)
    {
        using var process = Process.Start(new ProcessStartInfo("ssh-keygen", ["-q", "-t", "ed25519", "-N", "", "-f", file]))!;
        await process.WaitForExitAsync(Cancellation);
        Assert.Equal(0, process.ExitCode);
    }

    private async Task<bool> AnswersAsync()
    {
        Assert.False(_process!.HasExited, "sshd ended by itself");
        try
        {
            using var client = new TcpClient();
            await client.ConnectAsync("127.0.0.1", Port, Cancellation);
            return await client.GetStream().ReadAsync(new byte[4], Cancellation) == 4;
        }
        catch (SocketException)
        {
            return false;
        }
    }
}
