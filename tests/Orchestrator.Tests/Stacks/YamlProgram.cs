using System.Text.Json.Nodes;
using System.Text.RegularExpressions;

namespace Refresh.Orchestrator.Tests.Stacks;

/// <summary>Evaluates a Pulumi YAML program: interpolation, <c>fn::invoke</c>, resources with options, outputs.</summary>
internal sealed partial class YamlProgram(JsonObject program, JsonObject configuration, Cloud cloud)
{
    private readonly Dictionary<string, JsonNode> _known = [];

    internal static StackRun Run(string text, JsonObject stack, Cloud cloud)
    {
        var program = YamlText.Parse(text);
        return new YamlProgram(program, StackConfiguration.Resolve(program, stack), cloud).Run();
    }

    private StackRun Run()
    {
        foreach (var (name, _) in program["variables"]!.AsObject().Concat(program["resources"]!.AsObject()))
            Known(name);
        return cloud.Run(Evaluate(program["outputs"])!.AsObject());
    }

    private JsonNode? Evaluate(JsonNode? node) => node switch
    {
        JsonObject call when call["fn::invoke"] is JsonObject invoke => Invoke(invoke),
        JsonObject values => new JsonObject(values.Select(pair => KeyValuePair.Create(pair.Key, Evaluate(pair.Value)))),
        JsonArray items => new JsonArray([.. items.Select(Evaluate)]),
        JsonValue value when value.TryGetValue<string>(out var text) => Interpolate(text),
        _ => node?.DeepClone(),
    };

    private JsonNode? Interpolate(string text)
    {
        var whole = Reference().Match(text);
        return whole.Success && whole.Length == text.Length
            ? Access(whole.Groups[1].Value)
            : JsonValue.Create(Reference().Replace(text, match => (string?)Access(match.Groups[1].Value) ?? ""));
    }

    private JsonNode? Access(string path)
    {
        var parts = path.Split('.');
        JsonNode? value = Known(parts[0]);
        if (program["resources"]![parts[0]] is { } resource && parts.Length > 1 && parts[1] is not ("id" or "urn"))
            Exists(parts[0], parts.AsSpan(1), VsphereSchema.Resources[VsphereSchema.Token((string)resource["type"]!)]!);
        foreach (var part in parts.Skip(1))
            value = value?[part];
        return value?.DeepClone();
    }

    private static void Exists(string name, ReadOnlySpan<string> path, JsonNode type)
    {
        foreach (var part in path)
        {
            var property = type["properties"]![part] ?? throw new InvalidOperationException($"{name} has no output {part}");
            type = property["$ref"] is null ? property : VsphereSchema.Types[VsphereSchema.Reference(property)]!;
        }
    }

    private JsonNode Known(string name)
    {
        if (configuration[name] is { } setting && program["config"]![name] is not null)
        {
            cloud.Keys.Add(name);
            return setting;
        }

        if (_known.TryGetValue(name, out var known))
            return known;
        var made = program["variables"]![name] is { } variable ? Evaluate(variable)!
            : program["resources"]![name] is JsonObject resource ? Make(name, resource)
            : throw new InvalidOperationException($"{name} is nothing that the program knows");
        return _known[name] = made;
    }

    private JsonObject Make(string name, JsonObject resource)
    {
        var inputs = Evaluate(resource["properties"])!.AsObject();
        return cloud.Make(VsphereSchema.Token((string)resource["type"]!), name, inputs, resource["options"]?.DeepClone().AsObject() ?? []);
    }

    private JsonObject Invoke(JsonObject invoke) =>
        cloud.Call(VsphereSchema.Token((string)invoke["function"]!), Evaluate(invoke["arguments"])!.AsObject());

    [GeneratedRegex(@"\$\{([A-Za-z0-9.]+)\}")]
    private static partial Regex Reference();
}
