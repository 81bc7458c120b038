using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;
using Refresh.PulumiStandIn.Projects;

namespace Refresh.PulumiStandIn.Programs;

/// <summary>Runs a program of the YAML runtime, as far as programs of the stack contract go.</summary>
internal sealed class YamlProgram(Project project, string stack, JsonObject config, Func<string, JsonObject, JsonObject> invoke)
{
    private readonly Dictionary<string, JsonNode?> _variables = [];
    private readonly Dictionary<string, JsonObject> _outputs = [];

    public string StackUrn => Urn(Types.Stack, $"{project.Name}-{stack}");

    /// <summary>The names of its resources, each after those that it refers to.</summary>
    public IReadOnlyList<string> Order()
    {
        var ordered = new List<string>();
        foreach (var (name, _) in Resources)
            Visit(name, ordered, []);
        return ordered;
    }

    public string UrnOf(string name) => Urn(Types.Full(Resources[name]!.AsObject().Text("type")!), name);

    public string Urn(string type, string name) => $"urn:pulumi:{stack}::{project.Name}::{type}::{name}";

    /// <summary>The URNs that a resource refers to, before anything is evaluated.</summary>
    public IReadOnlyList<string> References(string name) => [.. ResourcesIn(Resources[name], []).Distinct().Select(UrnOf)];

    /// <summary>What a resource is to be, now that those before it are known.</summary>
    public Goal Evaluate(string name)
    {
        var written = Resources[name]!.AsObject();
        var properties = written["properties"] as JsonObject ?? [];
        var options = written["options"] as JsonObject ?? [];
        var inputs = new JsonObject();
        var uses = new SortedDictionary<string, IReadOnlyList<string>>(StringComparer.Ordinal);
        foreach (var (key, value) in properties)
        {
            uses[key] = [.. ResourcesIn(value, []).Distinct().Select(UrnOf).Order(StringComparer.Ordinal)];
            if (Expand(value) is { } expanded)
                inputs[key] = expanded;
        }

        return new(UrnOf(name), Types.Full(written.Text("type")!), inputs, uses,
            [.. ResourcesIn(options["dependsOn"], []).Distinct().Select(UrnOf)], options["ignoreChanges"] as JsonArray, Expand(options["replacementTrigger"]));
    }

    /// <summary>Tells what became of a resource, for those after it.</summary>
    public void Register(string name, string id, JsonObject outputs)
    {
        var known = Json.Copy(outputs);
        known["id"] = id;
        known["urn"] = UrnOf(name);
        _outputs[name] = known;
    }

    public JsonObject Outputs() => Json.Sorted(Expand(project.Content["outputs"] as JsonObject ?? []))!.AsObject();

    private JsonObject Resources => project.Content["resources"] as JsonObject ?? [];

    private JsonObject Variables => project.Content["variables"] as JsonObject ?? [];

    private JsonObject Declared => (project.Content["config"] ?? project.Content["configuration"]) as JsonObject ?? [];

    private void Visit(string name, List<string> ordered, HashSet<string> visiting)
    {
        if (ordered.Contains(name))
            return;
        if (!visiting.Add(name))
            throw new ProgramFailure($"circular dependency of resource '{name}'");
        foreach (var other in ResourcesIn(Resources[name], []))
            Visit(other, ordered, visiting);
        ordered.Add(name);
    }

    private IEnumerable<string> ResourcesIn(JsonNode? node, HashSet<string> variables) => node switch
    {
        JsonObject map => map.SelectMany(entry => ResourcesIn(entry.Value, variables)),
        JsonArray list => list.SelectMany(item => ResourcesIn(item, variables)),
        JsonValue value when value.TryGetValue(out string? text) => Interpolation.Roots(text).SelectMany(root =>
            Resources.ContainsKey(root) ? [root] : Variables.ContainsKey(root) && variables.Add(root) ? ResourcesIn(Variables[root], variables) : Enumerable.Empty<string>()),
        _ => [],
    };

    private JsonNode? Expand(JsonNode? node) => node switch
    {
        JsonObject map when map.FirstOrDefault(entry => entry.Key.StartsWith("fn::", StringComparison.Ordinal)) is { Key: { } function } call => Call(function, call.Value),
        JsonObject map => new JsonObject(map.Select(entry => KeyValuePair.Create(entry.Key, Expand(entry.Value))).Where(entry => entry.Value is not null)),
        JsonArray list => new JsonArray([.. list.Select(Expand)]),
        JsonValue value when value.TryGetValue(out string? text) => Interpolation.Expand(text, Root),
        _ => node?.DeepClone(),
    };

