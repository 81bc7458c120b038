using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using Microsoft.Data.Sqlite;
using Refresh.Orchestrator.Journals;
using Refresh.Workflows.Ports;
using Xunit;

namespace Refresh.Orchestrator.Tests.Journals;

/// <summary>A damaged journal says so, or gives back exactly what was written; never something else.</summary>
public sealed class JournalDamageTests : IDisposable
{
    private static readonly string[] Runs = ["r1", "r2"];
    private readonly Scratch scratch = new();

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public void Dispose() => scratch.Dispose();

    [Theory]
    [InlineData("UPDATE entries SET event = replace(event, 'r1 7', 'r1 8') WHERE run = 'r1' AND sequence = 7", "entry 7 of run r1 does not match its hash")]
    [InlineData("UPDATE entries SET at = '2026-03-01T03:00:00.0000000Z' WHERE run = 'r1' AND sequence = 3", "entry 3 of run r1 does not match its hash")]
    [InlineData("UPDATE entries SET epoch = 9 WHERE run = 'r1' AND sequence = 1", "entry 1 of run r1 does not match its hash")]
    [InlineData("UPDATE entries SET hash = upper(hash) WHERE run = 'r1' AND sequence = 2", "entry 2 of run r1 does not match its hash")]
    [InlineData("DELETE FROM entries WHERE run = 'r1' AND sequence = 5", "entry 5 of run r1 is missing")]
    [InlineData("DELETE FROM entries WHERE run = 'r1' AND sequence > 40", "entry 41 of run r1 is missing")]
    [InlineData("DELETE FROM entries WHERE run = 'r1'", "entry 1 of run r1 is missing")]
    [InlineData("INSERT INTO entries SELECT run, sequence + 1, at, epoch, event, hash FROM entries WHERE run = 'r1' AND sequence = (SELECT max(sequence) FROM entries WHERE run = 'r1')", "does not match its hash")]
    [InlineData("UPDATE runs SET state = 'Failed' WHERE run = 'r1'", "the head of run r1 does not match its seal")]
    [InlineData("UPDATE runs SET finished = 1 WHERE run = 'r1'", "the head of run r1 does not match its seal")]
    [InlineData("UPDATE runs SET started_at = 'x' WHERE run = 'r1'", "damaged")]
    [InlineData("PRAGMA foreign_keys = OFF; DELETE FROM runs WHERE run = 'r1'", "run r1")]
    [InlineData("DROP TABLE entries", "no such table")]
    public async Task A_changed_row_is_named_by_reading_and_by_verifying(string change, string says)
    {
        await WriteAsync(60);
        using (var connection = new SqliteConnection($"Data Source={scratch.File};Pooling=False"))
        {
            connection.Open();
            connection.Execute(change);
        }

        await using var journal = await OpenAsync(scratch.File);
        var error = await Assert.ThrowsAsync<JournalException>(() => ReadAsync(journal, "r1"));
        Assert.Equal(JournalFault.Damaged, error.Fault);
        Assert.Contains(says, error.Message, StringComparison.Ordinal);
        var verified = await journal.VerifyAsync(Cancellation);
        Assert.NotNull(verified.Fault);
    }

