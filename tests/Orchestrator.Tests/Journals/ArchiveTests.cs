using Microsoft.Data.Sqlite;
using Microsoft.Extensions.Time.Testing;
using Refresh.Orchestrator.Application;
using Refresh.Orchestrator.Journals;
using Refresh.Workflows.Ports;
using Refresh.Workflows.Runs;
using Xunit;

namespace Refresh.Orchestrator.Tests.Journals;

/// <summary>Old runs are moved to files, where they are read and verified as before.</summary>
public sealed class ArchiveTests : IAsyncLifetime
{
    private readonly Scratch scratch = new();
    private readonly FakeTimeProvider clock = new(Sample.Start);
    private SqliteRunJournal journal = null!;

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    private string Directory => Path.Combine(scratch.Path, "archive");

    public async ValueTask InitializeAsync()
    {
        journal = await SqliteRunJournal.OpenAsync(scratch.File, clock, Noted.Format, Cancellation);
        foreach (var run in new[] { "r1", "r2", "r3" })
            await RunAsync("web", run, finished: true);
        await RunAsync("shop", "s1", finished: true);
        await RunAsync("shop", "s2", finished: false);
    }

    public async ValueTask DisposeAsync()
    {
        await journal.DisposeAsync();
        scratch.Dispose();
    }

    [Fact]
    public async Task All_finished_runs_but_the_latest_of_their_fleet_are_moved_and_read_as_before()
    {
        var before = await ReadAsync("r1");
        Assert.Equal(["r1", "r2", "s1"], (await CompactAsync()).Archived.Select(head => head.Run).Order());
        Assert.Equal(["r1.jsonl", "r2.jsonl", "s1.jsonl"], System.IO.Directory.GetFiles(Directory).Select(Path.GetFileName).Order());
        Assert.Equal(before, await ReadAsync("r1"));
        Assert.Equal(before.Skip(300), await journal.ReadAsync("r1", 300, Cancellation).ToListAsync(Cancellation));
        Assert.Equal(5, (await journal.RunsAsync(null, 10, Cancellation)).Count);
        var verified = await journal.VerifyAsync(Cancellation);
        Assert.Equal((5, 5 * 601L, null), (verified.Runs, verified.Entries, verified.Fault));
        Assert.Empty(verified.Away);
    }

    [Fact]
    public async Task Runs_that_ended_lately_stay()
    {
        Assert.Empty((await new JournalCompaction(journal, "me", clock).CompactAsync(TimeSpan.FromDays(90), Directory, Cancellation)).Archived);
        Assert.False(System.IO.Directory.Exists(Directory));
    }

    [Fact]
    public async Task The_space_is_given_back()
    {
        var before = await journal.SizeAsync(Cancellation);
        await CompactAsync();
        Assert.InRange(await journal.SizeAsync(Cancellation), 1, before * 3 / 4);
        Assert.InRange(new FileInfo(scratch.File).Length, 1, before * 3 / 4);
    }

