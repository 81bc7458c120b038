namespace Refresh.Orchestrator.FleetFiles;

/// <summary>The JSON Schema (draft-07) of the fleet file, for editors; <c>refresh validate --schema</c> prints it.</summary>
public static class FleetSchema
{
    /// <summary>The schema's text, the same as <c>docs/fleet.schema.json</c>.</summary>
    public static string Text => Embedded.Text("fleet.schema.json");
}
