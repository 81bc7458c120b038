using Microsoft.Extensions.Logging;
using Refresh.Orchestrator.Balancers.HAProxy;
using Refresh.Orchestrator.Balancers.Yarp;
using Refresh.Orchestrator.Engine;
using Refresh.Orchestrator.Images;
using Refresh.Orchestrator.Probes;
using Refresh.Orchestrator.Provisioners.Lab;
using Refresh.Orchestrator.Settings;
using Refresh.Workflows.Ports;

namespace Refresh.Orchestrator.Composition;

/// <summary>The adapters of one fleet, made from its fleet file.</summary>
public sealed class FleetAdapters : IAsyncDisposable
{
    private readonly List<object> _owned;

    private FleetAdapters(RunPorts ports, List<object> owned)
    {
        Ports = ports;
        _owned = owned;
    }

    /// <summary>The ports that they stand behind.</summary>
    public RunPorts Ports { get; }

    /// <summary>Makes the adapters; an embedded balancer begins to listen.</summary>
    /// <param name="definition">The fleet file.</param>
    /// <param name="journal">The journal.</param>
    /// <param name="clock">The only clock.</param>
    /// <param name="loggers">For what the adapters have to say beside their answers.</param>
    /// <param name="cancellation">Ends the start.</param>
    /// <returns>The adapters.</returns>
    /// <exception cref="AdapterException">An embedded balancer cannot listen.</exception>
    public static async Task<FleetAdapters> OpenAsync(FleetDefinition definition, IRunJournal journal, TimeProvider clock, ILoggerFactory loggers, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(definition);
        var owned = new List<object>();
        try
        {
            var ports = new RunPorts(
                await BalancerAsync(definition, owned, clock, loggers, cancellation),
                Provisioner(definition, owned, clock),
                new HealthProbes(definition.Probes, clock),
                new HttpGuestIdentity(definition.Identity, clock),
                new DirectoryImageCatalog(definition.Images),
                journal,
                clock);
            return new FleetAdapters(ports, owned);
        }
        catch
        {
            await CloseAsync(owned);
            throw;
        }
    }

    /// <inheritdoc />
    public ValueTask DisposeAsync() => CloseAsync(_owned);

    private static async ValueTask CloseAsync(List<object> owned)
    {
        foreach (var adapter in owned)
        {
            if (adapter is IAsyncDisposable asynchronous)
                await asynchronous.DisposeAsync();
            else if (adapter is IDisposable disposable)
                disposable.Dispose();
        }
    }

    private static async Task<ILoadBalancer> BalancerAsync(FleetDefinition definition, List<object> owned, TimeProvider clock, ILoggerFactory loggers, CancellationToken cancellation)
    {
        switch (definition.Balancer)
        {
            case HAProxySettings haproxy:
                return new HAProxyBalancer(haproxy, clock);
            case YarpSettings yarp:
                var embedded = new YarpBalancer(yarp, definition.Fleet.Members(), clock, loggers);
                owned.Add(embedded);
                await embedded.StartAsync(cancellation);
                return embedded;
            default:
                throw new NotSupportedException($"There is no load balancer for {definition.Balancer.GetType().Name}.");
        }
    }

    private static IProvisioner Provisioner(FleetDefinition definition, List<object> owned, TimeProvider clock)
    {
        switch (definition.Provisioner)
        {
            case LabSettings lab:
                var provisioner = new LabProvisioner(lab, clock);
                owned.Add(provisioner);
                return provisioner;
            default:
                throw new NotSupportedException($"There is no provisioner for {definition.Provisioner.GetType().Name}.");
        }
    }
}
