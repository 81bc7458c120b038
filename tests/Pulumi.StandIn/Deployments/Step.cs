using System.Text.Json.Nodes;

namespace Refresh.PulumiStandIn.Deployments;

/// <summary>One step of a preview or an update.</summary>
/// <param name="Op">Pulumi's word for it.</param>
/// <param name="Old">The resource as the state has it, or null.</param>
/// <param name="New">The resource as it is to be, or null.</param>
/// <param name="Difference">Why, or null where nothing differs.</param>
internal sealed record Step(string Op, JsonObject? Old, JsonObject? New, Difference? Difference = null)
{
    private static readonly string[] Physical = ["create", "update", "delete", "create-replacement", "delete-replaced", "import", "refresh"];

    public string Urn => (New ?? Old)!.Text("urn")!;

    public string Type => (New ?? Old)!.Text("type")!;

    public string Name => Urn[(Urn.LastIndexOf("::", StringComparison.Ordinal) + 2)..];

    public string? Provider => (New ?? Old)!.Text("provider");

    public bool IsLogical => !Physical.Contains(Op);

    /// <summary>As a preview's document has it.</summary>
    public JsonObject Document()
    {
        var document = new JsonObject { ["op"] = Op, ["urn"] = Urn };
        if (Provider is { } provider)
            document["provider"] = provider;
        if (Old is not null)
            document["oldState"] = Json.Masked(Old);
        if (New is not null)
            document["newState"] = Json.Masked(New);
        if (Difference is { Diffs.Count: > 0 } because)
            document["diffReasons"] = Json.Array(because.Diffs);
        if (Difference is { Keys.Count: > 0 } replaced)
            document["replaceReasons"] = Json.Array(replaced.Keys);
        document["detailedDiff"] = Difference?.Detailed("kind");
        return document;
    }

    /// <summary>As an event's metadata has it.</summary>
    public JsonObject Metadata()
    {
        var metadata = new JsonObject { ["op"] = Op, ["urn"] = Urn, ["type"] = Type, ["old"] = State(Old), ["new"] = State(New) };
        if (Difference is { Keys.Count: > 0 } replaced)
            metadata["keys"] = Json.Array(replaced.Keys);
        if (Difference is { Diffs.Count: > 0 } because)
            metadata["diffs"] = Json.Array(because.Diffs);
        metadata["detailedDiff"] = Difference?.Detailed("diffKind");
        if (IsLogical)
            metadata["logical"] = true;
        metadata["provider"] = Provider ?? string.Empty;
        return metadata;
    }

    private static JsonObject? State(JsonObject? resource)
    {
        if (resource is null)
            return null;
        var state = new JsonObject { ["type"] = resource.Text("type"), ["urn"] = resource.Text("urn") };
        if (resource["custom"]?.GetValue<bool>() == true)
            state["custom"] = true;
        state["id"] = resource.Text("id") ?? string.Empty;
        state["parent"] = resource.Text("parent") ?? string.Empty;
        state["inputs"] = Json.Veiled(resource["inputs"]) ?? new JsonObject();
        state["outputs"] = Json.Veiled(resource["outputs"]) ?? new JsonObject();
        state["provider"] = resource.Text("provider") ?? string.Empty;
        return state;
    }
}
