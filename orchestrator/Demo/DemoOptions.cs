using Refresh.Lab.Client;

namespace Refresh.Orchestrator.Demo;

/// <summary>What stands in front of the demo's fleet.</summary>
internal enum DemoBalancer
{
    /// <summary>HAProxy where it is installed, otherwise YARP.</summary>
    Auto,

    /// <summary>HAProxy.</summary>
    HAProxy,

    /// <summary>YARP, inside this process.</summary>
    Yarp,
}

/// <summary>What replaces the demo's VMs.</summary>
internal enum DemoProvisioner
{
    /// <summary>The lab itself.</summary>
    Lab,

    /// <summary>Pulumi, a stack for each pair.</summary>
    Pulumi,
}

/// <summary>What the demo is to be like.</summary>
/// <param name="Directory">Where the lab, the fleet file, the journal and the report go.</param>
/// <param name="Pairs">Pairs of VMs.</param>
/// <param name="Balancer">What stands in front.</param>
/// <param name="Fault">What goes wrong with the first member of the second pair, or of the only one; null for nothing.</param>
internal sealed record DemoOptions(string Directory, int Pairs, DemoBalancer Balancer, LabFaultKind? Fault)
{
    public static readonly string DefaultDirectory = Path.Combine(".refresh", "demo");

    public DemoProvisioner Provisioner { get; init; }

    /// <summary>How long one rebuild may take; Pulumi starts processes of its own for each.</summary>
    public TimeSpan Rebuild => TimeSpan.FromSeconds(Provisioner == DemoProvisioner.Pulumi ? 60 : 15);

    public TimeSpan CloneDelay { get; init; } = TimeSpan.FromMilliseconds(1500);

    public TimeSpan BootDelay { get; init; } = TimeSpan.FromMilliseconds(500);

    /// <summary>Guests that have just booted answer slowly; that is not what the run is compared with.</summary>
    public TimeSpan WarmUp { get; init; } = TimeSpan.FromSeconds(3);

    public TimeSpan Before { get; init; } = TimeSpan.FromSeconds(4);

    public TimeSpan After { get; init; } = TimeSpan.FromSeconds(1);

    /// <summary>When the lab and the load stop by themselves, should nobody stop them.</summary>
    public TimeSpan Lifetime { get; init; } = TimeSpan.FromMinutes(15);

    public int Rate { get; init; } = 150;
}
