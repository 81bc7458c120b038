using System.Text.Json;
using Refresh.EndToEnd.Tests.Failpoints;
using Refresh.Lab.Client;
using Refresh.Lab.Cloud;
using Refresh.Orchestrator.Engine;
using Refresh.Orchestrator.Journals;
using Refresh.Orchestrator.Tests.Lab;
using Refresh.Workflows.Runs;
using Xunit;

namespace Refresh.EndToEnd.Tests.Stage;

/// <summary>A lab behind a real HAProxy, a fleet file for it, and a journal. As a class fixture: one pair.</summary>
public sealed class LabStage : IAsyncLifetime
{
    private int _pairs = 1;
    private int _nodes = 1;
    private TimeSpan _cloneDelay = TimeSpan.FromMilliseconds(300);

    public LabFixture Lab { get; private set; } = null!;

    internal FleetText Fleet => new(Lab.Facts);

    /// <summary>The journal; in the lab's directory unless told otherwise.</summary>
    internal string Journal
    {
        get => field ?? Path.Combine(Lab.Directory, "journal.db");
        set;
    }

    public static async Task<LabStage> StartAsync(int pairs = 1, int cloneMs = 300, int nodes = 1)
    {
        var stage = new LabStage { _pairs = pairs, _nodes = nodes, _cloneDelay = TimeSpan.FromMilliseconds(cloneMs) };
        await stage.InitializeAsync();
        return stage;
    }

    public async ValueTask InitializeAsync()
    {
        // All failpoints are tried on one lab, one after the other.
        var lifetime = TimeSpan.FromMinutes(10 + (2 * FailpointList.Chosen.Count));
        Lab = await LabFixture.StartAsync(options => options with { Lifetime = lifetime, Pairs = _pairs, Balancer = BalancerChoice.HAProxy, HAProxyNodes = _nodes, CloneDelay = _cloneDelay });
        foreach (var balancer in Lab.Facts.Balancers)
        {
            await using var watch = new RotationWatch(balancer.Socket);
            await LabFixture.UntilAsync(async () => (await watch.NowAsync()).Status.Values.All(status => status == "UP"));
        }
    }

    public ValueTask DisposeAsync() => Lab.DisposeAsync();

    /// <summary>Writes a fleet file.</summary>
    internal string Write(FleetText fleet)
    {
        var path = Path.Combine(Lab.Directory, fleet.Name + ".yaml");
        File.WriteAllText(path, fleet.ToString());
        return path;
    }

    /// <summary>Starts the program.</summary>
    internal RefreshProcess Refresh(params string[] arguments) => new(Journal, arguments);

    /// <summary>Starts the program with a failpoint in it.</summary>
    internal RefreshProcess RefreshUntil(string failpoint, params string[] arguments) => new(Journal, failpoint, arguments);

    /// <summary>Starts a run that tells its entries.</summary>
    internal RefreshProcess Run(FleetText fleet) => Refresh("run", Write(fleet), "--yes", "--json");

    /// <summary>Starts load through a balancer and a watch over its rotation.</summary>
    internal Task<Attendance> AttendAsync(int longShare = 4, int longMs = 300, int node = 0) => Attendance.BeginAsync(Lab.Facts.Balancers[node], longShare, longMs);

    /// <summary>What each VM is: its id in the lab, and what its guest says.</summary>
    internal async Task<IReadOnlyDictionary<string, Machine>> MachinesAsync()
    {
        var machines = new Dictionary<string, Machine>();
        foreach (var vm in await Lab.Client.VmsAsync(TestContext.Current.CancellationToken))
            machines[vm.Name] = new(vm.Id, await Lab.IdentityAsync(vm));
        return machines;
    }

    /// <summary>Every VM is another one than before, and its guest runs the image.</summary>
    internal async Task AllAreNewAsync(IReadOnlyDictionary<string, Machine> before, string version)
    {
        var after = await MachinesAsync();
        Assert.All(after, vm => Assert.Equal(version, vm.Value.Version));
        Assert.Empty(after.Values.Select(vm => vm.Id).Intersect(before.Values.Select(vm => vm.Id)));
        Assert.Empty(after.Values.Select(vm => vm.MachineId).Intersect(before.Values.Select(vm => vm.MachineId)));
    }

    /// <summary>The clones that the lab was asked for, by VM.</summary>
    internal async Task<IReadOnlyList<LabOperation>> ClonesAsync(string vm) =>
        [.. (await Lab.Client.OperationsAsync(vm, TestContext.Current.CancellationToken)).Where(operation => operation.Kind is "clone" or "create")];

    /// <summary>Lets a clone that hangs go on to its end.</summary>
    internal Task LetCloneGoOnAsync(string vm) =>
        LabFixture.UntilAsync(async () =>
        {
            await Lab.Client.ClearFaultsAsync(vm, TestContext.Current.CancellationToken);
            return (await ClonesAsync(vm))[^1].Finished;
        });

    /// <summary>The latest run as the journal has it.</summary>
    internal async Task<RunHistory> HistoryAsync()
    {
        var cancellation = TestContext.Current.CancellationToken;
        await using var journal = await SqliteRunJournal.OpenAsync(Journal, TimeProvider.System, cancellation);
        var latest = (await journal.RunsAsync(null, 1, cancellation))[0];
        return await RunHistory.ReadAsync(journal, latest.Run, cancellation);
    }

    /// <summary>Leaves a request in the journal, as a second process does.</summary>
    internal async Task AskAsync(RequestKind kind)
    {
        var cancellation = TestContext.Current.CancellationToken;
        await using var journal = await SqliteRunJournal.OpenAsync(Journal, TimeProvider.System, cancellation);
        var latest = (await journal.RunsAsync(null, 1, cancellation))[0];
        await journal.SubmitAsync(new RunRequest(Guid.NewGuid().ToString("N"), latest.Run, kind, "ann", "a test", DateTimeOffset.UtcNow), cancellation);
    }

    internal Task PowerAsync(string vm, PowerAction action) =>
        LabFixture.UntilAsync(async () =>
        {
            var operation = await Lab.EndAsync(await Lab.Client.PowerAsync(vm, action, TestContext.Current.CancellationToken));
            return operation.State == LabOperationState.Succeeded;
        });

    /// <summary>A VM and what its guest says.</summary>
    internal sealed record Machine(string? Id, JsonElement Identity)
    {
        public string? MachineId => Identity.GetProperty("machineId").GetString();

        public string? Version => Identity.GetProperty("image").GetProperty("version").GetString();
    }
}
