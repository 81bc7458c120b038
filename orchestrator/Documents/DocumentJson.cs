using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.Json.Serialization;
using Refresh.Workflows.Journal;
using Refresh.Workflows.Ports;

namespace Refresh.Orchestrator.Documents;

/// <summary>What commands print with <c>--json</c>, and the API answers with: names in camel case, states by their persisted names, every field always there.</summary>
internal static class DocumentJson
{
    public static JsonSerializerOptions Options { get; } = new(JsonSerializerDefaults.Web)
    {
        Converters = { new JsonStringEnumConverter() },
        // Nothing here goes into a web page.
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
    };

    public static Task WriteJsonAsync<T>(this TextWriter output, T value) => output.WriteLineAsync(JsonSerializer.Serialize(value, Options));

    /// <summary>A journal entry, as <c>history</c> streams it.</summary>
    public static JsonObject Of(JournalEntry entry) => new()
    {
        ["run"] = entry.Run,
        ["sequence"] = entry.Sequence,
        ["at"] = entry.At,
        ["epoch"] = entry.Epoch,
        ["event"] = JsonNode.Parse(JournalFormat.Write(entry.Event)),
    };
}
