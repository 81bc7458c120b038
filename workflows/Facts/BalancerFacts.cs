using Refresh.Workflows.Fleets;

namespace Refresh.Workflows.Facts;

/// <summary>Whether the load balancer sends a member new work.</summary>
public enum Rotation
{
    /// <summary>It does.</summary>
    In,

    /// <summary>No new work; what was begun is being finished.</summary>
    Draining,

    /// <summary>None at all: held out.</summary>
    Out,

    /// <summary>Its balancers do not agree, or say something that is none of these.</summary>
    Unclear,
}

/// <summary>How the load balancer's own check sees a member.</summary>
public enum BalancerHealth
{
    /// <summary>Up, and nothing speaks against it: every check of late has passed.</summary>
    Up,

    /// <summary>Between up and down: some checks have failed, or not enough have passed yet.</summary>
    Changing,

    /// <summary>Down.</summary>
    Down,

    /// <summary>Not checked, or not known while it is held out.</summary>
    Unchecked,
}

/// <summary>What the load balancer says of one member, over all nodes of the balancer: the worst of them.</summary>
/// <param name="Rotation">Whether it gets new work.</param>
/// <param name="Health">How the balancer's check sees it.</param>
/// <param name="Sessions">Requests or connections it is working on, or that wait for it, over all nodes.</param>
/// <param name="FullShare">It gets its full weight: no slow start, no lowered weight.</param>
/// <param name="Address">Where the balancer sends its work.</param>
/// <param name="Detail">The balancer's own words, kept as evidence.</param>
/// <param name="At">When it was read.</param>
public sealed record BalancerFacts(
    Rotation Rotation,
    BalancerHealth Health,
    int Sessions,
    bool FullShare,
    Endpoint Address,
    string Detail,
    DateTimeOffset At)
{
    /// <summary>It gets its full share of new work, and the balancer sees nothing against it.</summary>
    public bool Serves => Rotation == Rotation.In && Health == BalancerHealth.Up && FullShare;
}
