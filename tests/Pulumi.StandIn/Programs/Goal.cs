using System.Text.Json.Nodes;

namespace Refresh.PulumiStandIn.Programs;

/// <summary>A resource as a program wants it.</summary>
/// <param name="Urn">Its URN.</param>
/// <param name="Type">Its type in full.</param>
/// <param name="Inputs">Its properties.</param>
/// <param name="Uses">The URNs that each property is made from.</param>
/// <param name="IgnoreChanges">Properties that keep what the state has.</param>
/// <param name="Trigger">What replaces it when it changes, or null.</param>
internal sealed record Goal(string Urn, string Type, JsonObject Inputs, IReadOnlyDictionary<string, IReadOnlyList<string>> Uses, IReadOnlyList<string> DependsOn, JsonArray? IgnoreChanges, JsonNode? Trigger)
{
    /// <summary>All that it depends on, in order.</summary>
    public IReadOnlyList<string> Dependencies => [.. Uses.Values.SelectMany(urns => urns).Concat(DependsOn).Distinct().Order(StringComparer.Ordinal)];
}
