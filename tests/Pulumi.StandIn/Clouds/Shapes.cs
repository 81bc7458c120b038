using System.Text.Json.Nodes;

namespace Refresh.PulumiStandIn.Clouds;

/// <summary>What the recordings hold of each type and no program says.</summary>
internal static class Shapes
{
    public static JsonObject VirtualMachine() => Read("virtual-machine.json");

    public static JsonObject VirtualMachineDefaults() => Read("virtual-machine-defaults.json");

    public static JsonObject Rule() => Read("rule.json");

    public static JsonObject Stack() => Read("stack.json");

    private static JsonObject Read(string name)
    {
        using var stream = typeof(Shapes).Assembly.GetManifestResourceStream(name)!;
        return JsonNode.Parse(stream)!.AsObject();
    }
}
