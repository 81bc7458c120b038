using Refresh.Orchestrator.Settings;
using Refresh.Workflows.Fleets;
using Refresh.Workflows.Ports;
using Refresh.Workflows.Reasons;

namespace Refresh.Orchestrator.Balancers.HAProxy;

/// <summary>Looks whether one node can do its part for a fleet.</summary>
/// <param name="node">The node.</param>
/// <param name="settings">The names of the members.</param>
internal sealed class HAProxyCheck(HAProxyNode node, HAProxySettings settings)
{
    /// <summary>Looks; changes nothing.</summary>
    /// <param name="members">The members.</param>
    /// <param name="cancellation">Ends the look.</param>
    /// <returns>All that is wrong.</returns>
    public async Task<IReadOnlyList<Reason>> RunAsync(IReadOnlyList<Member> members, CancellationToken cancellation)
    {
        try
        {
            var denied = await node.PermissionAsync(cancellation);
            var known = await node.ReadAllAsync(null, cancellation);
            return [.. denied is null ? [] : new[] { denied }, .. Shared(members), .. members.SelectMany(member => Look(member, known))];
        }
        catch (AdapterException e)
        {
            return [e.Reason];
        }
    }

    /// <summary>The reason that the fleet file names no server for a member.</summary>
    /// <param name="member">The member.</param>
    public static Reason Unnamed(Member member) => new(
        "balancer-server-unnamed",
        $"The fleet file names no server of HAProxy for {member.Id}.",
        "name its backend and server in the fleet file");

    private IEnumerable<Reason> Look(Member member, IReadOnlyList<ServerReading> known)
    {
        if (!settings.Servers.TryGetValue(member.Id, out var server))
        {
            yield return Unnamed(member);
            yield break;
        }

        if (known.FirstOrDefault(reading => reading.Server == server) is not { } found)
        {
            var near = NearNames.Of(server.ToString(), known.Select(reading => reading.Server.ToString()));
            yield return new Reason(
                "balancer-server-unknown",
                $"HAProxy at {node.Name} does not know {server}, which the fleet file names for {member.Id}.",
                near.Count > 0 ? $"did you mean {string.Join(", ", near)}?" : "add the server to HAProxy, or correct the fleet file");
            yield break;
        }

        if (!found.IsAt(member.Address))
        {
            yield return new Reason(
                ILoadBalancer.AddressDiffers,
                $"HAProxy at {node.Name} sends the work of {server} to {found.Address}; the fleet file says that {member.Id} is at {member.Address}.",
                "correct the name of the server or the address, so that no other machine is drained in its place");
        }

        if (found is { Status: "no check" } or { IsChecked: false, Admin: AdminState.Drain })
        {
            yield return new Reason(
                "balancer-no-check",
                $"HAProxy at {node.Name} does not check {server} ({member.Id}): it would send work to a dead member, and no pair rule can trust it.",
                "add 'check' to the server line, and 'option httpchk' to the backend");
        }

        if (settings.RejoinWeights.Any(percent => found.FullWeight * percent / 100 == 0))
        {
            yield return new Reason(
                "balancer-weight-too-small",
                $"{server} has the weight {found.FullWeight} at {node.Name}: the smallest of the rejoin weights is nothing of it.",
                "give the servers 'weight 100', or leave the rejoin weights out");
        }
    }

    private IEnumerable<Reason> Shared(IReadOnlyList<Member> members) =>
        members.Where(member => settings.Servers.ContainsKey(member.Id))
            .GroupBy(member => settings.Servers[member.Id])
            .Where(group => group.Count() > 1)
            .Select(group => new Reason(
                "balancer-server-shared",
                $"The fleet file names {group.Key} for {string.Join(" and ", group.Select(member => member.Id))}.",
                "give each member a server of its own"));
}
