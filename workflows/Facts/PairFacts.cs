using System.Text.Json.Serialization;
using Refresh.Workflows.Fleets;
using Refresh.Workflows.Reasons;

namespace Refresh.Workflows.Facts;

/// <summary>All that was observed of one member at one time. What could not be read is null, and its reason is kept.</summary>
/// <param name="Id">Whom it is about.</param>
/// <param name="Balancer">What the load balancer says.</param>
/// <param name="Probe">What our own probes say.</param>
/// <param name="Vm">What the provisioner says.</param>
/// <param name="Guest">What the guest says.</param>
/// <param name="Unread">Why any of these is missing.</param>
public sealed record MemberFacts(
    MemberId Id,
    BalancerFacts? Balancer,
    ProbeFacts? Probe,
    VmFacts? Vm,
    GuestFacts? Guest,
    IReadOnlyList<Reason> Unread)
{
    /// <summary>In rotation with its full share, up for the balancer and healthy for us.</summary>
    public bool Serves => Balancer is { Serves: true } && Probe is { Healthy: true };

    /// <summary>What its VM is doing; null if that was not read.</summary>
    [JsonIgnore]
    public VmPower? Power => Vm?.Power;
}

/// <summary>The facts that the pair rule decides from: both members, and who else claims them.</summary>
/// <param name="Member">The member that would leave rotation.</param>
/// <param name="Peer">The one that would carry the load.</param>
/// <param name="ClaimedBy">Another run that claims either of them, or null.</param>
public sealed record PairFacts(MemberFacts Member, MemberFacts Peer, string? ClaimedBy);
