using System.Text.Json.Nodes;

namespace Refresh.PulumiStandIn.Clouds;

/// <summary>The provider's data sources: an inventory that has whatever is asked for, and the lab's images as templates.</summary>
internal sealed class Functions(VCenter cloud, CancellationToken cancellation)
{
    /// <summary>Calls a function by its type in full.</summary>
    public JsonObject Invoke(string function, JsonObject arguments)
    {
        try
        {
            // The evaluation of a program is synchronous; this is a command's main thread, with nothing beside it.
            return InvokeAsync(function.Split(':')[^1], arguments).GetAwaiter().GetResult();
        }
        catch (CloudException e)
        {
            throw new CloudException(e.Message, function);
        }
    }

    private async Task<JsonObject> InvokeAsync(string name, JsonObject arguments)
    {
        await cloud.ConnectAsync(cancellation);
        var result = Json.Copy(arguments);
        result["id"] = name switch
        {
            "getDatacenter" => "datacenter-2",
            "getComputeCluster" => "domain-c28",
            "getDatastore" => "datastore-39",
            "getDatastoreCluster" => "group-p40",
            "getNetwork" => "network-6",
            "getResourcePool" => "resgroup-28",
            "getHost" => "host-37",
            "getVirtualMachine" or "getContentLibraryItem" => await TemplateAsync(arguments),
            _ => $"{name}-1",
        };
        if (name == "getComputeCluster")
            result["resourcePoolId"] = "resgroup-27";
        if (name == "getVirtualMachine")
            Describe(result);
        return result;
    }

    private async Task<string> TemplateAsync(JsonObject arguments)
    {
        var id = arguments.Text("uuid") ?? arguments.Text("moid") ?? arguments.Text("name") ?? string.Empty;
        return await cloud.FindTemplateAsync(id, cancellation) is null ? throw VCenter.NoTemplate(id) : id;
    }

    private static void Describe(JsonObject template)
    {
        template["uuid"] = template["id"]!.DeepClone();
        template["guestId"] = "otherGuest";
        template["firmware"] = "bios";
        template["scsiType"] = "pvscsi";
        template["networkInterfaceTypes"] = new JsonArray("vmxnet3");
        template["disks"] = new JsonArray(new JsonObject { ["label"] = "disk0", ["size"] = 10, ["thinProvisioned"] = true, ["eagerlyScrub"] = false, ["unitNumber"] = 0 });
    }
}
