using Refresh.Workflows.Fleets;

namespace Refresh.Orchestrator.Settings;

/// <summary>The load balancer of a fleet.</summary>
public abstract record BalancerSettings;

/// <summary>How HAProxy takes a member out of rotation.</summary>
public enum HAProxyDrain
{
    /// <summary>By <c>set server state drain</c>.</summary>
    State,

    /// <summary>By <c>set server weight 0</c>.</summary>
    Weight,
}

/// <summary>HAProxy, driven over its Runtime API.</summary>
/// <param name="Sockets">The sockets of each HAProxy in front of the fleet, at least one. They must all agree.</param>
/// <param name="Servers">The backend and server name of each member.</param>
/// <param name="Drain">How a member is taken out of rotation.</param>
/// <param name="RejoinWeights">Shares in percent that a member climbs through when it rejoins, ending with 100; empty for its full share at once.</param>
/// <param name="RejoinInterval">Time between two of them.</param>
/// <param name="CommandTimeout">How long one command may take.</param>
public sealed record HAProxySettings(
    IReadOnlyList<HAProxySockets> Sockets,
    IReadOnlyDictionary<MemberId, HAProxyServer> Servers,
    HAProxyDrain Drain,
    IReadOnlyList<int> RejoinWeights,
    TimeSpan RejoinInterval,
    TimeSpan CommandTimeout) : BalancerSettings;

/// <summary>How one HAProxy is reached; each is written <c>unix:/path</c> or <c>tcp:host:port</c>.</summary>
/// <param name="Admin">Its admin socket.</param>
/// <param name="Master">Its master socket, through which the workers before a reload are seen; null where it has none.</param>
public sealed record HAProxySockets(string Admin, string? Master = null);

/// <summary>HAProxy's name of a member.</summary>
/// <param name="Backend">The backend.</param>
/// <param name="Server">The server in it.</param>
public sealed record HAProxyServer(string Backend, string Server)
{
    /// <inheritdoc />
    public override string ToString() => $"{Backend}/{Server}";
}

/// <summary>YARP, run inside this process. One cluster: all members of the fleet serve the same site.</summary>
/// <param name="Listen">Where it listens.</param>
/// <param name="HealthPath">The path that its active health check asks, for example <c>/health</c>.</param>
/// <param name="HealthInterval">Time between two of its checks.</param>
/// <param name="StateFile">Where it keeps which members are out of rotation, so that a restart does not let them in.</param>
public sealed record YarpSettings(Endpoint Listen, string HealthPath, TimeSpan HealthInterval, string StateFile) : BalancerSettings;
