using Microsoft.Data.Sqlite;

namespace Refresh.Orchestrator.Journals;

/// <summary>The entries of runs, chained by their hashes.</summary>
internal static class EntryTable
{
    /// <summary>How many entries are read in one view of the database.</summary>
    private const int PageSize = 500;

    public static void Insert(SqliteConnection connection, IEnumerable<StoredEntry> entries)
    {
        foreach (var (text, hash) in entries)
        {
            connection.Execute(
                "INSERT INTO entries VALUES (@run, @sequence, @at, @epoch, @event, @hash)",
                ("@run", text.Run), ("@sequence", text.Sequence), ("@at", text.At), ("@epoch", text.Epoch), ("@event", text.Event), ("@hash", hash));
        }
    }

    /// <summary>Reads the entries after one, with every link of the chain checked, the last one against the head.</summary>
    /// <returns>The page, or null if there is no such run.</returns>
    /// <exception cref="FormatException">An entry does not hold; the message names it.</exception>
    public static EntryPage? Page(SqliteConnection connection, string run, long after)
    {
        var head = RunTable.Find(connection, run);
        var last = connection.Scalar<long>("SELECT coalesce(max(sequence), 0) FROM entries WHERE run = @run", ("@run", run));
        if (head is null)
            return last == 0 ? null : throw new FormatException($"run {run} has entries and no head");
        if (after >= head.Head.Sequence && last == head.Head.Sequence)
            return new EntryPage([], Last: true);
        var previous = after == 0
            ? HashChain.Start
            : connection.Scalar<string>("SELECT hash FROM entries WHERE run = @run AND sequence = @after", ("@run", run), ("@after", after)) ?? throw Missing(run, after);
        var rows = connection.Query(
            "SELECT sequence, at, epoch, event, hash FROM entries WHERE run = @run AND sequence > @after ORDER BY sequence LIMIT @limit",
            row => new StoredEntry(new EntryText(run, row.GetInt64(0), row.GetString(1), row.GetInt64(2), row.GetString(3)), row.GetString(4)),
            ("@run", run), ("@after", after), ("@limit", PageSize));
        foreach (var (text, hash) in rows)
        {
            if (text.Sequence != ++after)
                throw Missing(run, after);
            previous = text.HashAfter(previous);
            if (previous != hash)
                throw new FormatException($"entry {after} of run {run} does not match its hash");
        }

        if (after < head.Head.Sequence)
            return rows.Count == PageSize ? new EntryPage(rows, Last: false) : throw Missing(run, after + 1);
        if (last != head.Head.Sequence || previous != head.Hash)
            throw new FormatException($"entry {after} of run {run} is not the one that its head ends with");
        return new EntryPage(rows, Last: true);
    }

    private static FormatException Missing(string run, long sequence) => new($"entry {sequence} of run {run} is missing");
}

/// <summary>What an entry's row says.</summary>
/// <param name="Run">The run.</param>
/// <param name="Sequence">Its place in the run.</param>
/// <param name="At">When it was decided, as written.</param>
/// <param name="Epoch">The fencing token.</param>
/// <param name="Event">The event's JSON, as written.</param>
internal sealed record EntryText(string Run, long Sequence, string At, long Epoch, string Event)
{
    public string HashAfter(string previous) => HashChain.Next(previous, Run, Sequence, At, Epoch, Event);

    /// <summary>Gives entries their hashes.</summary>
    /// <param name="previous">The hash that they continue.</param>
    /// <param name="texts">The entries in order.</param>
    public static IReadOnlyList<StoredEntry> Chain(string previous, IEnumerable<EntryText> texts) =>
        [.. texts.Select(text => new StoredEntry(text, previous = text.HashAfter(previous)))];
}

/// <summary>An entry as it is stored.</summary>
/// <param name="Text">What it says.</param>
/// <param name="Hash">Its hash.</param>
internal sealed record StoredEntry(EntryText Text, string Hash);

/// <summary>Some entries in order.</summary>
/// <param name="Entries">The entries.</param>
/// <param name="Last">There are no more.</param>
internal sealed record EntryPage(IReadOnlyList<StoredEntry> Entries, bool Last);
