using Refresh.Workflows.Ports;
using Xunit;

namespace Refresh.Orchestrator.Tests.Journals;

public abstract partial class RunJournalCompliance
{
    [Fact]
    public async Task What_was_appended_is_read_back_in_order_by_every_process()
    {
        var lease = await LeaseAsync();
        await Journal.BeginAsync(lease, "r1", [], Cancellation, count: 2);
        await Journal.GoOnAsync(lease, "r1", 2, Cancellation, count: 1200);
        var expected = Sample.Entries(lease, "r1", 0, 1202);
        Assert.Equal(expected, await ReadAsync("r1"));
        Assert.Equal(expected.Skip(700), await ReadAsync("r1", after: 700));
        Assert.Empty(await ReadAsync("r1", after: 1202));
        Assert.Empty(await ReadAsync("r1", after: 9999));
        Assert.Equal(expected, await (await OpenAsync()).ReadAsync("r1", 0, Cancellation).ToListAsync(Cancellation));
    }

    [Theory]
    [InlineData(1)]
    [InlineData(499)]
    [InlineData(500)]
    [InlineData(501)]
    [InlineData(1000)]
    public async Task A_run_of_any_length_is_read_whole(int count)
    {
        var lease = await LeaseAsync();
        await Journal.BeginAsync(lease, "r1", [], Cancellation, count);
        Assert.Equal(count, (await ReadAsync("r1")).Count);
    }

    [Fact]
    public async Task A_run_that_is_not_there_is_said_so()
    {
        var lease = await LeaseAsync();
        Assert.Null(await Journal.FindAsync("none", Cancellation));
        await RefusedAsync(JournalFault.NoSuchRun, () => ReadAsync("none"));
        await RefusedAsync(JournalFault.NoSuchRun, () => Journal.GoOnAsync(lease, "none", 0, Cancellation));
    }

    [Fact]
    public async Task An_append_on_a_wrong_belief_changes_nothing()
    {
        var lease = await LeaseAsync();
        await Journal.BeginAsync(lease, "r1", [], Cancellation, count: 2);
        await RefusedAsync(JournalFault.Conflict, () => Journal.GoOnAsync(lease, "r1", 1, Cancellation));
        await RefusedAsync(JournalFault.Conflict, () => Journal.GoOnAsync(lease, "r1", 3, Cancellation));
        await RefusedAsync(JournalFault.Conflict, () => Journal.BeginAsync(lease, "r1", [], Cancellation));
        Assert.Equal(Sample.Head("r1", "web", 2), await Journal.FindAsync("r1", Cancellation));
        Assert.Equal(2, (await ReadAsync("r1")).Count);
    }

    [Fact]
    public async Task The_lease_of_one_fleet_writes_no_run_of_another()
    {
        await Journal.BeginAsync(await LeaseAsync(), "r1", [], Cancellation);
        var other = await LeaseAsync("other");
        await RefusedAsync(JournalFault.NoSuchRun, () => Journal.GoOnAsync(other, "r1", 1, Cancellation));
    }

    [Fact]
    public async Task Entries_that_do_not_fit_are_the_callers_mistake()
    {
        var lease = await LeaseAsync();
        var entries = Sample.Entries(lease, "r1", 0, 2);
        await RefuseAsync(Sample.Head("r1", "web", 0), []);
        await RefuseAsync(Sample.Head("r1", "web", 3), entries);
        await RefuseAsync(Sample.Head("r1", "other", 2), entries);
        await RefuseAsync(Sample.Head("r2", "web", 2), entries);
        await RefuseAsync(Sample.Head("r1", "web", 2), [entries[0], entries[0]]);
        await RefuseAsync(Sample.Head("r1", "web", 2), [entries[0], entries[1] with { Epoch = 7 }]);
        await RefuseAsync(Sample.Head("r\n1", "web", 1), [entries[0] with { Run = "r\n1" }]);
        Assert.Empty(await Journal.RunsAsync(null, 10, Cancellation));

        Task RefuseAsync(RunHead head, JournalEntry[] wrong) =>
            Assert.ThrowsAsync<ArgumentException>(() => Journal.CreateAsync(lease, head, [], wrong, Cancellation));
    }

    [Fact]
    public async Task A_fleet_has_one_unfinished_run()
    {
        var lease = await LeaseAsync();
        await Journal.BeginAsync(lease, "r1", [], Cancellation);
        await RefusedAsync(JournalFault.FleetHasRun, () => Journal.BeginAsync(lease, "r2", [], Cancellation));
        Assert.Null(await Journal.FindAsync("r2", Cancellation));
        await Journal.GoOnAsync(lease, "r1", 1, Cancellation, finished: true);
        await Journal.BeginAsync(lease, "r2", [], Cancellation);
        await RefusedAsync(JournalFault.FleetHasRun, () => Journal.GoOnAsync(lease, "r1", 2, Cancellation));
    }

