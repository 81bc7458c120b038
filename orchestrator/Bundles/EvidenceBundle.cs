using Refresh.Orchestrator.Images.Signing;
using Refresh.Orchestrator.Journals;
using Refresh.Orchestrator.Reports;
using Refresh.Workflows.Evidence;
using Refresh.Workflows.Ports;

namespace Refresh.Orchestrator.Bundles;

/// <summary>Makes the evidence bundle of a run: one file that an auditor can check without the journal, the fleet or the network.</summary>
internal static class EvidenceBundle
{
    /// <summary>The longest bundle that is written or read: 256 MiB.</summary>
    public const long MaxBytes = 256 * 1024 * 1024;

    /// <summary>What follows the run's id in the name of its bundle.</summary>
    public const string Ending = ".evidence.json";

    /// <summary>Makes it.</summary>
    /// <param name="journal">The journal that has the run.</param>
    /// <param name="run">The run.</param>
    /// <param name="key">The key that signs.</param>
    /// <param name="by">Who makes it.</param>
    /// <param name="at">When.</param>
    /// <param name="cancellation">Ends the reading.</param>
    /// <exception cref="JournalException">There is no such run, or the journal is damaged.</exception>
    /// <exception cref="FormatException">It would be longer than bundles may be.</exception>
    public static async Task<byte[]> MakeAsync(SqliteRunJournal journal, string run, SigningKey key, string by, DateTimeOffset at, CancellationToken cancellation)
    {
        var stored = new List<StoredEntry>();
        await foreach (var entry in journal.StoredAsync(run, 0, cancellation))
            stored.Add(entry);
        var entries = stored.Select(entry => EventFormat.Standard.Entry(entry.Text, journal.Database.Path)).ToList();
        var page = HtmlReport.Render(RunReport.From(entries), null);
        var statement = new Statement(Statement.ThisTool, Later(at, entries[^1].At), by, Statement.Write(Claims.Of(entries)), stored, stored[^1].Hash, page);
        var bundle = Envelope.Seal(statement.Write(), key).Write();
        return bundle.LongLength <= MaxBytes ? bundle : throw new FormatException(FormattableString.Invariant($"the evidence of run {run} has {bundle.LongLength / 1048576} MiB, and at most {MaxBytes / 1048576} are allowed"));
    }

    // A clock that is behind the worker's makes no bundle from before its last entry.
    private static DateTimeOffset Later(DateTimeOffset one, DateTimeOffset other) => one > other ? one : other;
}
