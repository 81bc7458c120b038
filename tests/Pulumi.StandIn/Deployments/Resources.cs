using System.Text.Json.Nodes;
using Refresh.PulumiStandIn.Clouds;
using Refresh.PulumiStandIn.Programs;

namespace Refresh.PulumiStandIn.Deployments;

/// <summary>Makes resources as a state holds them.</summary>
internal static class Resources
{
    public static JsonObject Stack(string urn)
    {
        var shape = Shapes.Stack();
        return Dated(new JsonObject { ["urn"] = urn, ["custom"] = false, ["type"] = Types.Stack, ["sourcePosition"] = shape["sourcePosition"]!.DeepClone(), ["stackTrace"] = shape["stackTrace"]!.DeepClone() });
    }

    public static JsonObject Provider(string urn) =>
        Dated(new JsonObject { ["urn"] = urn, ["custom"] = true, ["id"] = Guid.NewGuid().ToString(), ["type"] = Types.Provider });

    /// <summary>A resource that is not made yet: without id and outputs.</summary>
    public static JsonObject Wanted(Goal goal, JsonObject inputs, string parent, string provider)
    {
        var shape = goal.Type == Types.VirtualMachine ? Shapes.VirtualMachine() : Shapes.Rule();
        var resource = new JsonObject { ["urn"] = goal.Urn, ["custom"] = true, ["type"] = goal.Type, ["inputs"] = inputs, ["parent"] = parent };
        if (goal.Dependencies.Count > 0)
            resource["dependencies"] = Json.Array(goal.Dependencies);
        resource["provider"] = provider;
        resource["propertyDependencies"] = new JsonObject(goal.Uses.Select(use => KeyValuePair.Create(use.Key, (JsonNode?)Json.Array(use.Value))));
        if (goal.Trigger is not null)
            resource["replacementTrigger"] = goal.Trigger.DeepClone();
        resource["sourcePosition"] = shape["sourcePosition"]!.DeepClone();
        resource["stackTrace"] = shape["stackTrace"]!.DeepClone();
        if (goal.IgnoreChanges is { } ignore)
            resource["ignoreChanges"] = ignore.DeepClone();
        return resource;
    }

    /// <summary>The same once it is made.</summary>
    public static JsonObject Made(JsonObject wanted, string id, JsonObject outputs)
    {
        var made = new JsonObject();
        foreach (var (key, value) in wanted)
        {
            if (key is "id" or "outputs")
                continue;
            made[key] = value?.DeepClone();
            if (key == "custom")
                made["id"] = id;
            if (key == "inputs")
                made["outputs"] = outputs;
        }

        return Dated(made);
    }

    /// <summary>Gives a resource the dates of its old state, or of now.</summary>
    public static JsonObject Dated(JsonObject resource, JsonObject? old = null)
    {
        resource["created"] = old?["created"]?.DeepClone() ?? Clock.Now();
        resource["modified"] = old?["modified"]?.DeepClone() ?? Clock.Now();
        return resource;
    }
}
