using Refresh.Workflows.Facts;
using Refresh.Workflows.Images;

namespace Refresh.Simulation.World;

/// <summary>The truth about one VM, and what has been asked of it.</summary>
internal sealed class SimulatedVm(int number, string member, ImageRef image, DateTimeOffset bootedAt, TimeSpan readyAt)
{
    /// <summary>0 for the one that was there before the run.</summary>
    public int Number { get; } = number;

    public VmIdentity Identity { get; } = new($"vm-{member}-{number}", $"h-{member}-{number}");

    public ImageRef Image { get; } = image;

    public string MachineId { get; init; } = $"machine-{member}-{number}";

    public DateTimeOffset BootedAt { get; } = bootedAt;

    /// <summary>When it has booted.</summary>
    public TimeSpan ReadyAt { get; } = readyAt;

    /// <summary>It is powered off.</summary>
    public bool Off { get; set; }

    /// <summary>It fails our probes.</summary>
    public bool Sick { get; set; }

    /// <summary>It fails the balancer's check.</summary>
    public bool Down { get; set; }

    /// <summary>Healthy probes in a row that a worker was told of, and the most there were.</summary>
    public int Passes { get; set; }

    public int MostPasses { get; set; }

    /// <summary>A worker has read from inside what it is.</summary>
    public bool GuestWasRead { get; set; }

    /// <summary>A worker has read which VM it is.</summary>
    public bool IdentityWasRead { get; set; }
}
