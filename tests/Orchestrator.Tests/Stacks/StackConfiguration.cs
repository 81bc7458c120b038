using System.Text.Json;
using System.Text.Json.Nodes;
using Xunit;

namespace Refresh.Orchestrator.Tests.Stacks;

/// <summary>A stack's configuration, checked as Pulumi checks it: declared in the project, of the declared type, defaults filled in.</summary>
internal static class StackConfiguration
{
    internal static JsonObject Resolve(JsonObject project, JsonObject stack)
    {
        var name = (string)project["name"]!;
        var declared = project["config"]!.AsObject();
        var values = new JsonObject();
        foreach (var (key, value) in stack["config"]!.AsObject().Where(pair => pair.Key.StartsWith($"{name}:", StringComparison.Ordinal)))
            values[key[(name.Length + 1)..]] = value?.DeepClone();
        foreach (var key in values.Select(pair => pair.Key))
            Assert.True(declared.ContainsKey(key), $"{key} is not declared");
        foreach (var (key, declaration) in declared)
        {
            values[key] ??= declaration!["default"]?.DeepClone() ?? throw new InvalidOperationException($"{key} is not set");
            Assert.True(IsA(values[key]!, (string)declaration!["type"]!), $"{key} is not of type {declaration["type"]}");
        }

        return values;
    }

    private static bool IsA(JsonNode value, string type) => (type, value.GetValueKind()) switch
    {
        ("string", JsonValueKind.String) or ("integer", JsonValueKind.Number) or ("object", JsonValueKind.Object) or ("array", JsonValueKind.Array) => true,
        ("boolean", JsonValueKind.True or JsonValueKind.False) => true,
        _ => false,
    };
}