    [Fact]
    public async Task What_an_unfinished_run_claims_no_other_run_may_claim()
    {
        var web = await LeaseAsync();
        var shop = await LeaseAsync("shop");
        await Journal.BeginAsync(web, "r1", ["10.0.0.1:80", "10.0.0.2:80", "10.0.0.2:80"], Cancellation);
        await RefusedAsync(JournalFault.Claimed, () => Journal.BeginAsync(shop, "r2", ["10.0.0.9:80", "10.0.0.2:80"], Cancellation));
        Assert.Null(await Journal.FindAsync("r2", Cancellation));
        Assert.Equal("r1", await Journal.ClaimantAsync(["10.0.0.2:80"], "r2", Cancellation));
        Assert.Null(await Journal.ClaimantAsync(["10.0.0.2:80"], "r1", Cancellation));
        Assert.Null(await Journal.ClaimantAsync(["10.0.0.3:80"], "r2", Cancellation));
        Assert.Null(await Journal.ClaimantAsync([], "r2", Cancellation));
    }

    [Fact]
    public async Task Claims_end_with_the_run_and_hold_again_when_it_is_taken_up_again()
    {
        var web = await LeaseAsync();
        var shop = await LeaseAsync("shop");
        await Journal.BeginAsync(web, "r1", ["a"], Cancellation);
        await Journal.GoOnAsync(web, "r1", 1, Cancellation, finished: true);
        Assert.Null(await Journal.ClaimantAsync(["a"], "", Cancellation));
        await Journal.BeginAsync(shop, "r2", ["a"], Cancellation);
        await RefusedAsync(JournalFault.Claimed, () => Journal.GoOnAsync(web, "r1", 2, Cancellation));
        await Journal.GoOnAsync(shop, "r2", 1, Cancellation, finished: true);
        await Journal.GoOnAsync(web, "r1", 2, Cancellation);
        Assert.Equal("r1", await Journal.ClaimantAsync(["a"], "", Cancellation));
    }

    [Fact]
    public async Task Runs_are_listed_latest_first()
    {
        var lease = await LeaseAsync();
        var shop = await LeaseAsync("shop");
        foreach (var (run, hours) in new[] { ("r1", 1), ("r2", 3), ("r3", 2), ("r4", 2) })
        {
            var head = Sample.Head(run, "web", 1, finished: true) with { StartedAt = Sample.Start.AddHours(hours) };
            await Journal.CreateAsync(lease, head, [], Sample.Entries(lease, run, 0), Cancellation);
        }

        await Journal.BeginAsync(shop, "s1", [], Cancellation);
        Assert.Equal(["r2", "r4", "r3", "r1"], await ListAsync("web", 10));
        Assert.Equal(["r2", "r4"], await ListAsync("web", 2));
        Assert.Equal(["r2", "r4", "r3", "r1", "s1"], await ListAsync(null, 10));

        async Task<IEnumerable<string>> ListAsync(string? fleet, int limit) => (await Journal.RunsAsync(fleet, limit, Cancellation)).Select(head => head.Run);
    }

    [Fact]
    public async Task Of_writers_with_the_same_belief_one_wins_each_sequence()
    {
        var other = await OpenAsync();
        var lease = await LeaseAsync();
        await Journal.BeginAsync(lease, "r1", [], Cancellation);
        var wins = await Task.WhenAll(Enumerable.Range(0, 4).Select(i => Task.Run(() => AppendAsync(i % 2 == 0 ? Journal : other))));
        Assert.Equal(40, wins.Sum());
        Assert.Equal(41, (await ReadAsync("r1")).Count);

        async Task<int> AppendAsync(IRunJournal journal)
        {
            var won = 0;
            for (var expected = 1; expected <= 40; expected++)
            {
                try
                {
                    await journal.GoOnAsync(lease, "r1", expected, Cancellation);
                    won++;
                }
                catch (JournalException error) when (error.Fault == JournalFault.Conflict)
                {
                    // Another one was first; the belief is corrected, or is ahead of the others' no more.
                    expected = (int)(await journal.FindAsync("r1", Cancellation))!.Sequence - 1;
                }
            }

            return won;
        }
    }

    [Fact]
    public async Task A_cancelled_append_writes_nothing()
    {
        var lease = await LeaseAsync();
        await Journal.BeginAsync(lease, "r1", [], Cancellation);
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => Journal.GoOnAsync(lease, "r1", 1, new CancellationToken(canceled: true)));
        Assert.Single(await ReadAsync("r1"));
    }
}
