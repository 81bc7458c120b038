using System.Text.Json;
using System.Text.Json.Nodes;

namespace Refresh.Orchestrator.Tests.Provisioners.Pulumi.StandIn;

/// <summary>The shape of a JSON document: every path in it and what kind of value is there. Items of a list are one.</summary>
internal static class Shape
{
    // What is inside depends on the provider's build, and nobody reads it.
    private static readonly string[] Opaque = ["stackTrace", "__pulumi_raw_state_delta"];

    public static IReadOnlyList<string> Of(JsonNode? node)
    {
        var paths = new SortedDictionary<string, SortedSet<string>>(StringComparer.Ordinal);
        Walk(node, "$", paths);
        return [.. paths.Select(path => $"{path.Key}: {string.Join('|', path.Value)}")];
    }

    private static void Walk(JsonNode? node, string path, SortedDictionary<string, SortedSet<string>> paths)
    {
        if (!paths.TryGetValue(path, out var kinds))
            paths[path] = kinds = new(StringComparer.Ordinal);
        _ = kinds.Add(node?.GetValueKind() switch
        {
            null or JsonValueKind.Null => "null",
            JsonValueKind.True or JsonValueKind.False => "Boolean",
            { } kind => kind.ToString(),
        });
        if (node is JsonObject map)
            foreach (var (key, value) in map.Where(entry => !Opaque.Contains(entry.Key)))
                Walk(value, $"{path}.{key}", paths);
        else if (node is JsonArray list)
            foreach (var item in list)
                Walk(item, path + "[]", paths);
    }
}
