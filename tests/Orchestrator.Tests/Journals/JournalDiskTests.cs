using Refresh.Orchestrator.Journals;
using Refresh.Workflows.Ports;
using Xunit;

namespace Refresh.Orchestrator.Tests.Journals;

/// <summary>What happens when the disk does not take what is written.</summary>
public sealed class JournalDiskTests
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_database_that_may_not_grow_refuses_and_keeps_what_it_acknowledged()
    {
        using var scratch = new Scratch();
        await using var journal = await OpenAsync(scratch.File);
        var lease = await BeginAsync(journal);
        await journal.Database.WriteAsync(connection => connection.Scalar<long>("PRAGMA max_page_count = 40"), Cancellation);
        var acknowledged = await FillAsync(journal, lease);
        Assert.Equal(acknowledged, (await journal.FindAsync("r1", Cancellation))!.Sequence);
        await journal.GoOnAsync(lease, "r1", acknowledged, Cancellation);
        Assert.Equal(new JournalVerification(1, acknowledged + 1, null), await journal.VerifyAsync(Cancellation));
    }

    [Fact]
    public async Task A_full_disk_refuses_and_goes_on_when_there_is_space_again()
    {
        using var disk = SmallDisk.Mount();
        var path = Path.Combine(disk.Path, "journal.db");
        var ballast = Path.Combine(disk.Path, "ballast");
        await File.WriteAllBytesAsync(ballast, new byte[512 * 1024], Cancellation);
        await using var journal = await OpenAsync(path);
        var lease = await BeginAsync(journal);
        var acknowledged = await FillAsync(journal, lease);
        Assert.Equal(acknowledged, (await journal.FindAsync("r1", Cancellation))!.Sequence);
        File.Delete(ballast);
        await journal.GoOnAsync(lease, "r1", acknowledged, Cancellation);
        Assert.Equal(new JournalVerification(1, acknowledged + 1, null), await journal.VerifyAsync(Cancellation));
    }

    [Fact]
    public async Task A_full_disk_makes_no_half_journal()
    {
        using var disk = SmallDisk.Mount();
        await Assert.ThrowsAsync<IOException>(() => File.WriteAllBytesAsync(Path.Combine(disk.Path, "ballast"), new byte[4 * 1024 * 1024], Cancellation));
        var error = await Assert.ThrowsAsync<JournalException>(() => OpenAsync(Path.Combine(disk.Path, "journal.db")));
        Assert.Equal(JournalFault.Unavailable, error.Fault);
        Assert.Equal(["ballast"], Directory.GetFiles(disk.Path).Select(Path.GetFileName));
    }

    [Fact]
    public async Task A_journal_on_a_read_only_disk_is_refused_with_its_path()
    {
        using var disk = SmallDisk.Mount();
        var path = Path.Combine(disk.Path, "journal.db");
        await using (var journal = await OpenAsync(path))
            await BeginAsync(journal);
        disk.MakeReadOnly();
        await RefusedAsync(path);
        await RefusedAsync(Path.Combine(disk.Path, "new", "journal.db"));
    }

    [Fact]
    public async Task A_directory_that_cannot_be_there_is_refused_with_its_path()
    {
        using var scratch = new Scratch();
        await File.WriteAllTextAsync(Path.Combine(scratch.Path, "file"), "", Cancellation);
        await RefusedAsync(Path.Combine(scratch.Path, "file", "journal.db"));
    }

    private static async Task RefusedAsync(string path)
    {
        var error = await Assert.ThrowsAsync<JournalException>(() => OpenAsync(path));
        Assert.Equal(JournalFault.Unavailable, error.Fault);
        Assert.Contains(path, error.Message, StringComparison.Ordinal);
    }

    private static Task<SqliteRunJournal> OpenAsync(string path) =>
        SqliteRunJournal.OpenAsync(path, TimeProvider.System, Noted.Format, Cancellation);

    private static async Task<Lease> BeginAsync(SqliteRunJournal journal)
    {
        var lease = await journal.AcquireAsync("web", "one", Sample.Lease, Cancellation);
        await journal.BeginAsync(lease, "r1", [], Cancellation);
        return lease;
    }

    /// <summary>Appends until the journal refuses.</summary>
    /// <returns>The last sequence that it acknowledged.</returns>
    private static async Task<long> FillAsync(SqliteRunJournal journal, Lease lease)
    {
        for (var acknowledged = 1; acknowledged < 100_000; acknowledged += 50)
        {
            try
            {
                await journal.GoOnAsync(lease, "r1", acknowledged, Cancellation, count: 50);
            }
            catch (JournalException error)
            {
                Assert.Equal(JournalFault.Unavailable, error.Fault);
                Assert.Contains("full", error.Message, StringComparison.Ordinal);
                return acknowledged;
            }
        }

        throw new InvalidOperationException("The disk took 100,000 entries.");
    }
}
