using Refresh.Lab;
using Refresh.Lab.Client;
using Refresh.Lab.Images;
using Refresh.Orchestrator.Settings;
using Refresh.Workflows.Facts;
using Refresh.Workflows.Fleets;
using Refresh.Workflows.Images;
using Refresh.Workflows.Ports;
using Refresh.Workflows.Reasons;

namespace Refresh.Orchestrator.Provisioners.Lab;

/// <summary>What the lab says, in the words of the core.</summary>
internal static class LabFindings
{
    public static VmFacts Facts(string name, LabVm? vm, DateTimeOffset at) => vm is null
        ? new(null, null, VmPower.Missing, $"the lab has no VM {name}", at)
        : new(vm.Id is { } id ? new(id, vm.Handle ?? id) : null, vm.Image, Power(vm.Power), $"{name}: {vm.Detail}", at);

    /// <summary>A VM as a machine of the inventory.</summary>
    public static MachineFacts Machine(LabVm vm, Uri lab) => new(vm.Name, vm.Id, vm.Host, vm.Image, Power(vm.Power), $"the lab at {lab}");

    public static Reason Of(LabException e) => new(e.Code, e.Text, e.Next);

    public static Reason? Check(Member member, LabSettings settings, IReadOnlyDictionary<string, LabVm> vms)
    {
        if (!settings.Vms.TryGetValue(member.Id, out var name))
            return Unnamed(member);
        if (!vms.TryGetValue(name, out var vm))
            return new("unknown-vm", $"{member.Id}: the lab has no VM {name}; it has {string.Join(", ", vms.Keys.Order())}.", "correct the VM's name in the fleet file, or create the VM");
        return member.Address == new Endpoint(vm.Host, vm.Port)
            ? null
            : new("address-differs", $"{member.Id}: the fleet file says {member.Address}, the lab {vm.Host}:{vm.Port}.", "correct the address in the fleet file");
    }

    public static Reason? Check(GoldenImage image, IReadOnlyList<LabImage> images)
    {
        var found = images.FirstOrDefault(one => one.Manifest.Label() == image.Ref.Label);
        if (found is null)
            return new("unknown-image", $"The lab has no image {image.Ref.Label}; it has {string.Join(", ", images.Select(one => one.Manifest.Label()))}.", "choose one of these, or add it to the lab's images");
        return found.Manifest.Digest == image.Ref.Digest
            ? null
            : new("digest-differs", $"The lab's {image.Ref.Label} has digest {found.Manifest.Digest}, not {image.Ref.Digest}.", "plan again with the image that the lab has");
    }

    public static Reason Unnamed(Member member) =>
        new("vm-unnamed", $"{member.Id} has no VM in the provisioner's settings.", "name its VM in the fleet file");

    public static AdapterException Busy(Member member, LabVm vm) =>
        new(new("vm-busy", $"{member.Id}: an operation on {vm.Name} goes on ({vm.Detail}).", "that operation has ended"));

    public static AdapterException Stale(Member member, RebuildPreview preview, LabVm? vm) =>
        new(new("preview-stale", $"{member.Id}: the preview was made for another VM or image (preview: {preview.Token}; the VM is {vm?.Id ?? "missing"} now). Nothing was changed.", "preview again"));

    public static AdapterException Failed(Member member, LabOperation operation) =>
        new(new("rebuild-failed", $"{member.Id}: {Told(operation)}.", "observe what it left, then rebuild again"));

    public static AdapterException NotRebuilt(Member member, GoldenImage image, VmFacts after) =>
        new(new("rebuild-not-observed", $"{member.Id}: the lab says that the clone of {image.Ref.Label} is done, but the VM is {after.Identity?.ToString() ?? "missing"} from {after.Image ?? "no image"}.", "look at the VM: refresh lab list"));

    public static AdapterException OtherVm(Member member, VmIdentity wanted, VmFacts now) =>
        new(new("other-vm", $"{member.Id}: VM {wanted} was to be powered off, and the lab has {now.Identity?.ToString() ?? "none"} there now. Nothing was done.", "look at the VM: refresh lab list"));

    public static AdapterException NotOff(Member member, LabOperation operation) =>
        new(new("power-off-failed", $"{member.Id}: {Told(operation)}.", "it is powered off: refresh lab power"));

    public static string Told(LabOperation operation) => operation.State == LabOperationState.Failed
        ? $"{operation.Kind} {operation.Id} failed while {operation.Phase}: {operation.Reason}"
        : $"{operation.Kind} {operation.Id} of {operation.Image ?? operation.Vm} is {operation.Phase}";

    private static VmPower Power(LabPower power) => power switch
    {
        LabPower.On => VmPower.On,
        LabPower.Off => VmPower.Off,
        LabPower.Changing => VmPower.Changing,
        _ => VmPower.Missing,
    };
}
