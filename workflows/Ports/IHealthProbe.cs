using Refresh.Workflows.Facts;
using Refresh.Workflows.Fleets;

namespace Refresh.Workflows.Ports;

/// <summary>One health probe. It asks once; who calls it decides how often, and how many must pass in a row.</summary>
public interface IHealthProbe
{
    /// <summary>Asks a member, at its own address and not through the balancer, whether it is healthy.</summary>
    /// <param name="member">The member.</param>
    /// <param name="cancellation">Ends the call; each probe also has a timeout of its own, which is an unhealthy verdict.</param>
    /// <returns>The verdict with its reason. A member that does not answer is unhealthy, not an error.</returns>
    Task<ProbeFacts> ProbeAsync(Member member, CancellationToken cancellation);
}

/// <summary>Reads from inside a guest what it is.</summary>
public interface IGuestIdentity
{
    /// <summary>Asks a member's guest for its image, machine id, boot time and patches.</summary>
    /// <param name="member">The member.</param>
    /// <param name="cancellation">Ends the call.</param>
    /// <returns>What the guest says.</returns>
    /// <exception cref="AdapterException">The guest does not answer, or its answer cannot be read.</exception>
    Task<GuestFacts> ReadAsync(Member member, CancellationToken cancellation);
}
