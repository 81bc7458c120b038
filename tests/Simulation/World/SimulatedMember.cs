using Refresh.Workflows.Facts;
using Refresh.Workflows.Fleets;
using Refresh.Workflows.Images;

namespace Refresh.Simulation.World;

/// <summary>The truth about one member, which Refresh only hears of.</summary>
internal sealed class SimulatedMember(Member member, ImageRef original)
{
    public Member Member { get; } = member;

    public MemberId Id => Member.Id;

    /// <summary>Where the balancer sends its work.</summary>
    public Endpoint Address { get; set; } = member.Address;

    /// <summary>What it ran before the run.</summary>
    public ImageRef Original { get; } = original;

    public SimulatedMember Peer { get; set; } = null!;

    public SimulatedVm? Vm { get; set; }

    public int Made { get; set; }

    /// <summary>The rebuild that the provisioner is at.</summary>
    public RebuildOperation? Operation { get; set; }

    public Rotation Rotation { get; set; } = Rotation.In;

    /// <summary>It was powered off before the run.</summary>
    public bool Dormant { get; init; }

    /// <summary>It left rotation by our doing and is not back.</summary>
    public bool OutByUs { get; set; }

    /// <summary>When the balancer told last that it is out.</summary>
    public TimeSpan? ToldOutAt { get; set; }

    /// <summary>When we took it out last, and the VM that it had then.</summary>
    public TimeSpan LeftAt { get; set; }

    public SimulatedVm? LeftWith { get; set; }

    /// <summary>It served, for whoever looked, when we took it out last.</summary>
    public bool ServedWhenLeft { get; set; }

    /// <summary>When we put it in last.</summary>
    public TimeSpan? BackAt { get; set; }

    /// <summary>When we asked last that it be put in.</summary>
    public TimeSpan RejoinAskedAt { get; set; } = TimeSpan.MinValue;

    /// <summary>When it has its full share.</summary>
    public TimeSpan FullShareAt { get; set; }

    /// <summary>When its last session ends, once it drains.</summary>
    public TimeSpan EmptyAt { get; set; }

    /// <summary>What the balancer's check is made to say, or null for the truth.</summary>
    public bool? BalancerSays { get; set; }

    /// <summary>What our probes are made to say, or null for the truth.</summary>
    public bool? ProbeSays { get; set; }

    /// <summary>When it was last seen to serve by whoever looked.</summary>
    public TimeSpan LastServed { get; set; } = TimeSpan.MinValue;

    /// <summary>Since when it does not serve for whoever looks; null while it does.</summary>
    public TimeSpan? BadSince { get; set; }

    /// <summary>Its VM serves nobody any more.</summary>
    public void Kill()
    {
        if (Vm is { } vm)
            (vm.Sick, vm.Down) = (true, true);
    }

    public bool Lives(TimeSpan now) => Vm is { Off: false } vm && now >= vm.ReadyAt;

    public bool Up(TimeSpan now) => BalancerSays ?? (Lives(now) && !Vm!.Down);

    public bool Healthy(TimeSpan now) => ProbeSays ?? (Lives(now) && !Vm!.Sick);

    /// <summary>It serves, for whoever looks.</summary>
    public bool Serves(TimeSpan now) => Rotation == Rotation.In && now >= FullShareAt && Up(now) && Healthy(now);

    public int Sessions(TimeSpan now) => Rotation == Rotation.In ? 3 : now >= EmptyAt ? 0 : (int)Math.Min(9, 1 + (EmptyAt - now).TotalSeconds);
}
