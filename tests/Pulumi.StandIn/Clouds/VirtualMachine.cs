using System.Text.Json.Nodes;
using Refresh.Lab.Client;

namespace Refresh.PulumiStandIn.Clouds;

/// <summary>The provider's side of a VM resource: defaults in, properties of the VM out.</summary>
internal static class VirtualMachine
{
    private static readonly string[] ImportedInputs = ["datastoreId", "guestId", "memory", "resourcePoolId"];

    /// <summary>Inputs with the provider's defaults, which <c>__defaults</c> names.</summary>
    public static JsonObject WithDefaults(JsonObject inputs) => (JsonObject)Fill(inputs, string.Empty, Shapes.VirtualMachineDefaults());

    /// <summary>Whether another value of a property, as a path, makes another VM.</summary>
    public static bool Replaces(string path) =>
        (path.StartsWith("clone.", StringComparison.Ordinal) && path != "clone.timeout" && !path.StartsWith("clone.customize.networkInterfaces", StringComparison.Ordinal))
        || path.StartsWith("ovfDeploy", StringComparison.Ordinal) || path == "replaceTrigger";

    /// <summary>The address that a clone is customised to have.</summary>
    public static string Address(JsonObject inputs) =>
        inputs.At("clone", "customize", "networkInterfaces") is JsonArray { Count: > 0 } list && list[0].At("ipv4Address") is { } address
            ? address.GetValue<string>()
            : throw new CloudException("the stand-in needs clone.customize.networkInterfaces[0].ipv4Address");

    /// <summary>What the provider knows of a VM after it was made from these inputs.</summary>
    public static JsonObject Outputs(JsonObject inputs, LabVm vm)
    {
        var outputs = Json.Copy((JsonObject)Shapes.VirtualMachine()["outputs"]!);
        Merge(outputs, inputs);
        return Observed(outputs, vm);
    }

    /// <summary>The same with what is observed of the VM now.</summary>
    public static JsonObject Observed(JsonObject outputs, LabVm vm)
    {
        var seen = Json.Copy(outputs);
        seen["id"] = VCenter.Uuid(vm.Id!);
        seen["uuid"] = VCenter.Uuid(vm.Id!);
        seen["moid"] = vm.Handle;
        seen["name"] = vm.Name;
        seen["defaultIpAddress"] = vm.Power == LabPower.On ? vm.Host : string.Empty;
        seen["guestIpAddresses"] = vm.Power == LabPower.On ? new JsonArray(vm.Host) : new JsonArray();
        seen["powerState"] = vm.Power == LabPower.On ? "on" : "off";
        seen["vmxPath"] = $"{vm.Name}/{vm.Name}.vmx";
        seen["changeVersion"] = vm.Id;
        return seen;
    }

    /// <summary>The inputs and outputs of a VM that an import found.</summary>
    public static (JsonObject Inputs, JsonObject Outputs) Imported(LabVm vm)
    {
        var outputs = Observed((JsonObject)Shapes.VirtualMachine()["outputs"]!, vm);
        outputs["clone"] = null;
        outputs["imported"] = true;
        foreach (var (key, empty) in new (string, JsonNode)[] { ("customAttributes", new JsonObject()), ("extraConfig", new JsonObject()), ("pciDeviceIds", new JsonArray()), ("tags", new JsonArray()) })
            outputs[key] = empty;
        outputs["waitForGuestNetRoutable"] = true;
        outputs["waitForGuestNetTimeout"] = 5;
        var disk = outputs["disks"]![0]!.AsObject();
        (disk["label"], disk["diskSharing"], disk["ioShareLevel"], disk["path"]) = ("disk-202-0", string.Empty, string.Empty, $"{vm.Name}/{vm.Name}.vmdk");
        var inputs = new JsonObject { ["__defaults"] = new JsonArray() };
        foreach (var key in ImportedInputs)
            inputs[key] = outputs[key]?.DeepClone();
        inputs["disks"] = new JsonArray(Part(disk, "datastoreId", "diskSharing", "ioShareLevel", "label", "path", "size"));
        inputs["networkInterfaces"] = new JsonArray(Part(outputs["networkInterfaces"]![0]!.AsObject(), "macAddress", "networkId"));
        foreach (var key in new[] { "hardwareVersion", "hostSystemId", "latencySensitivity", "name" })
            inputs[key] = outputs[key]?.DeepClone();
        return (Json.Sorted(inputs)!.AsObject(), outputs);
    }

    private static JsonObject Part(JsonObject from, params string[] keys) =>
        new(keys.Select(key => KeyValuePair.Create(key, from[key]?.DeepClone())).Prepend(KeyValuePair.Create("__defaults", (JsonNode?)new JsonArray())));

    private static JsonNode Fill(JsonNode node, string path, JsonObject defaults)
    {
        if (node is JsonArray list)
            return new JsonArray([.. list.Select(item => item is JsonObject ? Fill(item, path, defaults) : item?.DeepClone())]);
        var filled = new JsonObject();
        var applied = new List<string>();
        foreach (var (key, value) in node.AsObject())
            filled[key] = value is JsonObject || (value is JsonArray inner && inner.Any(item => item is JsonObject)) ? Fill(value, path.Length == 0 ? key : $"{path}.{key}", defaults) : value?.DeepClone();
        if (defaults[path] is not JsonObject own)
            return filled;
        foreach (var (key, value) in own.Where(entry => !filled.ContainsKey(entry.Key)).ToList())
        {
            filled[key] = value?.DeepClone();
            // Ignored changes are taken over from the state, and are no default there.
            if (key != "swapPlacementPolicy")
                applied.Add(key);
        }

        filled["__defaults"] = Json.Array(applied.Order(StringComparer.Ordinal));
        return Json.Sorted(filled)!;
    }

    private static void Merge(JsonObject into, JsonObject from)
    {
        foreach (var (key, value) in from)
        {
            if (key == "__defaults")
                continue;
            if (value is JsonObject map && into[key] is JsonObject known)
                Merge(known, map);
            else if (value is JsonArray items && into[key] is JsonArray { Count: > 0 } shown && shown[0] is JsonObject first && items.All(item => item is JsonObject))
                into[key] = new JsonArray([.. items.Select(item => Merged(first, item!.AsObject()))]);
            else
                into[key] = value?.DeepClone();
        }
    }

    private static JsonObject Merged(JsonObject shape, JsonObject from)
    {
        var merged = Json.Copy(shape);
        Merge(merged, from);
        return merged;
    }
}
