using Refresh.Workflows.Ports;
using Xunit;

namespace Refresh.Orchestrator.Tests.Journals;

public abstract partial class RunJournalCompliance
{
    [Fact]
    public async Task A_lease_says_who_holds_it_and_until_when()
    {
        var lease = await LeaseAsync();
        Assert.Equal(new Lease("web", "one", 1, Sample.Start + Sample.Lease), lease);
        Assert.Equal(lease, await Journal.HolderAsync("web", Cancellation));
        Assert.Null(await Journal.HolderAsync("other", Cancellation));
    }

    [Fact]
    public async Task A_lease_that_holds_is_given_to_nobody_else()
    {
        await LeaseAsync();
        Clock.Advance(Sample.Lease - TimeSpan.FromTicks(1));
        await RefusedAsync(JournalFault.LeaseHeld, () => LeaseAsync(worker: "two"));
        await RefusedAsync(JournalFault.LeaseHeld, () => LeaseAsync(worker: "one"));
        await LeaseAsync("other", "two");
    }

    [Fact]
    public async Task The_epoch_rises_over_expiry_and_release()
    {
        var first = await LeaseAsync();
        Clock.Advance(Sample.Lease);
        Assert.Null(await Journal.HolderAsync("web", Cancellation));
        var second = await LeaseAsync(worker: "two");
        await Journal.ReleaseAsync(second, Cancellation);
        Assert.Null(await Journal.HolderAsync("web", Cancellation));
        var third = await LeaseAsync();
        Assert.Equal([1, 2, 3], [first.Epoch, second.Epoch, third.Epoch]);
    }

    [Fact]
    public async Task A_renewed_lease_holds_longer_from_now()
    {
        var lease = await LeaseAsync();
        Clock.Advance(TimeSpan.FromSeconds(20));
        var renewed = await Journal.RenewAsync(lease, Sample.Lease, Cancellation);
        Assert.Equal(lease with { ExpiresAt = Clock.GetUtcNow() + Sample.Lease }, renewed);
        Clock.Advance(TimeSpan.FromSeconds(20));
        await RefusedAsync(JournalFault.LeaseHeld, () => LeaseAsync(worker: "two"));
    }

    [Fact]
    public async Task A_lease_that_ran_out_and_nobody_took_can_be_renewed()
    {
        var lease = await LeaseAsync();
        Clock.Advance(2 * Sample.Lease);
        await Journal.RenewAsync(lease, Sample.Lease, Cancellation);
        await RefusedAsync(JournalFault.LeaseHeld, () => LeaseAsync(worker: "two"));
    }

    [Fact]
    public async Task A_lease_that_another_took_is_lost_for_renewal_appends_and_new_runs()
    {
        var lost = await LeaseAsync();
        await Journal.BeginAsync(lost, "r1", [], Cancellation);
        Clock.Advance(Sample.Lease);
        var held = await LeaseAsync(worker: "two");
        await RefusedAsync(JournalFault.LeaseLost, () => Journal.RenewAsync(lost, Sample.Lease, Cancellation));
        await RefusedAsync(JournalFault.LeaseLost, () => Journal.GoOnAsync(lost, "r1", 1, Cancellation));
        await RefusedAsync(JournalFault.LeaseLost, () => Journal.BeginAsync(lost, "r2", [], Cancellation));
        Assert.Single(await ReadAsync("r1"));
        await Journal.GoOnAsync(held, "r1", 1, Cancellation);
    }

    [Fact]
    public async Task A_lease_that_was_given_back_is_lost()
    {
        var lease = await LeaseAsync();
        await Journal.ReleaseAsync(lease, Cancellation);
        await RefusedAsync(JournalFault.LeaseLost, () => Journal.RenewAsync(lease, Sample.Lease, Cancellation));
        await RefusedAsync(JournalFault.LeaseLost, () => Journal.BeginAsync(lease, "r1", [], Cancellation));
    }

    [Fact]
    public async Task Giving_back_a_lost_lease_leaves_the_new_holder_alone()
    {
        var lost = await LeaseAsync();
        Clock.Advance(Sample.Lease);
        var held = await LeaseAsync(worker: "two");
        await Journal.ReleaseAsync(lost, Cancellation);
        Assert.Equal(held, await Journal.HolderAsync("web", Cancellation));
    }

    [Fact]
    public async Task A_clock_set_back_lets_nobody_in_beside_the_holder()
    {
        await LeaseAsync();
        Clock.AdjustTime(Sample.Start - TimeSpan.FromDays(1));
        await RefusedAsync(JournalFault.LeaseHeld, () => LeaseAsync(worker: "two"));
    }

    [Fact]
    public async Task A_holder_that_was_silent_is_succeeded_whatever_the_clock_says_and_has_lost_its_lease()
    {
        var silent = await LeaseAsync();
        await Journal.BeginAsync(silent, "r1", [], Cancellation);
        Clock.AdjustTime(Sample.Start - TimeSpan.FromDays(1));
        var next = await Journal.SucceedAsync(silent, "two", Sample.Lease, Cancellation);
        Assert.Equal(new Lease("web", "two", 2, Clock.GetUtcNow() + Sample.Lease), next);
        await RefusedAsync(JournalFault.LeaseLost, () => Journal.RenewAsync(silent, Sample.Lease, Cancellation));
        await RefusedAsync(JournalFault.LeaseLost, () => Journal.GoOnAsync(silent, "r1", 1, Cancellation));
        await Journal.GoOnAsync(next, "r1", 1, Cancellation);
    }

    [Fact]
    public async Task A_holder_that_has_renewed_its_lease_or_another_that_took_it_is_not_succeeded()
    {
        var seen = await LeaseAsync();
        Clock.Advance(TimeSpan.FromSeconds(1));
        var renewed = await Journal.RenewAsync(seen, Sample.Lease, Cancellation);
        await RefusedAsync(JournalFault.LeaseHeld, () => Journal.SucceedAsync(seen, "two", Sample.Lease, Cancellation));
        var taken = await Journal.SucceedAsync(renewed, "two", Sample.Lease, Cancellation);
        await RefusedAsync(JournalFault.LeaseHeld, () => Journal.SucceedAsync(renewed, "three", Sample.Lease, Cancellation));
        Assert.Equal(taken, await Journal.HolderAsync("web", Cancellation));
    }

    [Fact]
    public async Task A_clock_set_forward_and_back_revives_no_lost_lease()
    {
        var lost = await LeaseAsync();
        await Journal.BeginAsync(lost, "r1", [], Cancellation);
        Clock.AdjustTime(Sample.Start + TimeSpan.FromDays(1));
        await LeaseAsync(worker: "two");
        Clock.AdjustTime(Sample.Start);
        await RefusedAsync(JournalFault.LeaseLost, () => Journal.GoOnAsync(lost, "r1", 1, Cancellation));
    }

    [Fact]
    public async Task Of_many_who_ask_at_once_one_gets_the_lease()
    {
        var other = await OpenAsync();
        var faults = await Task.WhenAll(Enumerable.Range(0, 20).Select(i => Task.Run(() => AskAsync(i % 2 == 0 ? Journal : other, $"w{i}"))));
        Assert.Equal(19, faults.Count(fault => fault == JournalFault.LeaseHeld));
        Assert.Equal(1, faults.Count(fault => fault is null));

        static async Task<JournalFault?> AskAsync(IRunJournal journal, string worker)
        {
            try
            {
                await journal.AcquireAsync("web", worker, Sample.Lease, Cancellation);
                return null;
            }
            catch (JournalException error)
            {
                return error.Fault;
            }
        }
    }
}
