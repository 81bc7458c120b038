using System.Text.Json;
using System.Text.Json.Nodes;
using Refresh.PulumiStandIn.Cli;

namespace Refresh.PulumiStandIn.Deployments;

/// <summary>A saved preview, which an update may not exceed; doing less is no violation.</summary>
internal sealed class Plan(JsonObject resources)
{
    public static Plan? Load(string? file)
    {
        if (file is null)
            return null;
        try
        {
            return new(JsonNode.Parse(File.ReadAllText(file))!["resourcePlans"]!.AsObject());
        }
        catch (Exception e) when (e is JsonException or IOException or NullReferenceException or InvalidOperationException)
        {
            throw new PulumiFailure($"reading plan {file}: {e.Message}");
        }
    }

    public static void Save(string file, IEnumerable<Step> steps, JsonObject config)
    {
        var resources = new JsonObject();
        foreach (var step in steps)
        {
            var plan = (JsonObject)(resources[step.Urn] ??= new JsonObject { ["goal"] = Goal(step), ["steps"] = new JsonArray() });
            plan["steps"]!.AsArray().Add(step.Op);
        }

        File.WriteAllText(file, Json.Wide(new JsonObject { ["manifest"] = new JsonObject { ["time"] = Clock.Now(), ["magic"] = string.Empty, ["version"] = PulumiVersion.Text }, ["config"] = Json.Copy(config), ["resourcePlans"] = resources }));
    }

    /// <summary>Says how a step violates the plan, or null.</summary>
    public string? Violation(Step step)
    {
        if (step.Type is Programs.Types.Provider or Programs.Types.Stack)
            return null;
        if (resources[step.Urn] is not JsonObject plan)
            return step.Op == "same" ? null : $"{step.Op} is not allowed by the plan: no steps were expected for this resource";
        var planned = plan["steps"]!.AsArray().Select(op => op!.GetValue<string>()).ToList();
        if (step.Op != "same" && !planned.Contains(step.Op))
            return $"{step.Op} is not allowed by the plan: this resource is constrained to {string.Join(", ", planned)}";
        return step.New is { } wanted && plan.At("goal", "inputs") is JsonObject goal && Differs(goal, wanted["inputs"] as JsonObject ?? []) is { } key
            ? $"properties changed: ~~{key}"
            : null;
    }

    // A plan keeps the seed of the names that Pulumi makes up: what a default made is the same in the update.
    private static string? Differs(JsonObject goal, JsonObject inputs) =>
        goal.Where(entry => entry.Key != "__defaults" && !Json.Line(goal["__defaults"]).Contains($"\"{entry.Key}\"", StringComparison.Ordinal) && !Json.Line(entry.Value).Contains(Json.Unknown, StringComparison.Ordinal) && Json.Line(entry.Value) != Json.Line(inputs[entry.Key])).Select(entry => entry.Key).FirstOrDefault();

    private static JsonObject Goal(Step step) => new()
    {
        ["type"] = step.Type,
        ["name"] = step.Name,
        ["custom"] = true,
        ["inputs"] = step.New?["inputs"]?.DeepClone(),
        ["parent"] = step.New?["parent"]?.DeepClone(),
    };
}