    [Fact]
    public async Task A_fleet_that_is_worked_on_is_left_alone()
    {
        await journal.AcquireAsync("web", "other", Sample.Lease, Cancellation);
        var done = await CompactAsync();
        Assert.Equal(["s1"], done.Archived.Select(head => head.Run));
        Assert.Contains("worked on by other", Assert.Single(done.Busy), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Compacting_twice_changes_nothing_more_and_leaves_the_fleets_free()
    {
        await CompactAsync();
        Assert.Empty((await CompactAsync()).Archived);
        Assert.Null(await journal.HolderAsync("web", Cancellation));
    }

    [Fact]
    public async Task An_archive_that_is_away_is_named_and_the_rest_verifies()
    {
        await CompactAsync();
        File.Delete(Path.Combine(Directory, "r1.jsonl"));
        var error = await Assert.ThrowsAsync<JournalException>(() => ReadAsync("r1"));
        Assert.Equal(JournalFault.Archived, error.Fault);
        Assert.Contains(Path.Combine(Directory, "r1.jsonl"), error.Message, StringComparison.Ordinal);
        var verified = await journal.VerifyAsync(Cancellation);
        Assert.Null(verified.Fault);
        Assert.Contains("r1", Assert.Single(verified.Away), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("r1 7", "r1 8", "entry 7 of run r1")]
    [InlineData("\"epoch\":1", "\"epoch\":2", "entry 1 of run r1")]
    [InlineData("\"sequence\":601", "\"sequence\":602", "entry 601 of run r1")]
    [InlineData("{\"run\"", "{", "entry 1 of run r1 is no line of an export")]
    public async Task An_archive_that_was_changed_is_damaged(string what, string into, string says)
    {
        await CompactAsync();
        var file = Path.Combine(Directory, "r1.jsonl");
        await File.WriteAllTextAsync(file, (await File.ReadAllTextAsync(file, Cancellation)).Replace(what, into, StringComparison.Ordinal), Cancellation);
        var error = await Assert.ThrowsAsync<JournalException>(() => ReadAsync("r1"));
        Assert.Equal(JournalFault.Damaged, error.Fault);
        Assert.Contains(says, error.Message, StringComparison.Ordinal);
        Assert.StartsWith($"The archive {file} is damaged", error.Message, StringComparison.Ordinal);
        Assert.NotNull((await journal.VerifyAsync(Cancellation)).Fault);
    }

    [Fact]
    public async Task An_archive_that_was_cut_is_damaged()
    {
        await CompactAsync();
        var file = Path.Combine(Directory, "r1.jsonl");
        await File.WriteAllLinesAsync(file, (await File.ReadAllLinesAsync(file, Cancellation))[..^1], Cancellation);
        Assert.Contains("entry 600 of run r1", (await Assert.ThrowsAsync<JournalException>(() => ReadAsync("r1"))).Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Entries_that_were_taken_out_by_hand_are_not_taken_for_archived()
    {
        await CompactAsync();
        using (var connection = new SqliteConnection($"Data Source={scratch.File};Pooling=False"))
        {
            connection.Open();
            connection.Execute("DELETE FROM entries WHERE run = 'r3'; INSERT INTO archives SELECT 'r3', 'r3.jsonl', at, seal FROM archives WHERE run = 'r1'");
        }

        Assert.Equal(JournalFault.Damaged, await Sample.FaultAsync(() => ReadAsync("r3")));
    }

    [Fact]
    public async Task An_archived_run_is_not_gone_on_with()
    {
        await CompactAsync();
        var lease = await journal.AcquireAsync("web", "one", Sample.Lease, Cancellation);
        Assert.Equal(JournalFault.Archived, await Sample.FaultAsync(() => journal.GoOnAsync(lease, "r1", 601, Cancellation)));
        Assert.Equal(JournalFault.Archived, await Sample.FaultAsync(() => journal.SubmitAsync(new RunRequest("ask", "r1", RequestKind.Rollback, "ann", "", Sample.Start), Cancellation)));
    }

    [Fact]
    public async Task A_run_that_is_asked_something_stays()
    {
        await journal.SubmitAsync(new RunRequest("ask", "r1", RequestKind.Rollback, "ann", "", Sample.Start), Cancellation);
        Assert.Equal(["r2", "s1"], (await CompactAsync()).Archived.Select(head => head.Run).Order());
    }

    [Fact]
    public async Task A_directory_that_cannot_be_written_leaves_the_runs_where_they_are()
    {
        await File.WriteAllTextAsync(Directory, "a file", Cancellation);
        var done = await CompactAsync();
        Assert.Empty(done.Archived);
        Assert.Contains($"{Directory} cannot be written", done.Unwritable, StringComparison.Ordinal);
        Assert.Equal(601, (await ReadAsync("r1")).Count);
        Assert.Null(await journal.HolderAsync("web", Cancellation));
    }

    [Fact]
    public async Task A_damaged_run_stays_and_keeps_none_of_the_others()
    {
        var before = await journal.SizeAsync(Cancellation);
        await ExecuteAsync("UPDATE entries SET epoch = epoch + 1 WHERE run = 'r2' AND sequence = 7");
        var done = await CompactAsync();
        Assert.Equal(["r1", "s1"], done.Archived.Select(head => head.Run).Order());
        Assert.Contains("r2 of fleet web stays in the journal", Assert.Single(done.Kept), StringComparison.Ordinal);
        Assert.Contains("entry 7 of run r2", done.Kept[0], StringComparison.Ordinal);
        Assert.True(await journal.SizeAsync(Cancellation) < before);
    }

    [Fact]
    public async Task Another_file_of_that_name_is_not_replaced()
    {
        System.IO.Directory.CreateDirectory(Directory);
        await File.WriteAllTextAsync(Path.Combine(Directory, "r1.jsonl"), "somebody's", Cancellation);
        var done = await CompactAsync();
        Assert.Equal(["r2", "s1"], done.Archived.Select(head => head.Run).Order());
        Assert.Contains("r1.jsonl is there", Assert.Single(done.Kept), StringComparison.Ordinal);
        Assert.Equal("somebody's", await File.ReadAllTextAsync(Path.Combine(Directory, "r1.jsonl"), Cancellation));
        Assert.Equal(601, (await ReadAsync("r1")).Count);
    }

    [Fact]
    public async Task The_file_of_an_archiving_that_was_cut_off_is_taken()
    {
        System.IO.Directory.CreateDirectory(Directory);
        await File.WriteAllLinesAsync(Path.Combine(Directory, "r1.jsonl"), await journal.ExportAsync("r1", Cancellation).ToListAsync(Cancellation), Cancellation);
        Assert.Equal(3, (await CompactAsync()).Archived.Count);
    }

    private async Task ExecuteAsync(string sql)
    {
        await using var connection = new SqliteConnection($"Data Source={scratch.File};Pooling=False");
        await connection.OpenAsync(Cancellation);
        connection.Execute(sql);
    }

    private Task<Compacted> CompactAsync() => new JournalCompaction(journal, "me", clock).CompactAsync(TimeSpan.Zero, Directory, Cancellation);

    private async Task<List<JournalEntry>> ReadAsync(string run) => await journal.ReadAsync(run, 0, Cancellation).ToListAsync(Cancellation);

    private async Task RunAsync(string fleet, string run, bool finished)
    {
        clock.Advance(TimeSpan.FromHours(1));
        var lease = await journal.AcquireAsync(fleet, "one", Sample.Lease, Cancellation);
        await journal.BeginAsync(lease, run, [run + " claim"], Cancellation);
        await journal.GoOnAsync(lease, run, 1, Cancellation, count: 600, finished: finished);
        await journal.ReleaseAsync(lease, Cancellation);
    }
}
