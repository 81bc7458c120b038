using Pulumi;
using Pulumi.VSphere;

namespace VspherePair;

/// <summary>Where the pair lives, as ids that vCenter gave.</summary>
/// <param name="ClusterId">The cluster of hosts.</param>
/// <param name="ResourcePoolId">The resource pool.</param>
/// <param name="NetworkId">The network.</param>
internal sealed record Placement(Output<string> ClusterId, Output<string> ResourcePoolId, Output<string> NetworkId)
{
    /// <summary>Asks vCenter for the ids.</summary>
    internal static Placement Find(Settings settings)
    {
        var datacenterId = GetDatacenter
            .Invoke(new GetDatacenterInvokeArgs { Name = settings.Datacenter })
            .Apply(datacenter => datacenter.Id);
        return new(
            GetComputeCluster
                .Invoke(new GetComputeClusterInvokeArgs { Name = settings.Cluster, DatacenterId = datacenterId })
                .Apply(cluster => cluster.Id),
            GetResourcePool
                .Invoke(new GetResourcePoolInvokeArgs { Name = settings.ResourcePool, DatacenterId = datacenterId })
                .Apply(pool => pool.Id),
            GetNetwork
                .Invoke(new GetNetworkInvokeArgs { Name = settings.Network, DatacenterId = datacenterId })
                .Apply(network => network.Id));
    }
}
