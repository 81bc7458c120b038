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

    /// <summary>What has been heard of it, by the epoch of the worker.</summary>
    public Dictionary<long, Hearing> Heard { get; } = [];

    /// <summary>What the worker of an epoch has heard of it.</summary>
    public Hearing By(long epoch) => Heard.TryGetValue(epoch, out var hearing) ? hearing : Heard[epoch] = new Hearing();
}
