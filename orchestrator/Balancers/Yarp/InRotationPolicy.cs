using Refresh.Workflows.Facts;
using Yarp.ReverseProxy.Configuration;
using Yarp.ReverseProxy.Health;
using Yarp.ReverseProxy.Model;

namespace Refresh.Orchestrator.Balancers.Yarp;

/// <summary>Only members that are in rotation and whose probe has passed get work; where there is none, requests are answered 503 and not sent to a member that is out.</summary>
/// <param name="rotations">Who is out.</param>
internal sealed class InRotationPolicy(RotationStore rotations) : IAvailableDestinationsPolicy
{
    /// <summary>The name that the cluster's configuration uses.</summary>
    public const string PolicyName = "Refresh";

    /// <inheritdoc />
    public string Name => PolicyName;

    /// <inheritdoc />
    public IReadOnlyList<DestinationState> GetAvailalableDestinations(ClusterConfig config, IReadOnlyList<DestinationState> allDestinations) =>
    [
        .. allDestinations.Where(destination =>
            destination.Health.Active == DestinationHealth.Healthy && rotations[destination.DestinationId] == Rotation.In),
    ];
}
