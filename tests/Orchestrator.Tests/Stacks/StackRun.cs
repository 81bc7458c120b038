using System.Text.Json.Nodes;

namespace Refresh.Orchestrator.Tests.Stacks;

/// <summary>A resource that a program registered.</summary>
internal sealed record Registered(string Type, string Name, JsonObject Inputs, JsonObject Options);

/// <summary>A function of the provider that a program called.</summary>
internal sealed record Invoked(string Function, JsonObject Arguments);

/// <summary>What a program did with a configuration.</summary>
internal sealed record StackRun(IReadOnlyList<Registered> Resources, IReadOnlyList<Invoked> Functions, IReadOnlySet<string> Keys, JsonObject Outputs)
{
    internal Registered Resource(string name) => Resources.Single(resource => resource.Name == name);

    /// <summary>What is wrong with it by the provider's schema.</summary>
    internal IEnumerable<string> Problems() =>
        Functions.SelectMany(call => VsphereSchema.Functions[call.Function] is { } function
                ? VsphereSchema.Check(call.Function, call.Arguments, function["inputs"]!["properties"]!.AsObject(), function["inputs"]!["required"])
                : [$"{call.Function} is not in the schema"])
            .Concat(Resources.SelectMany(resource => VsphereSchema.Resources[resource.Type] is { } type
                ? VsphereSchema.Check(resource.Name, resource.Inputs, type["inputProperties"]!.AsObject(), type["requiredInputs"])
                : [$"{resource.Type} is not in the schema"]));
}

/// <summary>A provider that makes whatever it is asked for and tells every property apart.</summary>
internal sealed class Cloud
{
    private readonly List<Registered> _resources = [];
    private readonly List<Invoked> _functions = [];

    /// <summary>Properties that turn out otherwise than asked, by resource.</summary>
    internal Dictionary<string, JsonObject> Surprises { get; } = [];

    internal HashSet<string> Keys { get; } = [];

    internal JsonObject Make(string type, string name, JsonObject inputs, JsonObject options)
    {
        inputs = WithoutNulls(inputs);
        _resources.Add(new(type, name, inputs, options));
        var made = inputs.DeepClone().AsObject();
        made["id"] = $"id of {name}";
        made["urn"] = $"urn:pulumi:web-01::vsphere-pair::{type}::{name}";
        if (type.EndsWith(":VirtualMachine", StringComparison.Ordinal))
        {
            made["moid"] = $"moid of {name}";
            made["defaultIpAddress"] = $"address of {name}";
        }

        foreach (var (property, value) in Surprises.GetValueOrDefault(name, []))
            made[property] = value?.DeepClone();
        return made;
    }

    internal JsonObject Call(string function, JsonObject arguments)
    {
        _functions.Add(new(function, WithoutNulls(arguments)));
        var answer = arguments.DeepClone().AsObject();
        answer["id"] = $"{function} {arguments["name"]}";
        answer["resourcePoolId"] = $"pool of {arguments["name"]}";
        answer["type"] = "Network";
        return answer;
    }

    internal StackRun Run(JsonObject outputs) =>
        new([.. _resources.OrderBy(resource => resource.Name, StringComparer.Ordinal)], [.. _functions.OrderBy(call => call.Function, StringComparer.Ordinal)], Keys, outputs);

    // Pulumi sends no property that is null.
    private static JsonObject WithoutNulls(JsonObject values) =>
        new(values.Where(pair => pair.Value is not null).Select(pair => KeyValuePair.Create(pair.Key, Without(pair.Value!))));

    private static JsonNode? Without(JsonNode value) => value switch
    {
        JsonObject values => WithoutNulls(values),
        JsonArray items => new JsonArray([.. items.Select(item => Without(item!))]),
        _ => value.DeepClone(),
    };
}