    [Fact]
    public async Task A_last_entry_rewritten_with_a_fitting_hash_does_not_match_its_head()
    {
        await WriteAsync(3);
        await using var journal = await OpenAsync(scratch.File);
        await journal.Database.WriteAsync(
            connection =>
            {
                var entries = EntryTable.Page(connection, "r1", 0)!.Entries;
                var forged = entries[^1].Text with { Event = "{}" };
                connection.Execute("UPDATE entries SET event = @event, hash = @hash WHERE run = 'r1' AND sequence = 4", ("@event", forged.Event), ("@hash", forged.HashAfter(entries[^2].Hash)));
            },
            Cancellation);
        var error = await Assert.ThrowsAsync<JournalException>(() => ReadAsync(journal, "r1"));
        Assert.Contains("entry 4 of run r1 is not the one that its head ends with", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_tail_is_read_with_its_link_to_what_came_before()
    {
        await WriteAsync(60);
        await using var journal = await OpenAsync(scratch.File);
        await journal.Database.WriteAsync(connection => connection.Execute("UPDATE entries SET hash = @hash WHERE run = 'r1' AND sequence = 20", ("@hash", HashChain.Start)), Cancellation);
        var error = await Assert.ThrowsAsync<JournalException>(async () => await journal.ReadAsync("r1", 20, Cancellation).ToListAsync(Cancellation));
        Assert.Contains("entry 21 of run r1", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_event_that_this_version_does_not_know_is_named()
    {
        await WriteAsync(3);
        await using var journal = await SqliteRunJournal.OpenAsync(scratch.File, TimeProvider.System, Noted.Format with { Read = _ => throw new JsonException("unknown kind") }, Cancellation);
        var error = await Assert.ThrowsAsync<JournalException>(() => ReadAsync(journal, "r1"));
        Assert.Contains("entry 1 of run r1 is not an event that this version of Refresh reads", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_whole_journal_verifies_with_its_counts()
    {
        await WriteAsync(60);
        await using var journal = await OpenAsync(scratch.File);
        Assert.Equal(new JournalVerification(2, 2 * 61, null), await journal.VerifyAsync(Cancellation));
    }

    [Fact]
    public async Task An_auditor_can_recompute_the_hashes_from_an_export_alone()
    {
        await WriteAsync(6);
        await using var journal = await OpenAsync(scratch.File);
        var hash = new string('0', 64);
        var lines = await journal.ExportAsync("r1", Cancellation).ToListAsync(Cancellation);
        Assert.Equal(7, lines.Count);
        foreach (var line in lines)
        {
            var entry = JsonDocument.Parse(line).RootElement;
            var text = string.Join('\n', hash, entry.GetProperty("run"), entry.GetProperty("sequence"), entry.GetProperty("at"), entry.GetProperty("epoch"), entry.GetProperty("event").GetRawText());
            hash = Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(text)));
            Assert.Equal(hash, entry.GetProperty("hash").GetString());
        }
    }

    [Fact]
    public async Task A_file_cut_anywhere_is_refused_or_read_exactly()
    {
        var written = await WriteAsync(60);
        var whole = await File.ReadAllBytesAsync(scratch.File, Cancellation);
        var refused = 0;
        for (var length = 0; length < whole.Length; length += 509)
            refused += await RefusedOrExactAsync(whole[..length], [], [written[^1]], $"cut to {length}");
        Assert.True(refused > 50, $"{refused} were refused");
    }

    [Fact]
    public async Task A_file_with_a_flipped_bit_is_refused_or_read_exactly()
    {
        var written = await WriteAsync(60);
        var whole = await File.ReadAllBytesAsync(scratch.File, Cancellation);
        var refused = 0;
        for (var at = 0; at < whole.Length; at += at < 200 ? 1 : 211)
        {
            var flipped = whole.ToArray();
            flipped[at] ^= (byte)(1 << (at % 8));
            refused += await RefusedOrExactAsync(flipped, [], [written[^1]], $"bit {at % 8} of byte {at} flipped");
        }

        Assert.True(refused > 50, $"{refused} were refused");
    }

    [Fact]
    public async Task A_log_cut_or_flipped_anywhere_is_refused_or_ends_with_a_whole_append()
    {
        var (written, file, log) = await WriteWithLogAsync();
        for (var length = 0; length <= log.Length; length += 1021)
            await RefusedOrExactAsync(file, log[..length], written, $"log cut to {length}");
        for (var at = 0; at < log.Length; at += 1301)
        {
            var flipped = log.ToArray();
            flipped[at] ^= (byte)(1 << (at % 8));
            await RefusedOrExactAsync(file, flipped, written, $"bit {at % 8} of byte {at} of the log flipped");
        }

        Assert.Equal(0, await RefusedOrExactAsync(file, log, [written[^1]], "whole"));
    }

    private async Task<int> RefusedOrExactAsync(byte[] file, byte[] log, IReadOnlyList<(int, int)> written, string how)
    {
        using var copy = new Scratch();
        await File.WriteAllBytesAsync(copy.File, file, Cancellation);
        if (log.Length > 0)
            await File.WriteAllBytesAsync(copy.File + "-wal", log, Cancellation);
        try
        {
            await using var journal = await OpenAsync(copy.File);
            var read = (await CountAsync(journal, "r1"), await CountAsync(journal, "r2"));
            Assert.True(written.Contains(read), $"{how}: {read} was read and was never written");
            return 0;
        }
        catch (JournalException error)
        {
            Assert.Contains(copy.File, error.Message, StringComparison.Ordinal);
            return 1;
        }
    }

    private static async Task<int> CountAsync(SqliteRunJournal journal, string run)
    {
        if (await journal.FindAsync(run, Cancellation) is not { } head)
        {
            Assert.Equal(JournalFault.NoSuchRun, await FaultAsync());
            return 0;
        }

        var entries = await ReadAsync(journal, run);
        Assert.Equal(Sample.Entries(new Lease("", "", 1, default), run, 0, entries.Count), entries);
        Assert.Equal(Sample.Head(run, head.Fleet, entries.Count), head);
        return entries.Count;

        async Task<JournalFault> FaultAsync()
        {
            try
            {
                await ReadAsync(journal, run);
                throw new InvalidOperationException($"run {run} has no head and was read");
            }
            catch (JournalException error) when (error.Fault == JournalFault.NoSuchRun)
            {
                return error.Fault;
            }
        }
    }

    private static async Task<List<JournalEntry>> ReadAsync(SqliteRunJournal journal, string run) =>
        await journal.ReadAsync(run, 0, Cancellation).ToListAsync(Cancellation);

    private static Task<SqliteRunJournal> OpenAsync(string path) =>
        SqliteRunJournal.OpenAsync(path, TimeProvider.System, Noted.Format, Cancellation);

    /// <summary>Writes two runs by turns.</summary>
    /// <returns>How many entries each had after every transaction, the state before the first included.</returns>
    private async Task<List<(int, int)>> WriteAsync(int appended)
    {
        await using var journal = await OpenAsync(scratch.File);
        return await WriteAsync(journal, appended);
    }

    private async Task<(List<(int, int)> Written, byte[] File, byte[] Log)> WriteWithLogAsync()
    {
        await using var journal = await OpenAsync(scratch.File);
        var written = await WriteAsync(journal, 24);
        return (written, await File.ReadAllBytesAsync(scratch.File, Cancellation), await ReadSharedAsync(scratch.File + "-wal"));
    }

    private static async Task<byte[]> ReadSharedAsync(string path)
    {
        await using var stream = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite);
        using var copy = new MemoryStream();
        await stream.CopyToAsync(copy, Cancellation);
        return copy.ToArray();
    }

    private static async Task<List<(int, int)>> WriteAsync(SqliteRunJournal journal, int appended)
    {
        var lasts = new Dictionary<string, int> { ["r1"] = 0, ["r2"] = 0 };
        var written = new List<(int, int)> { (0, 0) };
        var leases = new Dictionary<string, Lease>();
        foreach (var run in Runs)
        {
            leases[run] = await journal.AcquireAsync($"fleet of {run}", "one", Sample.Lease, Cancellation);
            await journal.BeginAsync(leases[run], run, ["claim of " + run], Cancellation);
            Note(run, 1);
        }

        for (var done = 0; done < appended; done += 3)
        {
            foreach (var run in Runs)
            {
                await journal.GoOnAsync(leases[run], run, lasts[run], Cancellation, count: 3);
                Note(run, 3);
            }
        }

        return written;

        void Note(string run, int more)
        {
            lasts[run] += more;
            written.Add((lasts["r1"], lasts["r2"]));
        }
    }
}
