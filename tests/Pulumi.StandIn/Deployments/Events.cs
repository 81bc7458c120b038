using System.Text.Json.Nodes;

namespace Refresh.PulumiStandIn.Deployments;

/// <summary>The engine's events, one JSON document a line, as they happen.</summary>
internal sealed class Events(TextWriter? log) : IDisposable
{
    private int _sequence;

    public static Events To(string? file, bool standardOutput) =>
        new(file is not null ? new StreamWriter(file, append: false) { AutoFlush = true } : standardOutput ? Console.Out : null);

    public void Prelude(JsonObject config) => Emit("preludeEvent", new JsonObject { ["config"] = Json.Copy(config) });

    public void Before(Step step) => Emit("resourcePreEvent", new JsonObject { ["metadata"] = step.Metadata() });

    public void After(Step step) => Emit("resOutputsEvent", new JsonObject { ["metadata"] = step.Metadata() });

    public void Failed(Step step) => Emit("resOpFailedEvent", new JsonObject { ["metadata"] = step.Metadata(), ["status"] = 0, ["steps"] = 3 });

    public void Diagnostic(Diagnostic diagnostic)
    {
        var entry = new JsonObject();
        if (diagnostic.Urn is { } urn)
            entry["urn"] = urn;
        entry["prefix"] = $"{diagnostic.Severity}: ";
        entry["message"] = diagnostic.Text + "\n";
        entry["color"] = "never";
        entry["severity"] = diagnostic.Severity;
        Emit("diagnosticEvent", entry);
    }

    public void Summary(TimeSpan duration, JsonObject changes, bool isPreview, bool succeeded)
    {
        Emit("summaryEvent", new JsonObject
        {
            ["maybeCorrupt"] = false,
            ["durationSeconds"] = (int)Math.Ceiling(duration.TotalSeconds),
            ["resourceChanges"] = changes,
            ["PolicyPacks"] = new JsonObject(),
            ["isPreview"] = isPreview,
            ["result"] = succeeded ? "succeeded" : "failed",
        });
        Emit("cancelEvent", []);
    }

    public void Dispose()
    {
        if (log is not null && !ReferenceEquals(log, Console.Out))
            log.Dispose();
    }

    private void Emit(string kind, JsonObject content) =>
        log?.WriteLine(Json.Line(new JsonObject { ["sequence"] = _sequence++, ["timestamp"] = Clock.Seconds(), [kind] = content }));
}
