using System.Net;
using System.Net.Sockets;
using Refresh.Orchestrator.Probes;
using Refresh.Orchestrator.Settings;
using Refresh.Orchestrator.Tests.Probes;
using Refresh.Workflows.Facts;
using Refresh.Workflows.Ports;
using Refresh.Workflows.Reasons;
using Xunit;

namespace Refresh.Orchestrator.Tests.Guests;

/// <summary>Identities read over SSH from a real sshd.</summary>
public sealed class SshGuestIdentityTests : IAsyncLifetime
{
    private readonly OneVm _vm = new();
    private SshServer _server = null!;

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync() => _server = await SshServer.StartAsync();

    [Fact]
    public async Task A_guest_is_read_with_a_key_and_its_host_key_is_kept_as_evidence()
    {
        var facts = await ReadAsync();
        Assert.Equal("m-1", facts.MachineId);
        Assert.Matches("^SHA256:[A-Za-z0-9+/]{43}=?$", facts.HostKey!);
        Assert.Equal(facts.HostKey, (await ReadAsync()).HostKey);
    }

    [Fact]
    public async Task The_helper_script_is_read_over_SSH()
    {
        var root = _server.At("root");
        foreach (var (name, text) in new[] { ("etc/machine-id", "abc"), ("proc/stat", "btime 1762070400"), ("etc/refresh/image", "name=web\nversion=1\ndigest=sha256:1") })
        {
            Directory.CreateDirectory(Path.GetDirectoryName(Path.Combine(root, name))!);
            await File.WriteAllTextAsync(Path.Combine(root, name), text + "\n", Cancellation);
        }

        var facts = await ReadAsync(_server.Settings with { Run = $"REFRESH_ROOT={root} sh {HelperScriptTests.Script}" });
        Assert.Equal(("abc", "web@1"), (facts.MachineId, facts.Image.Label));
    }

    [Fact]
    public async Task A_host_key_that_changes_without_a_rebuild_is_refused()
    {
        var before = (await ReadAsync()).HostKey!;
        await _server.RestartAsync(newHostKey: true);
        var reason = await FailAsync();
        Assert.Equal("host-key-changed", reason.Code);
        Assert.Contains($"{before} was pinned", reason.Text, StringComparison.Ordinal);
        // It stays refused: that it was seen does not make it known.
        Assert.Equal("host-key-changed", (await FailAsync()).Code);
    }

    [Fact]
    public async Task The_host_key_of_a_rebuilt_VM_is_learnt_anew()
    {
        var before = (await ReadAsync()).HostKey;
        await _server.RestartAsync(newHostKey: true);
        _vm.Identity = new VmIdentity("vm-2", "handle-2");
        Assert.NotEqual(before, (await ReadAsync()).HostKey);
        await _server.RestartAsync(newHostKey: true);
        Assert.Equal("host-key-changed", (await FailAsync()).Code);
    }

    [Fact]
    public async Task Fleets_that_keep_their_host_keys_in_one_directory_do_not_meet()
    {
        var before = (await ReadAsync(_server.Settings with { Fleet = "shop" })).HostKey;
        await _server.RestartAsync(newHostKey: true);
        _vm.Identity = new VmIdentity("vm-2", "handle-2");
        Assert.NotEqual(before, (await ReadAsync(_server.Settings with { Fleet = "bank" })).HostKey);
        _vm.Identity = new VmIdentity("vm-1", "handle-1");
        Assert.Equal("host-key-changed", (await FailAsync(_server.Settings with { Fleet = "shop" })).Code);
    }

    [Fact]
    public async Task A_host_key_that_an_earlier_version_has_pinned_holds()
    {
        await ReadAsync();
        await _server.RestartAsync(newHostKey: true);
        Assert.Equal("host-key-changed", (await FailAsync(_server.Settings with { Fleet = "shop" })).Code);
    }

    [Theory]
    [InlineData(UnixFileMode.GroupRead)]
    [InlineData(UnixFileMode.OtherRead)]
    [InlineData(UnixFileMode.OtherWrite)]
    public async Task A_private_key_that_others_can_read_is_refused(UnixFileMode others)
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "There are no such modes.");
        Turn(_server.Settings.Key, UnixFileMode.UserRead | UnixFileMode.UserWrite | others);
        var reason = await FailAsync();
        Assert.Equal("ssh-key-unusable", reason.Code);
        Assert.Contains("others may read or change", reason.Text, StringComparison.Ordinal);
        Turn(_server.Settings.Key, UnixFileMode.UserRead);
        await ReadAsync();
    }

    [Fact]
    public async Task A_member_without_a_VM_is_not_asked()
    {
        _vm.Identity = null;
        Assert.Equal("guest-without-vm", (await FailAsync()).Code);
    }

    [Fact]
    public async Task What_goes_wrong_is_told_in_words()
    {
        Assert.Contains("exit code 3: oh", (await FailAsync(_server.Settings with { Run = "echo oh >&2; exit 3" })).Text, StringComparison.Ordinal);
        Assert.Contains("machineId is missing", (await FailAsync(_server.Settings with { Run = "echo '{}'" })).Text, StringComparison.Ordinal);
        Assert.Contains("64 KiB", (await FailAsync(_server.Settings with { Run = "head -c 200000 /dev/zero" })).Text, StringComparison.Ordinal);
        Assert.Contains("no answer within 1 s", (await FailAsync(_server.Settings with { Run = "sleep 20", Timeout = TimeSpan.FromSeconds(1) })).Text, StringComparison.Ordinal);
        Assert.Contains("connection refused", (await FailAsync(_server.Settings with { Port = Members.ClosedPort() })).Text, StringComparison.Ordinal);
        Assert.Equal("ssh-key-unusable", (await FailAsync(_server.Settings with { Key = _server.At("none") })).Code);
        Assert.Equal("ssh-key-unusable", (await FailAsync(_server.Settings with { Key = _server.At("identity.json") })).Code);
        await File.WriteAllTextAsync(_server.At("authorized_keys"), string.Empty, Cancellation);
        Assert.Contains("the key is not taken", (await FailAsync()).Text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_server_that_says_nothing_is_given_up()
    {
        using var silent = new TcpListener(IPAddress.Loopback, 0);
        silent.Start();
        var settings = _server.Settings with { Port = ((IPEndPoint)silent.LocalEndpoint).Port, Timeout = TimeSpan.FromSeconds(1) };
        Assert.Contains("no answer within 1 s", (await FailAsync(settings)).Text, StringComparison.Ordinal);
    }

    public async ValueTask DisposeAsync()
    {
        if (_server is not null)
            await _server.DisposeAsync();
    }

    private static void Turn(string file, UnixFileMode mode)
    {
        if (!OperatingSystem.IsWindows())
            File.SetUnixFileMode(file, mode);
    }

    private Task<GuestFacts> ReadAsync(SshIdentitySettings? settings = null) =>
        new SshGuestIdentity(settings ?? _server.Settings, _vm, TimeProvider.System).ReadAsync(Members.At(8080), Cancellation);

    private async Task<Reason> FailAsync(SshIdentitySettings? settings = null) =>
        (await Assert.ThrowsAsync<AdapterException>(() => ReadAsync(settings))).Reason;
}
