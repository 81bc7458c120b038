using System.Text.Json;
using System.Text.Json.Nodes;
using Refresh.Orchestrator.Documents;
using Refresh.Workflows.Fleets;
using Refresh.Workflows.Ports;
using Refresh.Workflows.Runs;

namespace Refresh.Orchestrator.Commands.Views;

/// <summary>A JSON object a line: the journal's entries as they are written.</summary>
internal sealed class JsonView(TextWriter output) : IRunView
{
    private readonly Lock _one = new();

    public void Advanced(Run run, IReadOnlyList<JournalEntry> entries)
    {
        foreach (var entry in entries)
            Line(DocumentJson.Of(entry));
    }

    public void Progressed(MemberId member, string text)
    {
        // Not journaled, so not part of the stream.
    }

    public void Note(string text) => Line(new JsonObject { ["note"] = text });

    public ValueTask DisposeAsync() => ValueTask.CompletedTask;

    private void Line(JsonObject value)
    {
        lock (_one)
            output.WriteLine(value.ToJsonString(JsonSerializerOptions.Web));
    }
}
