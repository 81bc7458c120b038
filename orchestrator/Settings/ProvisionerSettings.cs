using Refresh.Workflows.Fleets;

namespace Refresh.Orchestrator.Settings;

/// <summary>What replaces the VMs of a fleet.</summary>
public abstract record ProvisionerSettings;

/// <summary>The lab: a small cloud on this machine.</summary>
/// <param name="Url">The lab's HTTP interface.</param>
/// <param name="Vms">The lab's name of each member's VM.</param>
public sealed record LabSettings(Uri Url, IReadOnlyDictionary<MemberId, string> Vms) : ProvisionerSettings;
