using System.Text.Json.Nodes;
using Refresh.PulumiStandIn.Cli;

namespace Refresh.PulumiStandIn.Backends;

/// <summary>What Pulumi knows of a stack's resources: the <c>deployment</c> of an export.</summary>
internal sealed class Snapshot(JsonObject deployment)
{
    public JsonObject Deployment => deployment;

    public IReadOnlyList<JsonObject> Resources => [.. Of("resources")];

    public IReadOnlyList<JsonObject> Pending => [.. Of("pending_operations")];

    public static Snapshot Empty(JsonObject secretsProviders) => new(new JsonObject { ["manifest"] = Manifest(), ["secrets_providers"] = secretsProviders, ["resources"] = new JsonArray(), ["metadata"] = new JsonObject() });

    public JsonObject? Find(string urn) => Of("resources").FirstOrDefault(resource => resource.Text("urn") == urn);

    /// <summary>Puts a copy of a resource where its last state was, or at the end where it depends on what came later.</summary>
    public void Put(JsonObject resource)
    {
        var list = List("resources");
        var at = list.ToList().FindIndex(other => other.At("urn")?.GetValue<string>() == resource.Text("urn"));
        if (at >= 0 && DependsOn(resource, list.Skip(at + 1)))
        {
            list.RemoveAt(at);
            at = -1;
        }

        if (at < 0)
            list.Add(Json.Copy(resource));
        else
            list[at] = Json.Copy(resource);
    }

    private static bool DependsOn(JsonObject resource, IEnumerable<JsonNode?> others) =>
        resource["dependencies"] is JsonArray dependencies
        && others.Select(other => other.At("urn")?.GetValue<string>()).Intersect(dependencies.Select(one => one?.GetValue<string>())).Any();

    public void Remove(string urn)
    {
        var list = List("resources");
        if (Find(urn) is { } found)
            list.Remove(found);
        foreach (var other in Of("resources"))
        {
            if (other["dependencies"] is JsonArray dependencies && dependencies.FirstOrDefault(one => one?.GetValue<string>() == urn) is { } gone)
                dependencies.Remove(gone);
        }
    }

    /// <summary>Notes what is about to be done to a resource, so that a kill leaves it written.</summary>
    public void Begin(string kind, JsonObject resource) => List("pending_operations").Add(new JsonObject { ["resource"] = Json.Copy(resource), ["type"] = kind });

    /// <summary>Strikes out what was begun last; what a kill left from before stays.</summary>
    public void End(string urn, string kind)
    {
        if (Of("pending_operations").LastOrDefault(one => one.At("resource", "urn")?.GetValue<string>() == urn && one.Text("type") == kind) is { } done)
            List("pending_operations").Remove(done);
        if (List("pending_operations").Count == 0)
            deployment.Remove("pending_operations");
    }

    /// <summary>Forgets all creations that were interrupted.</summary>
    public void ForgetPendingCreates()
    {
        foreach (var one in Pending.Where(one => one.Text("type") == "creating"))
            End(one["resource"]!["urn"]!.GetValue<string>(), "creating");
    }

    /// <summary>Throws where resources refer to what is not there.</summary>
    public void Check(string stack)
    {
        var seen = new HashSet<string>();
        foreach (var resource in Of("resources"))
        {
            var urn = resource.Text("urn") ?? throw Damaged(stack, "resource without URN");
            if (resource.Text("parent") is { } parent && !seen.Contains(parent))
                throw Damaged(stack, $"child resource {urn} refers to missing parent {parent}");
            if (resource.Text("provider") is { } provider && !seen.Contains(provider[..provider.LastIndexOf("::", StringComparison.Ordinal)]))
                throw Damaged(stack, $"resource {urn} refers to unknown provider {provider}");
            foreach (var dependency in resource["dependencies"] as JsonArray ?? [])
                if (!seen.Contains(dependency!.GetValue<string>()))
                    throw Damaged(stack, $"resource {urn} dependency {dependency} refers to missing resource");
            if (!seen.Add(urn))
                throw Damaged(stack, $"duplicate resource {urn} (not marked for deletion)");
        }
    }

    public void Stamp() => deployment["manifest"] = Manifest();

    private static JsonObject Manifest() => new() { ["time"] = Clock.Now(), ["magic"] = "ab35920a3077459b09dd1a3f7ddc28df4e3efc81b3240013bb6906688abc684d", ["version"] = PulumiVersion.Text };

    private static PulumiFailure Damaged(string stack, string why) => new($"[{stack}]: snapshot integrity failure; refusing to use it: {why}");

    private IEnumerable<JsonObject> Of(string list) => (deployment[list] as JsonArray ?? []).OfType<JsonObject>();

    private JsonArray List(string name)
    {
        if (deployment[name] is JsonArray list)
            return list;
        // Pending operations stand before the metadata, as in the recordings.
        var metadata = deployment["metadata"];
        deployment.Remove("metadata");
        deployment[name] = list = [];
        deployment["metadata"] = metadata ?? new JsonObject();
        return list;
    }
}
