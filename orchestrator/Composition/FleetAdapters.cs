using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;
using Refresh.Orchestrator.Balancers.HAProxy;
using Refresh.Orchestrator.Balancers.Yarp;
using Refresh.Orchestrator.Engine;
using Refresh.Orchestrator.Images;
using Refresh.Orchestrator.Probes;
using Refresh.Orchestrator.Provisioners.Lab;
using Refresh.Orchestrator.Provisioners.Pulumi;
using Refresh.Orchestrator.Provisioners.Pulumi.Cli;
using Refresh.Orchestrator.Settings;
using Refresh.Orchestrator.Windows;
using Refresh.Workflows.Ports;

namespace Refresh.Orchestrator.Composition;

/// <summary>The adapters of one fleet, made from its fleet file.</summary>
public sealed class FleetAdapters : IAsyncDisposable
{
    private static readonly ProcessBounds s_pulumi = new(Seam.Current.Clock);
    private readonly List<object> _owned;

    private FleetAdapters(RunPorts ports, IReadOnlyList<string> unknown, List<object> owned)
    {
        Ports = ports;
        Unknown = unknown;
        _owned = owned;
    }

    /// <summary>The ports that they stand behind.</summary>
    public RunPorts Ports { get; }

    /// <summary>What cannot be known through them, in sentences; none when they are those of a run.</summary>
    public IReadOnlyList<string> Unknown { get; }

    /// <summary>Makes the adapters of a run; an embedded balancer begins to listen.</summary>
    /// <param name="definition">The fleet file.</param>
    /// <param name="journal">The journal.</param>
    /// <param name="records">The folder, beside the journal, for what adapters keep with the runs.</param>
    /// <param name="clock">The only clock.</param>
    /// <param name="loggers">For what the adapters have to say beside their answers.</param>
    /// <param name="cancellation">Ends the start.</param>
    /// <returns>The adapters.</returns>
    /// <exception cref="AdapterException">An embedded balancer cannot listen.</exception>
    public static Task<FleetAdapters> OpenAsync(FleetDefinition definition, IRunJournal journal, string records, TimeProvider clock, ILoggerFactory loggers, CancellationToken cancellation) =>
        MakeAsync(definition, journal, records, clock, async owned => (await BalancerAsync(definition, owned, clock, loggers, cancellation), []));

    /// <summary>Makes adapters for those who only look: an embedded balancer is seen from outside, and nothing begins to listen.</summary>
    /// <param name="definition">The fleet file.</param>
    /// <param name="journal">The journal.</param>
    /// <param name="records">The folder, beside the journal, for what adapters keep with the runs.</param>
    /// <param name="clock">The only clock.</param>
    /// <param name="cancellation">Ends the look.</param>
    /// <returns>The adapters; commands to an embedded balancer are errors.</returns>
    public static Task<FleetAdapters> ObserveAsync(FleetDefinition definition, IRunJournal journal, string records, TimeProvider clock, CancellationToken cancellation) =>
        MakeAsync(definition, journal, records, clock, async owned =>
        {
            if (definition.Balancer is not YarpSettings yarp)
                return (await BalancerAsync(definition, owned, clock, NullLoggerFactory.Instance, cancellation), []);
            var observer = new YarpObserver(yarp, clock);
            owned.Add(observer);
            return (observer, await observer.UnknownAsync(cancellation));
        });

    private static async Task<FleetAdapters> MakeAsync(FleetDefinition definition, IRunJournal journal, string records, TimeProvider clock, Func<List<object>, Task<(ILoadBalancer Balancer, IReadOnlyList<string> Unknown)>> balance)
    {
        ArgumentNullException.ThrowIfNull(definition);
        var owned = new List<object>();
        try
        {
            var (balancer, unknown) = await balance(owned);
            var provisioner = Provisioner(definition, owned, records, clock);
            var ports = new RunPorts(
                balancer,
                provisioner,
                new HealthProbes(definition.Probes, clock),
                GuestQuestion.Of(definition.Identity, provisioner, clock),
                new DirectoryImageCatalog(definition.Images),
                journal,
                clock)
            {
                Calendar = PatchCalendar.Of(definition) ?? (IPatchCalendar)new AnyTime(),
            };
            return new FleetAdapters(Seam.Current.Ports(ports), unknown, owned);
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

    private static IProvisioner Provisioner(FleetDefinition definition, List<object> owned, string records, TimeProvider clock)
    {
        switch (definition.Provisioner)
        {
            case LabSettings lab:
                var provisioner = new LabProvisioner(lab, clock);
                owned.Add(provisioner);
                return provisioner;
            case PulumiSettings pulumi:
                var stacks = new PulumiProvisioner(pulumi, records, s_pulumi, clock);
                owned.Add(stacks);
                return stacks;
            default:
                throw new NotSupportedException($"There is no provisioner for {definition.Provisioner.GetType().Name}.");
        }
    }
}
