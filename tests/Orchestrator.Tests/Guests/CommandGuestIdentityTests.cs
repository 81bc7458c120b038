using Refresh.Orchestrator.Probes;
using Refresh.Orchestrator.Settings;
using Refresh.Orchestrator.Tests.Probes;
using Refresh.Workflows.Facts;
using Refresh.Workflows.Ports;
using Xunit;

namespace Refresh.Orchestrator.Tests.Guests;

public sealed class CommandGuestIdentityTests
{
    [Fact]
    public async Task A_command_that_prints_an_identity_is_read_and_knows_the_member()
    {
        var facts = await ReadAsync($"printf %s '{GuestDocument.Valid}' | sed \"s|m-1|$REFRESH_MEMBER at $REFRESH_HOST:$REFRESH_PORT|\"");
        Assert.Equal("web-1/a at 127.0.0.1:8080", facts.MachineId);
        Assert.Equal("6.1", facts.Kernel);
        Assert.Null(facts.HostKey);
    }

    [Theory]
    [InlineData("echo oh >&2; exit 3", "command /bin/sh: exit code 3: oh")]
    [InlineData("echo {}", "machineId is missing")]
    [InlineData("head -c 200000 /dev/zero", "64 KiB")]
    [InlineData("sleep 20", "no answer within 2 s")]
    public async Task What_goes_wrong_is_told_in_words(string script, string told)
    {
        var error = await Assert.ThrowsAsync<AdapterException>(() => ReadAsync(script));
        Assert.Contains(told, error.Reason.Text, StringComparison.Ordinal);
    }

    private static Task<GuestFacts> ReadAsync(string script) =>
        new CommandGuestIdentity(new CommandIdentitySettings(["/bin/sh", "-c", script], TimeSpan.FromSeconds(2)), TimeProvider.System).ReadAsync(Members.At(8080), TestContext.Current.CancellationToken);
}
