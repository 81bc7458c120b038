using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Time.Testing;
using Refresh.Orchestrator.Application;
using Refresh.Orchestrator.Engine;
using Refresh.Simulation.World;
using Refresh.Workflows.Facts;
using Refresh.Workflows.Fleets;
using Refresh.Workflows.Planning;
using Refresh.Workflows.Ports;
using Refresh.Workflows.Reasons;
using Refresh.Workflows.Runs;
using Xunit;

namespace Refresh.Orchestrator.Tests.Engine;

/// <summary>Whoever takes a run up waits for the lease of a lost worker, and no longer because of a clock that was set.</summary>
public sealed class LeaseWaitTests
{
    private static readonly TimeSpan s_lease = TimeSpan.FromSeconds(9);
    private readonly FakeTimeProvider _clock = new(new DateTimeOffset(2026, 11, 3, 2, 0, 0, TimeSpan.Zero));
    private readonly MemoryRunJournal _journal;

    public LeaseWaitTests() => _journal = new MemoryRunJournal(_clock);

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task The_lease_of_a_lost_worker_is_succeeded_though_the_clock_was_set_back()
    {
        var lost = await LeaveAsync();
        _clock.AdjustTime(_clock.GetUtcNow() - TimeSpan.FromHours(5));
        var waited = await PassAsync(TakeUpAsync());
        Assert.InRange(waited, s_lease, s_lease * 5);
        Assert.Equal((lost.Epoch + 1, "two"), (await _journal.HolderAsync("shop", Cancellation)) is { } now ? (now.Epoch, now.Worker) : default);
    }

    [Fact]
    public async Task The_lease_of_a_worker_that_lives_is_left_to_it_though_the_clock_was_set_back()
    {
        var held = await LeaveAsync();
        _clock.AdjustTime(_clock.GetUtcNow() - TimeSpan.FromHours(5));
        var taking = TakeUpAsync();
        await PassAsync(taking, s_lease / 3);
        await _journal.RenewAsync(held, s_lease, Cancellation);
        await PassAsync(taking, s_lease);
        Assert.Equal(JournalFault.LeaseHeld, (await Assert.ThrowsAsync<JournalException>(() => taking)).Fault);
    }

    [Fact]
    public async Task The_lease_of_a_lost_worker_is_taken_when_it_has_run_out()
    {
        await LeaveAsync();
        Assert.InRange(await PassAsync(TakeUpAsync()), s_lease / 2, s_lease * 2);
    }

    [Fact]
    public async Task A_run_whose_servers_have_other_names_by_now_is_not_taken_up_and_its_lease_is_free_again()
    {
        await LeaveAsync();
        var taking = TakeUpAsync(new StillWorld { Obstacles = [new Reason("away", "HAProxy is away", "it is back"), new Reason(ILoadBalancer.AddressDiffers, "web-1/a is elsewhere.", "correct the name")] });
        await PassAsync(taking);
        var refused = await Assert.ThrowsAsync<AdapterException>(() => taking);
        Assert.Equal((ILoadBalancer.AddressDiffers, "Run r1 cannot be taken up, and nothing was touched: web-1/a is elsewhere."), (refused.Reason.Code, refused.Reason.Text));
        Assert.Null(await _journal.HolderAsync("shop", Cancellation));
    }

    /// <summary>A worker that began a run is gone, and its lease is not.</summary>
    private async Task<Lease> LeaveAsync()
    {
        var fleet = new Fleet("shop", [new Pair("web-1", new(new("web-1", "a"), new("a", 80)), new(new("web-1", "b"), new("b", 80)))], new RefreshPolicy());
        var lease = await _journal.AcquireAsync("shop", "one", s_lease, Cancellation);
        var planned = new RunPlanned("r1", fleet, StillWorld.New, Planner.Plan(fleet, StillWorld.New.Ref, new Dictionary<MemberId, MemberFacts>()), "ann", string.Empty, "shop.yaml");
        var run = RunFold.Begin(planned, _clock.GetUtcNow());
        await _journal.CreateAsync(lease, RunHeads.Of(run, 1), [], [new JournalEntry("r1", 1, run.StartedAt, lease.Epoch, planned)], Cancellation);
        return lease;
    }

    private Task<RunSession> TakeUpAsync(StillWorld? world = null)
    {
        var options = new WorkerOptions { Worker = "two", LeaseDuration = s_lease };
        var runs = new RunService(_journal, options, _clock, () => "id", NullLoggerFactory.Instance);
        return runs.TakeUpAsync("r1", _ => Task.FromResult((world ?? new StillWorld()).Ports(_journal)), new Nobody(), _ => { }, Cancellation);
    }

    /// <summary>Lets time pass until something has ended, and tells how much.</summary>
    private async Task<TimeSpan> PassAsync(Task until, TimeSpan? most = null)
    {
        var step = TimeSpan.FromMilliseconds(200);
        var passed = TimeSpan.Zero;
        while (!until.IsCompleted && passed < (most ?? TimeSpan.FromHours(1)))
        {
            _clock.Advance(step);
            passed += step;
            // What the passed time has woken goes on before more of it passes.
            for (var turn = 0; turn < 20; turn++)
                await Task.Yield();
        }

        return passed;
    }

    private sealed class Nobody : IRunWatcher
    {
        public void Advanced(Run run, IReadOnlyList<JournalEntry> entries)
        {
        }

        public void Progressed(MemberId member, string text)
        {
        }
    }
}
