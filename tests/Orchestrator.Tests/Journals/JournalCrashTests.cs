using Refresh.Orchestrator.Journals;
using Refresh.Workflows.Ports;
using Refresh.Workflows.Runs;
using Xunit;

namespace Refresh.Orchestrator.Tests.Journals;

/// <summary>What a killed process had acknowledged is there, whole; and two processes share a journal.</summary>
public sealed class JournalCrashTests : IDisposable
{
    private readonly Scratch scratch = new();
    private readonly CancellationTokenSource limit = CancellationTokenSource.CreateLinkedTokenSource(TestContext.Current.CancellationToken);

    public JournalCrashTests() => limit.CancelAfter(TimeSpan.FromSeconds(90));

    public void Dispose()
    {
        limit.Dispose();
        scratch.Dispose();
    }

    [Theory]
    [InlineData(1)]
    [InlineData(37)]
    [InlineData(400)]
    public async Task What_a_killed_process_had_acknowledged_is_there(int sayings)
    {
        int acknowledged;
        using (var child = JournalAppender.Start(scratch.File))
            acknowledged = await child.AcknowledgedAsync(sayings, kill: true, limit.Token);
        Assert.InRange(acknowledged, sayings, int.MaxValue);

        await using var journal = await OpenAsync();
        Assert.Null((await journal.VerifyAsync(limit.Token)).Fault);
        var entries = await journal.ReadAsync("r1", 0, limit.Token).ToListAsync(limit.Token);
        Assert.InRange(entries.Count, acknowledged, acknowledged + 2);
        Assert.Equal(Sample.Entries(new Lease("web", "child", 1, default), "r1", 0, entries.Count), entries);
        Assert.Equal(entries.Count, (await journal.FindAsync("r1", limit.Token))!.Sequence);
    }

    [Fact]
    public async Task The_next_worker_of_a_killed_one_goes_on_with_a_higher_epoch()
    {
        using (var child = JournalAppender.Start(scratch.File))
            await child.AcknowledgedAsync(1, kill: true, limit.Token);
        await using var journal = await OpenAsync();
        Assert.Equal(JournalFault.LeaseHeld, await Sample.FaultAsync(() => journal.AcquireAsync("web", "next", Sample.Lease, limit.Token)));
        await journal.ReleaseAsync((await journal.HolderAsync("web", limit.Token))!, limit.Token);
        var next = await journal.AcquireAsync("web", "next", Sample.Lease, limit.Token);
        Assert.Equal(2, next.Epoch);
        await journal.GoOnAsync(next, "r1", (await journal.FindAsync("r1", limit.Token))!.Sequence, limit.Token);
    }

    [Fact]
    public async Task While_one_process_appends_another_reads_and_asks()
    {
        using var child = JournalAppender.Start(scratch.File);
        await child.AcknowledgedAsync(1, kill: false, limit.Token);
        await using var journal = await OpenAsync();
        for (var i = 0; i < 20; i++)
        {
            await journal.SubmitAsync(new RunRequest($"ask {i}", "r1", RequestKind.Pause, "ann", "", Sample.Start), limit.Token);
            var said = await child.AcknowledgedAsync(1, kill: false, limit.Token);
            Assert.InRange((await journal.ReadAsync("r1", 0, limit.Token).ToListAsync(limit.Token)).Count, said, int.MaxValue);
        }

        Assert.Equal(20, (await journal.RequestsAsync("r1", limit.Token)).Count);
    }

    private Task<SqliteRunJournal> OpenAsync() => SqliteRunJournal.OpenAsync(scratch.File, TimeProvider.System, Noted.Format, limit.Token);
}
