using System.Text.Json;

namespace Refresh.Orchestrator.Provisioners.Pulumi.Documents;

/// <summary>What <c>pulumi config --json</c> prints; values of secrets are not among them.</summary>
/// <param name="Values">The values by their whole keys, for example <c>vsphere-pair:memberAImage</c>.</param>
internal sealed record ConfigDocument(IReadOnlyDictionary<string, string?> Values)
{
    /// <exception cref="DocumentException">It is cut or damaged.</exception>
    public static ConfigDocument Parse(string text) => Document.Read("the stack's configuration", text, root =>
        new ConfigDocument(root.EnumerateObject().ToDictionary(entry => entry.Name, entry => Value(entry.Value), StringComparer.Ordinal)));

    private static string? Value(JsonElement entry) => entry.Optional("value")?.GetString();
}
