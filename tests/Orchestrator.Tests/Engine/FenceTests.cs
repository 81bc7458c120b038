using Refresh.Orchestrator.Engine;
using Refresh.Workflows.Ports;
using Xunit;

namespace Refresh.Orchestrator.Tests.Engine;

/// <summary>Promise 6: a worker whose lease cannot be proved does nothing more, and says which of two things is so.</summary>
public sealed class FenceTests
{
    private static readonly TimeSpan s_lease = TimeSpan.FromSeconds(1);
    private readonly FaultyJournal _journal = new(TimeProvider.System);

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_journal_that_is_away_for_a_moment_is_asked_again()
    {
        await using var fence = await FenceAsync(TimeSpan.FromMinutes(1));
        _journal.RenewalsToFail = 2;
        await fence.ProveAsync(Cancellation);
        Assert.Equal((-1, false), (_journal.RenewalsToFail, fence.Lost.IsCancellationRequested));
        Assert.Null(fence.Fault);
    }

    [Fact]
    public async Task A_journal_that_is_away_for_as_long_as_the_lease_holds_ends_the_work_as_unavailable()
    {
        await using var fence = await FenceAsync(s_lease);
        _journal.RenewalsToFail = int.MaxValue;
        Assert.Equal(JournalFault.Unavailable, (await Assert.ThrowsAsync<JournalException>(() => fence.ProveAsync(Cancellation))).Fault);
        Assert.True(fence.Lost.IsCancellationRequested);
        Assert.Equal(JournalFault.Unavailable, fence.Fault?.Fault);
    }

    [Fact]
    public async Task A_lease_that_another_worker_took_ends_the_work_as_lost()
    {
        await using var fence = await FenceAsync(TimeSpan.FromMinutes(1));
        await _journal.SucceedAsync(fence.Lease, "two", s_lease, Cancellation);
        await Assert.ThrowsAsync<JournalException>(() => fence.ProveAsync(Cancellation));
        Assert.Equal(JournalFault.LeaseLost, fence.Fault?.Fault);
    }

    private async Task<Fence> FenceAsync(TimeSpan duration) =>
        new(_journal, await _journal.AcquireAsync("shop", "one", duration, Cancellation), duration, TimeProvider.System);
}
