using System.Text.Json.Nodes;
using Refresh.Orchestrator.Tests.FleetFiles;

namespace Refresh.Orchestrator.Tests.Stacks;

/// <summary>The part of the vSphere provider's schema, version 4.17.0, that a pair can need.</summary>
internal static class VsphereSchema
{
    private static readonly JsonObject Root = JsonNode.Parse(File.ReadAllText(Data("vsphere-4.17-schema.json")))!.AsObject();

    internal static JsonObject Resources => Root["resources"]!.AsObject();

    internal static JsonObject Functions => Root["functions"]!.AsObject();

    internal static JsonObject Types => Root["types"]!.AsObject();

    internal static string Data(string file) => Path.Combine(Texts.Root, "tests", "Orchestrator.Tests", "Stacks", "Data", file);

    internal static string Reference(JsonNode property) => ((string)property["$ref"]!)["#/types/".Length..];

    /// <summary>Spells a token out: a program may write <c>vsphere:index:VirtualMachine</c>.</summary>
    internal static string Token(string token)
    {
        var parts = token.Split(':');
        return parts[1].Contains('/', StringComparison.Ordinal) ? token : $"{parts[0]}:{parts[1]}/{char.ToLowerInvariant(parts[2][0])}{parts[2][1..]}:{parts[2]}";
    }

    /// <summary>What is wrong with values for properties of the schema.</summary>
    internal static IEnumerable<string> Check(string where, JsonObject values, JsonObject properties, JsonNode? required)
    {
        foreach (var name in (required as JsonArray ?? []).Select(name => (string)name!).Where(name => values[name] is null))
            yield return $"{where}.{name} is required";
        foreach (var (name, value) in values)
        {
            if (properties[name] is not { } property)
                yield return $"{where}.{name} is not in the schema";
            else
                foreach (var problem in Check($"{where}.{name}", value!, property))
                    yield return problem;
        }
    }

    private static IEnumerable<string> Check(string where, JsonNode value, JsonNode property)
    {
        if (property["$ref"] is not null)
        {
            var type = Types[Reference(property)]!;
            return value is JsonObject values ? Check(where, values, type["properties"]!.AsObject(), type["required"]) : [$"{where} is not an object"];
        }

        return ((string)property["type"]!, value) switch
        {
            ("array", JsonArray items) => items.SelectMany((item, index) => Check($"{where}[{index}]", item!, property["items"]!)),
            ("object", JsonObject) => [],
            ("string", JsonValue text) when text.GetValueKind() == System.Text.Json.JsonValueKind.String => [],
            ("integer", JsonValue number) when number.GetValueKind() == System.Text.Json.JsonValueKind.Number => [],
            ("boolean", JsonValue flag) when flag.GetValueKind() is System.Text.Json.JsonValueKind.True or System.Text.Json.JsonValueKind.False => [],
            var (type, _) => [$"{where} is not of type {type}"],
        };
    }
}
