using System.Collections.Concurrent;
using Yarp.ReverseProxy.Health;
using Yarp.ReverseProxy.Model;

namespace Refresh.Orchestrator.Balancers.Yarp;

/// <summary>Counts probes for each member, and tells YARP who is healthy.</summary>
/// <param name="health">Where YARP keeps it.</param>
internal sealed class RefreshProbePolicy(IDestinationHealthUpdater health) : IActiveHealthCheckPolicy
{
    /// <summary>The name that the cluster's configuration uses.</summary>
    public const string PolicyName = "Refresh";

    private readonly ConcurrentDictionary<string, ProbeCount> _counts = new(StringComparer.Ordinal);

    /// <inheritdoc />
    public string Name => PolicyName;

    /// <summary>The probes of a member.</summary>
    /// <param name="member">Its name.</param>
    public ProbeCount this[string member] => _counts.GetValueOrDefault(member, ProbeCount.None);

    /// <summary>Takes all credit from a member: only probes that pass from now on bring it up.</summary>
    /// <param name="cluster">The cluster.</param>
    /// <param name="destination">The member.</param>
    public void Forget(ClusterState cluster, DestinationState destination) =>
        Set(cluster, destination, _ => ProbeCount.Forgotten);

    /// <inheritdoc />
    public void ProbingCompleted(ClusterState cluster, IReadOnlyList<DestinationProbingResult> probingResults)
    {
        foreach (var result in probingResults)
            Set(cluster, result.Destination, count => count.Add(result.Response is { IsSuccessStatusCode: true }));
    }

    private void Set(ClusterState cluster, DestinationState destination, Func<ProbeCount, ProbeCount> change)
    {
        var count = _counts.AddOrUpdate(destination.DestinationId, _ => change(ProbeCount.None), (_, before) => change(before));
        health.SetActive(cluster, [new NewActiveDestinationHealth(destination, count.Up ? DestinationHealth.Healthy : DestinationHealth.Unhealthy)]);
    }
}
