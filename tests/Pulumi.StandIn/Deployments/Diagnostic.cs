using System.Text.Json.Nodes;

namespace Refresh.PulumiStandIn.Deployments;

/// <summary>Something that a preview or an update has to say.</summary>
/// <param name="Severity"><c>warning</c> or <c>error</c>.</param>
/// <param name="Text">What.</param>
/// <param name="Urn">Of which resource, or null for the stack.</param>
internal sealed record Diagnostic(string Severity, string Text, string? Urn = null)
{
    public JsonObject Document()
    {
        var document = new JsonObject();
        if (Urn is not null)
            document["urn"] = Urn;
        document["message"] = $"{Severity}: {Text}\n";
        document["severity"] = Severity;
        return document;
    }
}
