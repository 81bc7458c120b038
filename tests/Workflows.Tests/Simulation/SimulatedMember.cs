using Refresh.Workflows.Facts;
using Refresh.Workflows.Fleets;
using Refresh.Workflows.Images;

namespace Refresh.Workflows.Tests.Simulation;

/// <summary>The truth about one member, which the core only hears of.</summary>
internal sealed class SimulatedMember(Member member, ImageRef image)
{
    public MemberId Id { get; } = member.Id;

    public Endpoint Address { get; } = member.Address;

    /// <summary>What it ran before the run.</summary>
    public ImageRef Original { get; } = image;

    public Rotation Rotation { get; set; } = Rotation.In;

    /// <summary>It left rotation by our doing and is not back.</summary>
    public bool OutByUs { get; set; }

    /// <summary>We hold it out, whoever drained it: nobody puts it back by hand.</summary>
    public bool Held { get; set; }

    /// <summary>Our own probes pass.</summary>
    public bool Healthy { get; set; } = true;

    /// <summary>The balancer's own check passes, which need not be the same.</summary>
    public bool Up { get; set; } = true;

    public VmIdentity? Identity { get; set; } = new($"vm-{member.Id}-0", $"h-{member.Id}-0");

    /// <summary>It was powered off before the run.</summary>
    public bool Dormant
    {
        get;
        init => (field, Power) = (value, value ? VmPower.Off : VmPower.On);
    }

    public VmPower Power { get; set; } = VmPower.On;

    /// <summary>We powered it off.</summary>
    public bool PoweredOff { get; set; }

    /// <summary>It is off again as it was found: nobody could ask it what it ran, so that no rollback takes it back.</summary>
    public bool IsLeftOff => Dormant && PoweredOff;

    public ImageRef Image { get; set; } = image;

    public string MachineId { get; set; } = $"machine-{member.Id}-0";

    public DateTimeOffset BootedAt { get; set; } = Scenario.Start.AddDays(-30);

    /// <summary>VMs made for it in this run.</summary>
    public int Made { get; set; }

    /// <summary>The provisioner is at work on it.</summary>
    public bool Provisioning { get; set; }

    /// <summary>The VM that was last seen, in truth, to be new, on the wanted image and healthy.</summary>
    public VmIdentity? Proved { get; set; }

    /// <summary>It served when we drained it last.</summary>
    public bool ServedWhenDrained { get; set; }

    /// <summary>A rebuild was begun since we drained it last.</summary>
    public bool RebuildBegun { get; set; }

    public bool Answers => Power == VmPower.On && Healthy && Up;

    public bool Serves => Rotation == Rotation.In && Answers;

    public VmFacts Vm(DateTimeOffset at) => new(Identity, Identity is null ? null : Image.Label, Power, "simulated", at);

    public BalancerFacts Balancer(DateTimeOffset at) => new(
        Rotation,
        Rotation == Rotation.Out ? BalancerHealth.Unchecked : Up && Power == VmPower.On ? BalancerHealth.Up : BalancerHealth.Down,
        0,
        Rotation == Rotation.In,
        Address,
        $"{Rotation}",
        at);

    public ProbeFacts Probe(DateTimeOffset at) => Healthy && Power == VmPower.On ? new(true, "200", at) : new(false, "no answer", at);

    public GuestFacts? Guest(DateTimeOffset at) => Power == VmPower.On ? new(Image, MachineId, BootedAt, [], at) : null;
}
