using System.Text.Json;
using System.Text.Json.Nodes;
using Refresh.Orchestrator.Bundles;
using Refresh.Orchestrator.Images.Signing;
using Refresh.Orchestrator.Journals;
using Refresh.Orchestrator.Reports;
using Refresh.Workflows.Evidence;
using Refresh.Workflows.Ports;
using Refresh.Workflows.Tests.Evidence;
using Text = Refresh.Orchestrator.Journals.EntryText;

namespace Refresh.Orchestrator.Tests.Bundles;

/// <summary>Bundles of made-up runs, whole and forged.</summary>
internal static class Bundle
{
    public static DateTimeOffset MadeAt { get; } = ScriptedRun.Start.AddHours(2);

    public static TrustedKeys Trust(SigningKey key, DateTimeOffset? until = null) => new([new TrustedKey(key.Id, key.PublicKey, null, until, null, null)]);

    /// <summary>A bundle; a forger may change entries (and chains them anew), claims, or the page; and let the claims follow from changed entries.</summary>
    public static byte[] Of(ScriptedRun run, SigningKey? key, Func<List<Text>, IEnumerable<Text>>? entries = null, Action<JsonNode>? claims = null, string? page = null, string? tool = null, DateTimeOffset? madeAt = null, bool follow = false)
    {
        var texts = run.Journal.Select(entry => new Text(entry.Run, entry.Sequence, Instant.Write(entry.At), entry.Epoch, EventFormat.Standard.Write(entry.Event))).ToList();
        var stored = Text.Chain(HashChain.Start, entries?.Invoke(texts) ?? texts);
        var journal = follow ? Follow(stored) ?? run.Journal : run.Journal;
        var claimed = JsonNode.Parse(Statement.Write(Claims.Of(journal)).GetRawText())!;
        claims?.Invoke(claimed);
        var statement = new Statement(tool ?? Statement.ThisTool, madeAt ?? MadeAt, "ada", JsonElement.Parse(claimed.ToJsonString()), stored, stored[^1].Hash, page ?? HtmlReport.Render(RunReport.From(run.Journal), null));
        return Envelope.Seal(statement.Write(), key).Write();
    }

    /// <summary>The forged entries, where claims can be made of them.</summary>
    private static JournalEntry[]? Follow(IReadOnlyList<StoredEntry> stored)
    {
        try
        {
            JournalEntry[] entries = [.. stored.Select(entry => EventFormat.Standard.Entry(entry.Text, "forged"))];
            Claims.Of(entries);
            return entries;
        }
        catch (Exception)
        {
            return null;
        }
    }
}
