using System.Text;
using CsCheck;
using Microsoft.Data.Sqlite;
using Refresh.Orchestrator.Journals;
using Refresh.Orchestrator.Tests.Journals;
using Refresh.Workflows.Ports;
using Xunit;

namespace Refresh.Orchestrator.Tests.Fuzzing;

/// <summary>A journal that a real run has left, cut or damaged anywhere: what is read is what was written, or the read is refused and names the journal. Never half, never something else.</summary>
public sealed class JournalFuzzTests
{
    private const int Page = 4096;
    private static readonly byte[] s_whole = File.ReadAllBytes(Path.Combine(AppContext.BaseDirectory, "Journals", "Kept", "v1.db"));

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    private enum Kind
    {
        Cut,
        Flip,
        Zero,
        Swap,
        Overwrite,
    }

    [Fact]
    [Trait(Fuzz.Trait, "journal")]
    public async Task A_journal_damaged_anywhere_is_refused_or_read_exactly()
    {
        var written = await ReadAsync(s_whole);
        var (refused, played) = (0, 0);
        await Gen.Select(Gen.Enum<Kind>(), Gen.Int[0, s_whole.Length - 1], Gen.Int[0, s_whole.Length - 1], Gen.Byte).SampleAsync(async (kind, at, other, value) =>
        {
            played++;
            var read = await ReadAsync(Damaged(kind, at, other, value));
            if (read is null)
                refused++;
            else
                Assert.Equal(written, read);
        }, iter: 60, threads: 1);
        Assert.True(refused * 6 >= played, $"only {refused} of {played} were refused");
    }

    [Fact]
    [Trait(Fuzz.Trait, "events")]
    public void An_event_changed_anywhere_is_read_or_named()
    {
        using var scratch = new Scratch();
        File.WriteAllBytes(scratch.File, s_whole);
        using var connection = new SqliteConnection($"Data Source={scratch.File};Pooling=False");
        connection.Open();
        var events = connection.Query("SELECT event FROM entries ORDER BY run, sequence", row => Encoding.UTF8.GetBytes(row.GetString(0)));
        Fuzz.Play(Gen.Int[0, events.Count - 1].SelectMany(at => Fuzz.Of(events[at])), changed =>
        {
            try
            {
                Assert.NotNull(EventFormat.Standard.Entry(new EntryText("r", 7, "2026-03-01T03:00:00.0000000Z", 1, Encoding.UTF8.GetString(changed)), "here").Event);
            }
            catch (JournalException error)
            {
                Assert.Equal(JournalFault.Damaged, error.Fault);
                Assert.Contains("entry 7 of run r", error.Message, StringComparison.Ordinal);
            }
        }, iter: 10_000);
    }

    private static byte[] Damaged(Kind kind, int at, int other, byte value)
    {
        var bytes = s_whole.ToArray();
        var (page, second) = (at / Page * Page, other / Page * Page);
        switch (kind)
        {
            case Kind.Cut:
                return bytes[..at];
            case Kind.Flip:
                bytes[at] ^= (byte)(1 << (value % 8));
                break;
            case Kind.Zero:
                Array.Clear(bytes, page, Page);
                break;
            case Kind.Swap:
                s_whole.AsSpan(second, Page).CopyTo(bytes.AsSpan(page));
                s_whole.AsSpan(page, Page).CopyTo(bytes.AsSpan(second));
                break;
            default:
                Array.Fill(bytes, value, at, Math.Min(64, bytes.Length - at));
                break;
        }

        return bytes;
    }

    /// <summary>All that a journal tells of its runs, as text; null when it refuses.</summary>
    private static async Task<string?> ReadAsync(byte[] file)
    {
        using var scratch = new Scratch();
        await File.WriteAllBytesAsync(scratch.File, file, Cancellation);
        try
        {
            await using var journal = await SqliteRunJournal.OpenAsync(scratch.File, TimeProvider.System, Cancellation);
            var told = new StringBuilder();
            if ((await journal.VerifyAsync(Cancellation)).Fault is { } fault)
                throw new JournalException(JournalFault.Damaged, fault);
            foreach (var head in await journal.RunsAsync(null, 100, Cancellation))
            {
                told.Append(head).Append('\n');
                await foreach (var line in journal.ExportAsync(head.Run, Cancellation))
                    told.Append(line).Append('\n');
            }

            return told.ToString();
        }
        catch (JournalException error)
        {
            Assert.Contains(scratch.File, error.Message, StringComparison.Ordinal);
            return null;
        }
    }
}
