using Refresh.Workflows.Facts;
using Refresh.Workflows.Fleets;
using Refresh.Workflows.Reasons;

namespace Refresh.Workflows.Ports;

/// <summary>
/// The load balancer in front of a fleet. Each command may be given again without harm, and is read back before it
/// returns: what it returns was observed. An unknown member is an error. Where a balancer has several nodes they must
/// all agree. Deadlines come as cancellation; a cancelled command leaves the member in a state that
/// <see cref="ObserveAsync"/> tells.
/// </summary>
public interface ILoadBalancer
{
    /// <summary>The code of a reason: the balancer sends a member's work to another address than the fleet file says.</summary>
    const string AddressDiffers = "balancer-address-differs";

    /// <summary>Looks whether the balancer can do its part for these members: reachable, permitted, every name known on every node. Changes nothing.</summary>
    /// <param name="members">The members of a fleet.</param>
    /// <param name="cancellation">Ends the look.</param>
    /// <returns>All that is wrong; empty when nothing is.</returns>
    Task<IReadOnlyList<Reason>> CheckAsync(IReadOnlyList<Member> members, CancellationToken cancellation);

    /// <summary>Reads a member's rotation, health and open sessions.</summary>
    /// <param name="member">The member.</param>
    /// <param name="cancellation">Ends the call.</param>
    /// <returns>What the balancer says, the worst over its nodes.</returns>
    /// <exception cref="AdapterException">The balancer cannot be read, or does not know the member.</exception>
    Task<BalancerFacts> ObserveAsync(Member member, CancellationToken cancellation);

    /// <summary>Stops new work to a member; what it has begun goes on.</summary>
    /// <param name="member">The member.</param>
    /// <param name="cancellation">Ends the call.</param>
    /// <returns>What was read back: <see cref="Rotation.Draining"/> or <see cref="Rotation.Out"/>.</returns>
    /// <exception cref="AdapterException">The balancer refused, or reads back something else.</exception>
    Task<BalancerFacts> DrainAsync(Member member, CancellationToken cancellation);

    /// <summary>Holds a drained member out altogether and drops the balancer's idle connections to it, so that none of them outlives the VM.</summary>
    /// <param name="member">The member, drained.</param>
    /// <param name="cut">Whether sessions that are still open are cut.</param>
    /// <param name="cancellation">Ends the call.</param>
    /// <returns>What was read back: <see cref="Rotation.Out"/>.</returns>
    /// <exception cref="AdapterException">The balancer refused, or reads back something else.</exception>
    Task<BalancerFacts> HoldAsync(Member member, bool cut, CancellationToken cancellation);

    /// <summary>Puts a member back: waits until the balancer's own check sees it up, lets it in, and waits until it gets its full share.</summary>
    /// <param name="member">The member; the balancer's address for it is set to the member's own if it differs.</param>
    /// <param name="fence">Awaited immediately before a command, at the beginning and after each wait (promise 6). What it throws ends the rejoin.</param>
    /// <param name="cancellation">Ends the wait.</param>
    /// <returns>What was read back: <see cref="BalancerFacts.Serves"/> holds.</returns>
    /// <exception cref="AdapterException">The balancer refused, or reads back something else.</exception>
    Task<BalancerFacts> RejoinAsync(Member member, Func<CancellationToken, Task> fence, CancellationToken cancellation);
}
