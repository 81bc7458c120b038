using Refresh.Lab.Client;

namespace Refresh.Orchestrator.Demo;

/// <summary>Where the VMs of stacks are made.</summary>
/// <param name="Environment">What the provider finds in its environment.</param>
/// <param name="Image">The id of the image that the VMs begin with.</param>
/// <param name="Placement">Lines of the stacks' configuration that say where VMs go.</param>
internal sealed record StackCloud(IReadOnlyDictionary<string, string?> Environment, string Image, string Placement)
{
    /// <summary>The inventory of a vCenter simulator, and of the stand-in, which has whatever is asked for.</summary>
    public const string Simulated = """
          vsphere-pair:datacenter: DC0
          vsphere-pair:cluster: DC0_C0
          vsphere-pair:resourcePool: DC0_C0/Resources
          vsphere-pair:folder: ""
          vsphere-pair:network: VM Network
          vsphere-pair:storage: { datastoreId: datastore-39, disks: [{ label: disk0, size: 10, thinProvisioned: true }] }
          vsphere-pair:tags: []
          vsphere-pair:dnsServers: []
          vsphere-pair:guestId: otherGuest
          vsphere-pair:cpus: 1
          vsphere-pair:memoryMb: 32
          vsphere-pair:guestNetTimeout: 0
          vsphere-pair:guestNetRoutable: false
        """;

    /// <summary>A lab as the stand-in's cloud, without the VMs that it began with: stacks make their own.</summary>
    /// <param name="lab">The lab.</param>
    /// <param name="cancellation">Ends the wait for their end.</param>
    public static async Task<StackCloud> ClearedAsync(LabFacts lab, CancellationToken cancellation)
    {
        using var client = new LabClient(lab.Api);
        foreach (var vm in lab.Vms)
            await client.WaitAsync(await client.DeleteAsync(vm.Name, cancellation), null, cancellation);
        var environment = new Dictionary<string, string?> { ["VSPHERE_SERVER"] = lab.Api.Authority, ["VSPHERE_USER"] = "lab", ["VSPHERE_PASSWORD"] = "lab" };
        return new(environment, Path.Combine(lab.Images, DemoFleet.Old.Replace('@', '-')), Simulated);
    }
}
