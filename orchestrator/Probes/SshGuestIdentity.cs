using System.Globalization;
using Refresh.Orchestrator.Settings;
using Refresh.Workflows.Fleets;
using Refresh.Workflows.Ports;
using Renci.SshNet;
using Renci.SshNet.Common;

namespace Refresh.Orchestrator.Probes;

/// <summary>
/// Reads a guest's identity by a command inside it, over SSH with a key. The host key is pinned to the VM that the provisioner shows:
/// that of a new VM is taken at first contact and told with the facts, that of a known VM may not change.
/// </summary>
/// <param name="settings">How to log in and what to run.</param>
/// <param name="provisioner">Tells which VM the member is.</param>
/// <param name="time">The clock of the timeout and of the facts.</param>
public sealed class SshGuestIdentity(SshIdentitySettings settings, IProvisioner provisioner, TimeProvider time) : GuestQuestion(settings.Timeout, time)
{
    private const UnixFileMode Others = UnixFileMode.GroupRead | UnixFileMode.GroupWrite | UnixFileMode.OtherRead | UnixFileMode.OtherWrite;

    private readonly HostKeyPins _pins = new(settings.Pins, settings.Fleet);

    private protected override string Question(Member member) =>
        string.Create(CultureInfo.InvariantCulture, $"ssh {settings.User}@{member.Address.Host}:{settings.Port}");

    private protected override async Task<(ReadOnlyMemory<byte> Answer, string? HostKey)> AskAsync(Member member, CancellationToken cancellation)
    {
        if ((await provisioner.ObserveAsync(member, cancellation)).Identity is not { } vm)
            throw Failed(member, "guest-without-vm", "the provisioner shows no VM, so nobody can tell whose host key it would be", "the VM is there");
        using var key = Key(member);
        using var client = new SshClient(new ConnectionInfo(member.Address.Host, settings.Port, settings.User, new PrivateKeyAuthenticationMethod(settings.User, key)) { Timeout = settings.Timeout });
        string? seen = null;
        Exception? refused = null;
        client.HostKeyReceived += (_, shown) =>
        {
            seen = $"SHA256:{shown.FingerPrintSHA256}";
            refused = Judge(member, vm, seen);
            shown.CanTrust = refused is null;
        };
        try
        {
            await client.ConnectAsync(cancellation);
        }
        catch (Exception) when (refused is not null)
        {
            throw refused;
        }

        return (await RunAsync(client, cancellation), seen);
    }

    private protected override string? Explain(Exception exception) => exception switch
    {
        SshAuthenticationException => $"the key is not taken: {exception.Message}",
        SshException => exception.Message,
        _ => base.Explain(exception),
    };

    private async Task<ReadOnlyMemory<byte>> RunAsync(SshClient client, CancellationToken cancellation)
    {
        using var command = client.CreateCommand(settings.Run);
        // A guest that prints without end is stopped at the limit.
        using var enough = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        var execution = command.ExecuteAsync(enough.Token);
        try
        {
            var answer = await BoundedBody.WholeAsync(command.OutputStream, cancellation);
            await execution;
            return command.ExitStatus == 0
                ? answer
                : throw new FormatException(string.Create(CultureInfo.InvariantCulture, $"exit code {command.ExitStatus}: {Excerpt.Of(command.Error)}"));
        }
        finally
        {
            await enough.CancelAsync();
        }
    }

    private Exception? Judge(Member member, Workflows.Facts.VmIdentity vm, string hostKey)
    {
        try
        {
            return _pins.Judge(member, vm, hostKey) is { } expected
                ? Failed(member, "host-key-changed", $"its host key is {hostKey}, and {expected} was pinned to the same VM {vm}: somebody else answers, or its keys were made anew by hand", $"the key is the pinned one, or the VM is rebuilt, or its file in {settings.Pins} is removed by somebody who knows why")
                : null;
        }
        catch (Exception problem) when (problem is IOException or UnauthorizedAccessException or FormatException)
        {
            return Failed(member, "host-key-unpinned", problem.Message, $"{settings.Pins} can be read and written", problem);
        }
    }

    private PrivateKeyFile Key(Member member)
    {
        try
        {
            if (!OperatingSystem.IsWindows() && (File.GetUnixFileMode(settings.Key) & Others) != UnixFileMode.None)
                throw Failed(member, "ssh-key-unusable", $"others may read or change the private key {settings.Key}", $"`chmod 600 {settings.Key}`, and make another key if somebody has read it.");
            return new PrivateKeyFile(settings.Key);
        }
        catch (Exception problem) when (problem is IOException or UnauthorizedAccessException or SshException or FormatException or InvalidOperationException or NotSupportedException or ArgumentException)
        {
            throw Failed(member, "ssh-key-unusable", $"the private key {settings.Key} cannot be used: {problem.Message}", "Name a private key without a passphrase that this user may read.", problem);
        }
    }
}