    private JsonNode? Call(string function, JsonNode? argument)
    {
        switch (function)
        {
            case "fn::invoke":
                var call = argument!.AsObject();
                var result = invoke(Types.Full(call.Text("function")!), Expand(call["arguments"]) as JsonObject ?? []);
                return call.Text("return") is { } part ? result[part]?.DeepClone() : result;
            case "fn::secret":
                return Expand(argument);
            case "fn::join":
                var parts = Expand(argument)!.AsArray();
                return string.Join(parts[0]!.ToString(), parts[1]!.AsArray().Select(part => part?.ToString()));
            case "fn::select":
                var choice = Expand(argument)!.AsArray();
                return choice[1]!.AsArray()[int.Parse(choice[0]!.ToString(), CultureInfo.InvariantCulture)]?.DeepClone();
            case "fn::split":
                var split = Expand(argument)!.AsArray();
                return Json.Array(split[1]!.ToString().Split(split[0]!.ToString()));
            case "fn::toJSON":
                return Json.Line(Expand(argument));
            default:
                if (function["fn::".Length..].Contains(':', StringComparison.Ordinal))
                    return invoke(Types.Full(function["fn::".Length..]), Expand(argument) as JsonObject ?? []);
                throw new ProgramFailure($"the stand-in does not know {function}");
        }
    }

    private JsonNode? Root(string name)
    {
        if (_outputs.TryGetValue(name, out var outputs))
            return outputs;
        if (Variables.ContainsKey(name))
            return Variable(name);
        if (Declared.ContainsKey(name) || Declared.ContainsKey($"{project.Name}:{name}"))
            return Configured(name);
        if (name == "pulumi")
            return new JsonObject { ["project"] = project.Name, ["stack"] = stack, ["cwd"] = project.Directory, ["organization"] = "organization" };
        // A resource that an update with targets left out has no outputs.
        return Resources.ContainsKey(name) ? Json.Unknown : throw new ProgramFailure($"resource or variable named \"{name}\" could not be found");
    }

    private JsonNode? Variable(string name)
    {
        if (_variables.TryGetValue(name, out var known))
            return known;
        try
        {
            return _variables[name] = Expand(Variables[name]);
        }
        catch (Clouds.CloudException e)
        {
            var line = Yaml.LineOf(project.Text, "variables", name);
            var source = project.Text.Split('\n')[Math.Max(line - 1, 0)];
            throw new ProgramFailure(
                string.Create(CultureInfo.InvariantCulture, $"rpc error: code = Unknown desc = invocation of {e.Function} returned an error: 1 error occurred:\n\t* {e.Message}\n\n\n\n  on Pulumi.yaml line {line}:\n  {line}: {source}\n\n"),
                $"Error registering variable [{name}]: no diagnostics",
                // The language host does not survive it.
                "error reading from server: EOF");
        }
    }

    private JsonNode? Configured(string name)
    {
        var declared = (Declared[name] ?? Declared[$"{project.Name}:{name}"]) as JsonObject ?? [];
        var value = config[$"{project.Name}:{name}"] ?? declared["default"] ?? declared["value"]
            ?? throw new ProgramFailure($"Missing required configuration variable '{project.Name}:{name}'\n\tplease set a value using the command `pulumi config set {project.Name}:{name} <value>`");
        return Typed(name, value, (declared.Text("type") ?? "string").ToLowerInvariant());
    }

    private static JsonNode? Typed(string name, JsonNode value, string type)
    {
        try
        {
            return type switch
            {
                "string" => value is JsonValue ? value.ToString() : Json.Line(value),
                "integer" or "number" or "int" => value.GetValueKind() == JsonValueKind.Number ? value.DeepClone() : JsonNode.Parse(value.ToString()),
                "boolean" => value.GetValueKind() is JsonValueKind.True or JsonValueKind.False ? value.DeepClone() : bool.Parse(value.ToString()),
                _ => value is JsonValue ? JsonNode.Parse(value.ToString()) : value.DeepClone(),
            };
        }
        catch (Exception e) when (e is JsonException or FormatException)
        {
            throw new ProgramFailure($"config {name}: {value} is not of type {type}");
        }
    }
}
