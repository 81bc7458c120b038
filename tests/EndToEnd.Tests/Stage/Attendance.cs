using Refresh.Lab.Client;
using Refresh.Lab.Load;
using Refresh.Orchestrator.Tests.Lab;
using Xunit;

namespace Refresh.EndToEnd.Tests.Stage;

/// <summary>What users and an auditor see while something happens: every request, and who is in rotation.</summary>
internal sealed class Attendance : IAsyncDisposable
{
    private readonly RunningLoad _load;

    private Attendance(RunningLoad load, RotationWatch rotation) => (_load, Rotation) = (load, rotation);

    public RotationWatch Rotation { get; }

    public static async Task<Attendance> BeginAsync(LabBalancer balancer, int longShare, int longMs)
    {
        var attendance = new Attendance(
            new RunningLoad(new LoadOptions(balancer.Frontend) { Rate = 50, LongShare = longShare, LongMs = longMs }),
            new RotationWatch(balancer.Socket));
        await attendance._load.UntilAsync(report => report.Ok > 10);
        return attendance;
    }

    /// <summary>Not one request failed, and no look saw both members of a pair out.</summary>
    public async Task UnharmedAsync() => Unharmed(await EndAsync());

    /// <summary>As <see cref="UnharmedAsync"/>, of a load that has ended.</summary>
    public void Unharmed(LoadReport last)
    {
        Assert.True(last.Failed == 0, $"{last.Failed} of {last.Sent} requests failed:\n{string.Join('\n', last.Failures)}");
        Assert.True(last.Sent > 10 && Rotation.Looks.Count > 5);
        Assert.Empty(Rotation.BothOut());
    }

    /// <summary>Begins a phase, and tells what came of it after a while.</summary>
    public async Task<LoadPhase> UntilNextAsync(string phase)
    {
        _load.Say($"phase {phase}");
        return (await _load.UntilAsync(report => report.Phases.Any(one => one.Name == phase && one.Ok > 50))).Phases[^1];
    }

    /// <summary>Ends the load, and tells what came of it.</summary>
    public Task<LoadReport> EndAsync() => _load.EndAsync();

    public async ValueTask DisposeAsync()
    {
        _load.Dispose();
        await Rotation.DisposeAsync();
    }
}
