using System.Text;
using System.Text.Json;
using Refresh.Workflows.Journal;
using Refresh.Workflows.Ports;
using Refresh.Workflows.Runs;

namespace Refresh.Orchestrator.Journals;

/// <summary>How events become text and text becomes events.</summary>
/// <param name="Write">Writes one line of JSON.</param>
/// <param name="Read">Reads what <paramref name="Write"/> wrote.</param>
internal sealed record EventFormat(Func<RunEvent, string> Write, Func<string, RunEvent> Read)
{
    public static readonly EventFormat Standard = new(JournalFormat.Write, JournalFormat.Read);

    /// <summary>This format with every event's text passed through something before it is written, to take secrets out.</summary>
    public EventFormat Cleaned(Func<string, string> clean) => this with { Write = happened => clean(Write(happened)) };

    /// <summary>Writes entries down, after a look whether they fit their lease, their head and each other.</summary>
    /// <exception cref="ArgumentException">They do not: a mistake of the caller, nothing was written.</exception>
    public IReadOnlyList<EntryText> Texts(Lease lease, RunHead head, long expected, IReadOnlyList<JournalEntry> entries)
    {
        Entries.RequireFit(lease, head, expected, entries);
        return [.. entries.Select(entry => new EntryText(entry.Run, entry.Sequence, Instant.Write(entry.At), entry.Epoch, Write(entry.Event)))];
    }

    /// <summary>Reads an entry back.</summary>
    public JournalEntry Entry(EntryText text, string path)
    {
        try
        {
            return new JournalEntry(text.Run, text.Sequence, Instant.Read(text.At), text.Epoch, Read(text.Event));
        }
        catch (Exception error) when (JournalFaults.IsUnreadable(error))
        {
            throw JournalFaults.Damaged(path, $"entry {text.Sequence} of run {text.Run} is not an event that this version of Refresh reads ({error.Message})", error);
        }
    }

    /// <summary>Writes an entry for an audit, its event as it is stored.</summary>
    public static string Export(StoredEntry stored)
    {
        var (text, hash) = stored;
        using var buffer = new MemoryStream();
        using (var json = new Utf8JsonWriter(buffer))
        {
            json.WriteStartObject();
            json.WriteString("run", text.Run);
            json.WriteNumber("sequence", text.Sequence);
            json.WriteString("at", text.At);
            json.WriteNumber("epoch", text.Epoch);
            json.WriteString("hash", hash);
            json.WritePropertyName("event");
            json.WriteRawValue(text.Event);
            json.WriteEndObject();
        }

        return Encoding.UTF8.GetString(buffer.ToArray());
    }
}
