namespace Refresh.Orchestrator.FleetFiles;

/// <summary>The commented fleet file that <c>refresh init</c> writes.</summary>
public static class FleetTemplate
{
    /// <summary>The template's text. It is a good fleet file as it stands.</summary>
    public static string Text => Embedded.Text("fleet.template.yaml");
}
