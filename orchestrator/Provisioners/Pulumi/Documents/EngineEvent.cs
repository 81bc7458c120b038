using System.Text.Json;

namespace Refresh.Orchestrator.Provisioners.Pulumi.Documents;

/// <summary>What an event of Pulumi's engine says.</summary>
internal enum EngineEventKind
{
    /// <summary>Nothing that matters here.</summary>
    Other,

    /// <summary>A step began.</summary>
    Begun,

    /// <summary>A step was done.</summary>
    Done,

    /// <summary>A step failed.</summary>
    Failed,

    /// <summary>An error was told.</summary>
    Error,

    /// <summary>The engine came to its end.</summary>
    End,
}

/// <summary>One line of Pulumi's event log.</summary>
/// <param name="Kind">What it says.</param>
/// <param name="Operation">Pulumi's word for the step; empty where there is none.</param>
/// <param name="Urn">What it is about; empty where that is the whole.</param>
/// <param name="Message">What was told.</param>
internal sealed record EngineEvent(EngineEventKind Kind, string Operation, string Urn, string Message)
{
    private static readonly EngineEvent s_other = new(EngineEventKind.Other, string.Empty, string.Empty, string.Empty);

    /// <exception cref="DocumentException">The line is cut or damaged.</exception>
    public static EngineEvent Parse(string line) => Document.Read("an event", line, root =>
    {
        _ = root.GetProperty("sequence").GetInt64();
        return root.Optional("resourcePreEvent") is { } begun ? Step(EngineEventKind.Begun, begun)
            : root.Optional("resOutputsEvent") is { } done ? Step(EngineEventKind.Done, done)
            : root.Optional("resOpFailedEvent") is { } failed ? Step(EngineEventKind.Failed, failed)
            : root.Optional("diagnosticEvent") is { } told && told.OptionalText("severity") == "error" ? Told(told)
            : root.Optional("cancelEvent") is not null ? s_other with { Kind = EngineEventKind.End }
            : s_other;
    });

    private static EngineEvent Step(EngineEventKind kind, JsonElement step)
    {
        var metadata = step.GetProperty("metadata");
        return new(kind, metadata.Text("op"), metadata.Text("urn"), string.Empty);
    }

    private static EngineEvent Told(JsonElement told) =>
        new(EngineEventKind.Error, string.Empty, told.OptionalText("urn") ?? string.Empty, told.Text("message"));
}
