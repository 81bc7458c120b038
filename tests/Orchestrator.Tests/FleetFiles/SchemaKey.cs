using System.Text.Json.Nodes;

namespace Refresh.Orchestrator.Tests.FleetFiles;

/// <summary>A key of the schema, and the place of it in a document that has it.</summary>
/// <param name="Path">The path, with <c>[]</c> for the items of a list.</param>
/// <param name="Schema">What the schema says of its value.</param>
/// <param name="IsRequired">Whether its mapping requires it.</param>
internal sealed record SchemaKey(string Path, JsonObject Schema, bool IsRequired)
{
    public string Name => Path.Split('.')[^1];

    public JsonNode? Default => Schema["default"];

    /// <summary>The keys of the mapping that it holds, alone or as an alternative; for a list none.</summary>
    public IReadOnlyList<string> Properties => [.. (SchemaWalk.Mapping(Schema)?["properties"]?.AsObject() ?? []).Select(property => property.Key)];

    public JsonNode? Find(JsonNode document) => Parent(document)?[Name];

    public void Remove(JsonNode document) => Parent(document)!.Remove(Name);

    public void Set(JsonNode document, JsonNode? value) => Parent(document)![Name] = value;

    /// <summary>Values of every type, and around every limit.</summary>
    public IEnumerable<JsonNode?> Candidates()
    {
        yield return null;
        foreach (var value in new JsonNode[] { true, 1, -1, 1.5, "", "nothing like this", "~", new JsonArray(), new JsonObject() })
            yield return value;
        foreach (var limit in new[] { Schema["minimum"], Schema["maximum"] }.OfType<JsonNode>().Select(limit => limit.GetValue<long>()))
        {
            for (var near = limit - 1; near <= limit + 1; near++)
                yield return near;
        }

        foreach (var word in Schema["enum"]?.AsArray() ?? [])
            yield return word;
        foreach (var text in Texts(SchemaWalk.Reference(Schema)))
            yield return text;
    }

    private static string[] Texts(string? form) => form switch
    {
        "name" => ["a", "a-b", "-a", "a-", "A", "a.b", new('a', 63), new('a', 64)],
        "version" => ["1", "1.10", "v1+2_3-4", "-1", "a b", new('1', 128), new('1', 129)],
        "haproxySocket" => ["unix:/s", "unix:s", "unix:~/s", "unix:", "/s", "tcp:h:1", "tcp:h", "tcp::1"],
        "haproxyName" => ["A_b.c:d-e", "a b", "a/b", "é"],
        "urlPath" => ["/", "/a?b=c", "/a#b", "/a b", "a", "/é"],
        "address" => ["h:1", "10.0.0.99:80", "[::1]:80", "h", "h:", "h:x", ":80", "a_b:80", "u:p@h:80"],
        "duration" or "interval" or "durationOrNone" => ["10ms", "2s", "1m5s", "0s", "5", "-1s", "1.5s", "1s1m", "s", "1 s", "PT1S", "1S"],
        _ => [],
    };

    private JsonObject? Parent(JsonNode document)
    {
        JsonNode? node = document;
        var steps = Path.Split('.');
        foreach (var (step, next) in steps.Zip(steps.Skip(1)))
            node = step.EndsWith("[]", StringComparison.Ordinal) ? Item(node?[step[..^2]], next) : (node as JsonObject)?[step];
        return node as JsonObject;
    }

    /// <summary>The item of a list on the way to this key: of several kinds, the one that is on it.</summary>
    private static JsonNode? Item(JsonNode? list, string kind) =>
        list?.AsArray().FirstOrDefault(item => item is JsonObject kinds && kinds.ContainsKey(kind)) ?? list?[0];
}
