using Refresh.Workflows.Ports;

namespace Refresh.Orchestrator.Engine;

/// <summary>What a run acts and looks through.</summary>
/// <param name="Balancer">The load balancer.</param>
/// <param name="Provisioner">What replaces VMs.</param>
/// <param name="Probe">All health probes of the fleet, as one.</param>
/// <param name="Identity">Reads a guest from inside.</param>
/// <param name="Images">The golden images.</param>
/// <param name="Journal">The journal.</param>
/// <param name="Clock">The only clock.</param>
public sealed record RunPorts(
    ILoadBalancer Balancer,
    IProvisioner Provisioner,
    IHealthProbe Probe,
    IGuestIdentity Identity,
    IImageCatalog Images,
    IRunJournal Journal,
    TimeProvider Clock)
{
    /// <summary>When the fleet may be worked on; null when it has no patch windows.</summary>
    public IPatchCalendar? Calendar { get; init; }
}
