using Microsoft.Extensions.DependencyInjection;
using Refresh.Orchestrator.Settings;
using Refresh.Workflows.Fleets;
using Refresh.Workflows.Ports;
using Refresh.Workflows.Reasons;
using Yarp.ReverseProxy;
using Yarp.ReverseProxy.Configuration;
using Yarp.ReverseProxy.Health;
using Yarp.ReverseProxy.Model;

namespace Refresh.Orchestrator.Balancers.Yarp;

/// <summary>The one site that YARP serves: a cluster with a destination for each member.</summary>
internal sealed class YarpSite
{
    private const string Name = "site";

    private readonly IServiceProvider _services;
    private readonly YarpSettings _settings;
    private readonly Dictionary<MemberId, Endpoint> _addresses;

    /// <summary>Creates the site and configures YARP for it.</summary>
    /// <param name="services">YARP's services.</param>
    /// <param name="settings">How members are checked.</param>
    /// <param name="members">The members.</param>
    public YarpSite(IServiceProvider services, YarpSettings settings, IEnumerable<Member> members)
    {
        _services = services;
        _settings = settings;
        _addresses = members.ToDictionary(member => member.Id, member => member.Address);
        Configure();
    }

    /// <summary>Nothing listens yet, or no more.</summary>
    public static Reason NotStarted { get; } = new("balancer-not-started", "The embedded balancer is not running.", "start it with 'refresh serve' or 'refresh run'");

    /// <summary>Whether every member was probed at least once.</summary>
    public bool IsProbed => _addresses.Keys.All(member => Probes(member) != ProbeCount.None);

    private ClusterState Cluster =>
        _services.GetRequiredService<IProxyStateLookup>().TryGetCluster(Name, out var cluster) ? cluster : throw new AdapterException(NotStarted);

    /// <summary>The reason that a member is not of this site.</summary>
    /// <param name="member">The member.</param>
    public static Reason Unknown(Member member) => new(
        "balancer-server-unknown",
        $"The embedded balancer does not know {member.Id}.",
        "start it with the fleet file that names this member");

    /// <summary>Whether a member is of this site.</summary>
    /// <param name="member">The member.</param>
    public bool Knows(Member member) => _addresses.ContainsKey(member.Id);

    /// <summary>YARP's state of a member.</summary>
    /// <param name="member">The member.</param>
    /// <exception cref="AdapterException">YARP is not running, or does not know it.</exception>
    public DestinationState Find(Member member) =>
        Cluster.Destinations.TryGetValue(member.Id.ToString(), out var destination) ? destination : throw new AdapterException(Unknown(member));

    /// <summary>Whether new requests may go to a destination now.</summary>
    /// <param name="destination">The destination.</param>
    public bool GivesWork(DestinationState destination) => Cluster.DestinationsState.AvailableDestinations.Contains(destination);

    /// <summary>Applies what the policy of rotation says now.</summary>
    public void Refresh() => _services.GetRequiredService<IClusterDestinationsUpdater>().UpdateAvailableDestinations(Cluster);

    /// <summary>The probes of a member.</summary>
    /// <param name="member">The member.</param>
    public ProbeCount Probes(MemberId member) => _services.GetRequiredService<RefreshProbePolicy>()[member.ToString()];

    /// <summary>Takes all credit from a member: only probes that pass from now on bring it up.</summary>
    /// <param name="member">The member.</param>
    public void ForgetProbes(Member member) => _services.GetRequiredService<RefreshProbePolicy>().Forget(Cluster, Find(member));

    /// <summary>Cuts all requests to a member.</summary>
    /// <param name="member">The member.</param>
    public void Cut(Member member) => _services.GetRequiredService<OpenRequests>().Cut(member.Id.ToString());

    /// <summary>Drops the idle connections to a member.</summary>
    /// <param name="member">The member.</param>
    public void DropConnections(Member member) =>
        _services.GetRequiredService<MemberConnections>().Drop(new Uri(Find(member).Model.Config.Address).Authority);

    /// <summary>Sends a member's work to its address; YARP takes that up a moment later.</summary>
    /// <param name="member">The member.</param>
    public void Move(Member member)
    {
        lock (_addresses)
        {
            if (_addresses[member.Id] == member.Address)
                return;
            _addresses[member.Id] = member.Address;
            Configure();
        }
    }

    private void Configure() =>
        _services.GetRequiredService<InMemoryConfigProvider>().Update(
            [new RouteConfig { RouteId = Name, ClusterId = Name, Match = new RouteMatch { Path = "{**path}" } }],
            [
                new ClusterConfig
                {
                    ClusterId = Name,
                    Destinations = _addresses.ToDictionary(member => member.Key.ToString(), member => new DestinationConfig { Address = $"http://{member.Value}/" }),
                    HealthCheck = new HealthCheckConfig
                    {
                        AvailableDestinationsPolicy = InRotationPolicy.PolicyName,
                        Active = new ActiveHealthCheckConfig
                        {
                            Enabled = true,
                            Interval = _settings.HealthInterval,
                            Timeout = TimeSpan.FromSeconds(2),
                            Policy = RefreshProbePolicy.PolicyName,
                            Path = _settings.HealthPath,
                        },
                    },
                },
            ]);
}
