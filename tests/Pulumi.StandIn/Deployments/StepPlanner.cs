using System.Text.Json.Nodes;
using Refresh.PulumiStandIn.Clouds;
using Refresh.PulumiStandIn.Faults;
using Refresh.PulumiStandIn.Programs;

namespace Refresh.PulumiStandIn.Deployments;

/// <summary>Says which steps make a resource what the program wants.</summary>
internal sealed class StepPlanner(DeploymentOptions options, StandInFaults faults, YamlProgram program)
{
    private static readonly string[] RuleDefaults = ["enabled", "name"];

    public IReadOnlyList<Step> Plan(Goal goal, JsonObject? old, string provider)
    {
        var wanted = Resources.Wanted(goal, Inputs(goal, old), program.StackUrn, provider);
        if (old is null)
            return [new("create", null, wanted)];
        Resources.Dated(wanted, old);
        var name = goal.Urn[(goal.Urn.LastIndexOf("::", StringComparison.Ordinal) + 2)..];
        if (options.IsPreview && faults.Befalls(StandInFaults.UnknownOp, name))
            return [new("transmogrify", old, wanted)];
        if (!options.IsPreview && faults.Befalls(StandInFaults.DoesLess, name))
            return [new("same", old, Unmade(old))];
        return Steps(goal, old, wanted, name);
    }

    /// <summary>A resource as it was wanted: without what only its making gave it.</summary>
    public static JsonObject Unmade(JsonObject old)
    {
        var unmade = Json.Copy(old);
        unmade.Remove("id");
        unmade.Remove("outputs");
        return unmade;
    }

    private List<Step> Steps(Goal goal, JsonObject old, JsonObject wanted, string name)
    {
        var difference = Difference.Between(goal.Type, old["inputs"] as JsonObject ?? [], wanted["inputs"]!.AsObject(), goal.IgnoreChanges);
        if (options.Replacements.Contains(goal.Urn) || old["taint"]?.GetValue<bool>() == true)
            difference = Difference.Forced;
        else if (!difference.Replaces && Json.Line(goal.Trigger) != Json.Line(old["replacementTrigger"]))
            difference = difference with { Keys = ["replacementTrigger"] };
        var pending = old["pendingReplacement"]?.GetValue<bool>() == true;
        if (difference.Replaces || pending)
            return Replace(old, wanted, pending && !difference.Replaces ? Difference.Forced : difference, pending);
        if (faults.Befalls(StandInFaults.Noise, name))
            return [new("update", old, wanted, Difference.Noise("annotation"))];
        return difference.Any || old["initErrors"] is not null ? [new("update", old, wanted, difference)] : [new("same", old, wanted)];
    }

    private static List<Step> Replace(JsonObject old, JsonObject wanted, Difference difference, bool pending)
    {
        var marked = Json.Copy(old);
        marked["pendingReplacement"] = true;
        List<Step> steps = [new("replace", marked, wanted, difference), new("create-replacement", marked, wanted, difference)];
        return pending ? steps : [new("delete-replaced", old, null), .. steps];
    }

    private JsonObject Inputs(Goal goal, JsonObject? old)
    {
        if (goal.Type == Types.VirtualMachine)
            return VirtualMachine.WithDefaults(goal.Inputs);
        var inputs = Json.Copy(goal.Inputs);
        if (goal.Type != Types.Rule)
            return inputs;
        // A rule gets a name of its own at its first making, and keeps it.
        inputs["enabled"] ??= true;
        inputs["name"] ??= old?["inputs"]?["name"]?.DeepClone() ?? $"{goal.Urn[(goal.Urn.LastIndexOf(':') + 1)..]}-{Guid.NewGuid().ToString("N")[..7]}";
        var defaults = RuleDefaults.Where(key => !goal.Inputs.ContainsKey(key));
        var sorted = new JsonObject { ["__defaults"] = Json.Array(defaults) };
        foreach (var (key, value) in inputs.OrderBy(entry => entry.Key, StringComparer.Ordinal))
            sorted[key] = value?.DeepClone();
        return sorted;
    }
}
