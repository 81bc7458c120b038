using System.Text.Json;
using Pulumi;

namespace VspherePair;

/// <summary>The configuration of a stack. Types and defaults of the keys stand in <c>Pulumi.yaml</c>.</summary>
/// <param name="config">The stack's configuration.</param>
internal sealed class Settings(Config config)
{
    private static readonly JsonSerializerOptions Json = new(JsonSerializerDefaults.Web);

    /// <summary>Member A, by the contract of Refresh.</summary>
    internal MemberSettings MemberA { get; } = new(
        config.Require("memberAName"),
        config.Require("memberAAddress"),
        config.Require("memberAImage"),
        config.Require("memberAImageVersion"),
        config.RequireObject<GuestSettings>("memberAGuest", Json));

    /// <summary>Member B, by the contract of Refresh.</summary>
    internal MemberSettings MemberB { get; } = new(
        config.Require("memberBName"),
        config.Require("memberBAddress"),
        config.Require("memberBImage"),
        config.Require("memberBImageVersion"),
        config.RequireObject<GuestSettings>("memberBGuest", Json));

    internal string Datacenter { get; } = config.Require("datacenter");

    internal string Cluster { get; } = config.Require("cluster");

    internal string ResourcePool { get; } = config.Require("resourcePool");

    /// <summary>Path below the datacenter's folder of VMs.</summary>
    internal string Folder { get; } = config.Require("folder");

    internal string Network { get; } = config.Require("network");

    internal StorageSettings Storage { get; } = config.RequireObject<StorageSettings>("storage", Json);

    /// <summary>Ids of tags.</summary>
    internal string[] Tags { get; } = config.RequireObject<string[]>("tags");

    internal int PrefixLength { get; } = config.RequireInt32("prefixLength");

    internal string Gateway { get; } = config.Require("gateway");

    internal string[] DnsServers { get; } = config.RequireObject<string[]>("dnsServers");

    internal string GuestId { get; } = config.Require("guestId");

    internal string Firmware { get; } = config.Require("firmware");

    internal string ScsiType { get; } = config.Require("scsiType");

    internal int Cpus { get; } = config.RequireInt32("cpus");

    internal int MemoryMb { get; } = config.RequireInt32("memoryMb");

    internal bool LinkedClone { get; } = config.RequireBoolean("linkedClone");

    internal string OvfMapping { get; } = config.Require("ovfMapping");

    /// <summary>In minutes.</summary>
    internal int CloneTimeout { get; } = config.RequireInt32("cloneTimeout");

    /// <summary>In minutes.</summary>
    internal int CustomizeTimeout { get; } = config.RequireInt32("customizeTimeout");

    /// <summary>In minutes.</summary>
    internal int GuestNetTimeout { get; } = config.RequireInt32("guestNetTimeout");

    internal bool GuestNetRoutable { get; } = config.RequireBoolean("guestNetRoutable");

    internal bool AntiAffinityMandatory { get; } = config.RequireBoolean("antiAffinityMandatory");
}

/// <summary>One member.</summary>
/// <param name="Name">Name of the VM.</param>
/// <param name="Address">Its address.</param>
/// <param name="Image">UUID of a template or a VM, or id of an item in a content library.</param>
/// <param name="ImageVersion">Replaces the VM when it changes, for an image that keeps its id.</param>
/// <param name="Guest">How the guest is customised.</param>
internal sealed record MemberSettings(string Name, string Address, string Image, string ImageVersion, GuestSettings Guest);

/// <summary>Where the VMs are stored.</summary>
/// <param name="DatastoreId">Managed object id of a datastore; this or the next.</param>
/// <param name="DatastoreClusterId">Managed object id of a datastore cluster.</param>
/// <param name="Disks">All disks of the image.</param>
internal sealed record StorageSettings(string? DatastoreId, string? DatastoreClusterId, DiskSettings[] Disks);

/// <summary>One disk.</summary>
/// <param name="Label">Its label, <c>disk0</c> for the first.</param>
/// <param name="Size">In GiB, at least the image's.</param>
/// <param name="UnitNumber">Its place on the SCSI bus; needed from the second disk on.</param>
/// <param name="ThinProvisioned">As in the image.</param>
/// <param name="EagerlyScrub">As in the image.</param>
internal sealed record DiskSettings(string Label, int Size, int? UnitNumber, bool? ThinProvisioned, bool? EagerlyScrub);
