using Refresh.Workflows.Machines;
using Refresh.Workflows.Reasons;
using Refresh.Workflows.Runs;
using Refresh.Workflows.Trust;
using Xunit;

namespace Refresh.Orchestrator.Tests.Engine;

/// <summary>A rebuilt guest's packages are held to the image's list, which may be large.</summary>
public sealed class VerifyTests
{
    private readonly WorkerStage _stage = new();
    private int _read;

    [Fact]
    public async Task The_list_is_read_once_however_often_the_guest_is_looked_at()
    {
        var looks = 0;
        _stage.World.Telling = guest => guest with { Packages = s_packages, Reboot = ++looks < 5 ? "not yet" : null };
        _stage.World.Inspecting = Counted;
        var run = await (await _stage.PlanAsync()).WorkAsync();
        Assert.Equal((RunState.Succeeded, 2), (run.State, _read));
    }

    [Fact]
    public async Task While_the_list_cannot_be_read_the_guest_is_not_proved()
    {
        _stage.World.Telling = guest => guest with { Packages = s_packages };
        _stage.World.Inspecting = facts => Counted(facts) with
        {
            Faults = _read == 1 ? [new GateFault(GateNames.Packages, new Reason("packages-unreadable", "the SBOM is cut", "it is put back"))] : [],
        };
        var run = await (await _stage.PlanAsync()).WorkAsync();
        Assert.Equal((RunState.Succeeded, 3), (run.State, _read));
        Assert.All((await _stage.HistoryAsync()).Entries.Select(entry => entry.Event).OfType<OutcomeRecorded>().Select(recorded => recorded.Outcome).OfType<Examined>(), examined =>
        {
            Assert.Empty(examined.Facts.Unread);
            Assert.NotNull(examined.Facts.Packages);
        });
    }

    private static readonly Dictionary<string, string> s_packages = new() { ["openssl"] = "3.0.1" };

    private ImageFacts Counted(ImageFacts facts)
    {
        _read++;
        return facts with { PackageCount = 1, Packages = [new PackageFacts("openssl", "3.0.1", null)] };
    }
}
