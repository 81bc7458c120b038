using Pulumi;
using Pulumi.VSphere;
using Pulumi.VSphere.Inputs;

namespace VspherePair;

/// <summary>The VM of one member: cloned from its image, with its own name and address.</summary>
internal static class Member
{
    /// <summary>Makes the VM.</summary>
    /// <param name="resource">Name of the resource; a part of the URN, never to be changed.</param>
    internal static VirtualMachine Make(string resource, MemberSettings member, Settings settings, Placement placement) =>
        new(
            resource,
            new VirtualMachineArgs
            {
                Name = member.Name,
                Folder = settings.Folder,
                ResourcePoolId = placement.ResourcePoolId,
                DatastoreId = Optional.Text(settings.Storage.DatastoreId),
                DatastoreClusterId = Optional.Text(settings.Storage.DatastoreClusterId),
                Disks = settings.Storage.Disks.Select(Disk).ToArray(),
                GuestId = settings.GuestId,
                Firmware = settings.Firmware,
                ScsiType = settings.ScsiType,
                NumCpus = settings.Cpus,
                Memory = settings.MemoryMb,
                Tags = settings.Tags,
                NetworkInterfaces = new[]
                {
                    new VirtualMachineNetworkInterfaceArgs { NetworkId = placement.NetworkId, OvfMapping = settings.OvfMapping },
                },
                WaitForGuestNetTimeout = settings.GuestNetTimeout,
                WaitForGuestNetRoutable = settings.GuestNetRoutable,
                ReplaceTrigger = member.ImageVersion,
                Clone = new VirtualMachineCloneArgs
                {
                    TemplateUuid = member.Image,
                    LinkedClone = settings.LinkedClone,
                    Timeout = settings.CloneTimeout,
                    Customize = Customization(member, settings),
                },
            },
            new CustomResourceOptions
            {
                DeleteBeforeReplace = true,
                // vCenter fills it in on its own; without this every plan would show a change.
                IgnoreChanges = { "swapPlacementPolicy" },
            });

    /// <summary>What Refresh reads of a member.</summary>
    internal static Dictionary<string, object?> Outputs(VirtualMachine vm, MemberSettings member, Settings settings) => new()
    {
        ["urn"] = vm.Urn,
        ["id"] = vm.Id,
        ["moid"] = vm.Moid,
        ["name"] = vm.Name,
        ["address"] = vm.DefaultIpAddress,
        ["image"] = vm.Clone.Apply(clone => clone?.TemplateUuid),
        ["importId"] = $"/{settings.Datacenter}/vm/{settings.Folder}/{member.Name}",
    };

    private static VirtualMachineDiskArgs Disk(DiskSettings disk) => new()
    {
        Label = disk.Label,
        Size = disk.Size,
        UnitNumber = Optional.Value(disk.UnitNumber),
        ThinProvisioned = Optional.Value(disk.ThinProvisioned),
        EagerlyScrub = Optional.Value(disk.EagerlyScrub),
    };

    private static VirtualMachineCloneCustomizeArgs Customization(MemberSettings member, Settings settings)
    {
        var customization = new VirtualMachineCloneCustomizeArgs
        {
            Timeout = settings.CustomizeTimeout,
            NetworkInterfaces = new[]
            {
                new VirtualMachineCloneCustomizeNetworkInterfaceArgs { Ipv4Address = member.Address, Ipv4Netmask = settings.PrefixLength },
            },
            Ipv4Gateway = settings.Gateway,
            DnsServerLists = settings.DnsServers,
        };
        if (member.Guest.LinuxOptions is { } linux)
            customization.LinuxOptions = linux.ToArgs();
        if (member.Guest.WindowsOptions is { } windows)
            customization.WindowsOptions = windows.ToArgs();
        return customization;
    }
}
