using Microsoft.Extensions.Logging.Abstractions;
using Refresh.Orchestrator.Engine;
using Refresh.Workflows.Facts;
using Refresh.Workflows.Fleets;
using Refresh.Workflows.Planning;
using Refresh.Workflows.Ports;
using Refresh.Workflows.Reasons;
using Refresh.Workflows.Runs;
using Xunit;

namespace Refresh.Orchestrator.Tests.Engine;

/// <summary>A run of one pair in the hands of a real worker, in a world and with a journal that fail when they are told to.</summary>
internal sealed class WorkerStage
{
    public const string Id = "r1";

    public FaultyJournal Journal { get; } = new(TimeProvider.System);

    public StillWorld World { get; } = new();

    public RefreshPolicy Policy { get; init; } = new()
    {
        Canary = new CanaryPolicy { Pairs = 0 },
        Guard = new GuardPolicy { Interval = TimeSpan.FromMilliseconds(20) },
        Drain = new DrainPolicy { Interval = TimeSpan.FromMilliseconds(10) },
        Verify = new VerifyPolicy { Interval = TimeSpan.FromMilliseconds(10) },
        Soak = new SoakPolicy { Duration = TimeSpan.Zero, Interval = TimeSpan.FromMilliseconds(10) },
        Watch = new WatchPolicy { Interval = TimeSpan.FromMilliseconds(20) },
    };

    public TimeSpan Lease { get; init; } = TimeSpan.FromSeconds(30);

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    /// <summary>Journals the plan of the run, and begins nothing.</summary>
    public async Task<WorkerStage> PlanAsync()
    {
        var lease = await Journal.AcquireAsync("shop", "one", Lease, Cancellation);
        var fleet = new Fleet("shop", [new Pair("web-1", Member("a"), Member("b"))], Policy);
        var planned = new RunPlanned(Id, fleet, StillWorld.New, Planner.Plan(fleet, StillWorld.New.Ref, new Dictionary<MemberId, MemberFacts>()), "ann", string.Empty, "shop.yaml");
        var run = RunFold.Begin(planned, TimeProvider.System.GetUtcNow());
        await Journal.CreateAsync(lease, RunHeads.Of(run, 1), [], [new JournalEntry(Id, 1, run.StartedAt, lease.Epoch, planned)], Cancellation);
        await Journal.ReleaseAsync(lease, Cancellation);
        return this;
    }

    /// <summary>Takes the run up and works until it has ended or is left.</summary>
    public Task<Run> WorkAsync(Action<Run>? advanced = null) => WorkAsync((_, run) => advanced?.Invoke(run));

    /// <summary>As <see cref="WorkAsync(Action{Run})"/>, with the worker at hand.</summary>
    public async Task<Run> WorkAsync(Action<RunWorker, Run> advanced)
    {
        var lease = await Journal.AcquireAsync("shop", "two", Lease, Cancellation);
        var (run, entries) = await HistoryAsync();
        var options = new WorkerOptions { Worker = "two", LeaseDuration = Lease, RequestInterval = TimeSpan.FromMilliseconds(20) };
        RunWorker? worker = null;
        worker = new RunWorker(World.Ports(Journal), options, run, entries[^1].Sequence, new Told(now => advanced(worker!, now)), NullLogger<RunWorker>.Instance);
        return await worker.WorkAsync(lease, new TakeOver("two"), Cancellation);
    }

    public Task<RunHistory> HistoryAsync() => RunHistory.ReadAsync(Journal, Id, Cancellation);

    /// <summary>What was recorded to have failed.</summary>
    public async Task<IReadOnlyList<Reason>> FailuresAsync() =>
        [.. (await HistoryAsync()).Entries.Select(entry => entry.Event).OfType<OutcomeRecorded>().Select(recorded => recorded.Outcome).OfType<Failed>().Select(failed => failed.Reason)];

    private static Member Member(string name) => new(new MemberId("web-1", name), new Endpoint($"web-1-{name}", 80));

    private sealed class Told(Action<Run> advanced) : IRunWatcher
    {
        public void Advanced(Run run, IReadOnlyList<JournalEntry> entries) => advanced(run);

        public void Progressed(MemberId member, string text)
        {
        }
    }
}
