using System.Globalization;
using System.Text.Json.Nodes;
using Refresh.PulumiStandIn.Backends;
using Refresh.PulumiStandIn.Clouds;
using Refresh.PulumiStandIn.Faults;
using Refresh.PulumiStandIn.Programs;

namespace Refresh.PulumiStandIn.Deployments;

/// <summary>Does steps to the cloud and writes each one down before and after.</summary>
internal sealed class StepRunner(Snapshot snapshot, Action save, VCenter cloud, StandInFaults faults, CancellationToken cancellation)
{
    /// <summary>Does a step.</summary>
    /// <returns>The resource as it is then; null if it is gone.</returns>
    public async Task<JsonObject?> RunAsync(Step step)
    {
        switch (step.Op)
        {
            case "delete-replaced":
                await WrittenAsync(step.Old!, "deleting", () => DeleteAsync(step.Old!));
                // The old one stays in the state, marked, until the new one is made.
                snapshot.Put(Marked(step.Old!));
                save();
                return null;
            case "delete":
                await WrittenAsync(step.Old!, "deleting", () => DeleteAsync(step.Old!));
                snapshot.Remove(step.Urn);
                save();
                return null;
            case "create" or "create-replacement":
                JsonObject? made = null;
                await WrittenAsync(step.New!, "creating", async () => made = await CreateAsync(step.New!));
                snapshot.Put(made!);
                save();
                return Succeeded(made!);
            case "update":
                JsonObject? updated = null;
                await WrittenAsync(step.Old!, "updating", async () => updated = await UpdateAsync(step));
                snapshot.Put(updated!);
                save();
                return updated;
            default:
                return null;
        }
    }

    private static JsonObject Marked(JsonObject old)
    {
        var marked = Json.Copy(old);
        marked["pendingReplacement"] = true;
        return marked;
    }

    private async Task WrittenAsync(JsonObject resource, string kind, Func<Task> work)
    {
        var urn = resource.Text("urn")!;
        snapshot.Begin(kind, resource);
        save();
        try
        {
            await work();
        }
        catch (CloudException e)
        {
            snapshot.End(urn, kind);
            save();
            throw new StepFailure(
                new Diagnostic("error", $"  sdk-v2/provider2.go:572: sdk.helper_schema: {e.Message}: provider=vsphere@{PulumiVersion.Provider}", urn),
                new Diagnostic("error", $"{Doing(kind)}1 error occurred:\n\t* {e.Message}\n\n", urn));
        }

        snapshot.End(urn, kind);
    }

    private static string Doing(string kind) => kind == "deleting" ? "deleting: " : string.Empty;

    private async Task DeleteAsync(JsonObject old)
    {
        await cloud.ConnectAsync(cancellation);
        if (old.Text("type") == Types.VirtualMachine)
            await cloud.DeleteAsync(old.Text("id")!, cancellation);
    }

    private async Task<JsonObject> CreateAsync(JsonObject wanted)
    {
        var inputs = wanted["inputs"]!.AsObject();
        await cloud.ConnectAsync(cancellation);
        if (wanted.Text("type") != Types.VirtualMachine)
            return Record(wanted, string.Create(CultureInfo.InvariantCulture, $"domain-c28:{Environment.TickCount64}"));
        var name = inputs.Text("name")!;
        var vm = await cloud.CloneAsync(name, inputs.At("clone").As().Text("templateUuid")!, VirtualMachine.Address(inputs), cancellation);
        var made = Resources.Made(wanted, VCenter.Uuid(vm.Id!), VirtualMachine.Outputs(inputs, vm));
        if (faults.Befalls(StandInFaults.InitErrors, name))
            made["initErrors"] = new JsonArray("timeout waiting for an available IP address");
        return made;
    }

    private async Task<JsonObject> UpdateAsync(Step step)
    {
        await cloud.ConnectAsync(cancellation);
        var wanted = step.New!;
        if (step.Type != Types.VirtualMachine)
            return Record(wanted, step.Old!.Text("id")!);
        var id = step.Old!.Text("id")!;
        var vm = await cloud.FindAsync(id, cancellation) ?? throw new CloudException($"cannot locate virtual machine with UUID \"{id}\": virtual machine with UUID \"{id}\" not found");
        return Resources.Made(wanted, id, VirtualMachine.Outputs(wanted["inputs"]!.AsObject(), vm));
    }

    private static JsonObject Record(JsonObject wanted, string id)
    {
        var outputs = wanted.Text("type") == Types.Rule ? Json.Copy(Shapes.Rule()["outputs"]!.AsObject()) : [];
        foreach (var (key, value) in wanted["inputs"]!.AsObject().Where(entry => entry.Key != "__defaults"))
            outputs[key] = value?.DeepClone();
        outputs["id"] = id;
        if (outputs["virtualMachineIds"] is JsonArray ids)
            outputs["virtualMachineIds"] = Json.Array(ids.Select(one => one!.GetValue<string>()).Order(StringComparer.Ordinal));
        return Resources.Made(wanted, id, outputs);
    }

    // Kept with its id, and yet a failure: the next preview shows an update.
    private static JsonObject Succeeded(JsonObject made) => made["initErrors"] is JsonArray errors
        ? throw new StepFailure(new Diagnostic("error", $"1 error occurred:\n\t* {errors[0]}\n\n", made.Text("urn")))
        : made;
}
