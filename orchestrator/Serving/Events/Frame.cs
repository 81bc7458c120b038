using System.Text;
using System.Text.Json;
using Refresh.Orchestrator.Documents;
using Refresh.Orchestrator.Serving.Secrets;
using Refresh.Workflows.Ports;

namespace Refresh.Orchestrator.Serving.Events;

/// <summary>A journal entry as it goes over an event stream: its sequence is the id that a reader resumes from.</summary>
/// <param name="Sequence">The entry's place in its run.</param>
/// <param name="Bytes">The frame, with the empty line that ends it.</param>
internal sealed record Frame(long Sequence, ReadOnlyMemory<byte> Bytes)
{
    /// <summary>What is sent while nothing happens, so that no one in between ends the connection.</summary>
    public static ReadOnlyMemory<byte> Beat { get; } = ": beat\n\n"u8.ToArray();

    /// <summary>The frame of an entry, without the secrets in it: who wrote it may not have known them.</summary>
    public static Frame Of(JournalEntry entry, Redaction redaction)
    {
        var document = DocumentJson.Of(entry);
        return new Frame(entry.Sequence, Encoding.UTF8.GetBytes(redaction.Clean(FormattableString.Invariant(
            $"id: {entry.Sequence}\nevent: {document["event"]!["event"]}\ndata: {document.ToJsonString(DocumentJson.Options)}\n\n"))));
    }

    /// <summary>The last frame of a run that has ended: the reader need not come again.</summary>
    public static ReadOnlyMemory<byte> Ended(RunHead head) =>
        Encoding.UTF8.GetBytes($"event: ended\ndata: {JsonSerializer.Serialize(new { head.Run, head.State }, DocumentJson.Options)}\n\n");
}
