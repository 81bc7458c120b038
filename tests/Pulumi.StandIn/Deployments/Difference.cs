using System.Text.Json.Nodes;
using Refresh.PulumiStandIn.Clouds;
using Refresh.PulumiStandIn.Programs;

namespace Refresh.PulumiStandIn.Deployments;

/// <summary>How a resource is to differ from its state.</summary>
/// <param name="Paths">Each property that differs, as a path, and how: <c>add</c>, <c>update</c>, <c>delete</c>, with <c>-replace</c> where it replaces.</param>
/// <param name="Keys">The properties that replace the resource.</param>
internal sealed record Difference(IReadOnlyDictionary<string, string> Paths, IReadOnlyList<string> Keys)
{
    public bool Any => Paths.Count > 0 || Keys.Count > 0;

    public bool Replaces => Keys.Count > 0;

    /// <summary>The top-level names of what differs.</summary>
    public IReadOnlyList<string> Diffs => [.. Paths.Keys.Select(path => path.Split('.', '[')[0]).Distinct().Order(StringComparer.Ordinal)];

    /// <summary>A replacement that was asked for, whatever differs.</summary>
    public static Difference Forced { get; } = new(new Dictionary<string, string>(), ["id"]);

    /// <summary>What the provider says, given old and new inputs.</summary>
    public static Difference Between(string type, JsonObject old, JsonObject inputs, JsonArray? ignore)
    {
        var ignored = (ignore ?? []).Select(name => name!.GetValue<string>()).ToHashSet();
        var paths = new SortedDictionary<string, string>(StringComparer.Ordinal);
        Compare(Without(old, ignored), Without(inputs, ignored), string.Empty, paths);
        if (type != Types.VirtualMachine)
            return new(paths, []);
        // A VM that was imported has no clone: the provider would adopt it.
        if (old["clone"] is null && inputs["clone"] is not null)
            return Adopted();
        if (!paths.Keys.Any(VirtualMachine.Replaces))
            return new(paths, []);
        paths["__meta"] = "update-replace";
        paths["clone.ovfNetworkMap"] = paths["clone.ovfStorageMap"] = "add";
        return new(paths, ["__meta"]);
    }

    /// <summary>A change of one property that nobody asked for.</summary>
    public static Difference Noise(string property) => new(new Dictionary<string, string> { [property] = "update" }, []);

    public JsonNode? Detailed(string kind) => Paths.Count == 0
        ? null
        : new JsonObject(Paths.Select(path => KeyValuePair.Create(path.Key, (JsonNode?)new JsonObject { [kind] = path.Value, ["inputDiff"] = false })));

    private static Difference Adopted() => new(
        new SortedDictionary<string, string>(StringComparer.Ordinal)
        {
            ["clone"] = "add",
            ["disks[0].label"] = "update",
            ["disks[1]"] = "add",
            ["imported"] = "update",
            ["waitForGuestNetRoutable"] = "update",
            ["waitForGuestNetTimeout"] = "update",
        },
        []);

    private static JsonObject Without(JsonObject inputs, HashSet<string> ignored) =>
        new(inputs.Where(entry => !ignored.Contains(entry.Key)).Select(entry => KeyValuePair.Create(entry.Key, entry.Value?.DeepClone())));

    private static void Compare(JsonNode? old, JsonNode? now, string path, SortedDictionary<string, string> paths)
    {
        if (old is JsonObject before && now is JsonObject after)
        {
            foreach (var key in before.Select(entry => entry.Key).Union(after.Select(entry => entry.Key)).Where(key => key != "__defaults"))
                Compare(before[key], after[key], path.Length == 0 ? key : $"{path}.{key}", paths);
        }
        else if (old is JsonArray { Count: > 0 } first && now is JsonArray second && first[0] is JsonObject)
        {
            for (var i = 0; i < Math.Max(first.Count, second.Count); i++)
                Compare(i < first.Count ? first[i] : null, i < second.Count ? second[i] : null, $"{path}[{i}]", paths);
        }
        else if (old is null != now is null)
        {
            paths[path] = old is null ? "add" : "delete";
        }
        else if (!Same(old, now))
        {
            paths[path] = "update";
        }
    }

    // Lists of plain values are sets here: the rule's VMs.
    private static bool Same(JsonNode? old, JsonNode? now) => old is JsonArray a && now is JsonArray b
        ? a.Select(Json.Line).Order(StringComparer.Ordinal).SequenceEqual(b.Select(Json.Line).Order(StringComparer.Ordinal))
        : Json.Line(old) == Json.Line(now);
}
