using Refresh.Orchestrator.Settings;
using Refresh.Workflows.Facts;
using Refresh.Workflows.Fleets;
using Refresh.Workflows.Ports;

namespace Refresh.Orchestrator.Probes;

/// <summary>All probes of a fleet, asked at once; a member is healthy when each of them says so.</summary>
public sealed class HealthProbes : IHealthProbe
{
    private readonly IReadOnlyList<IHealthProbe> probes;

    /// <summary>Makes the probes that a fleet file asks for.</summary>
    /// <param name="settings">The probes, at least one.</param>
    /// <param name="time">The clock of timeouts and verdicts.</param>
    /// <exception cref="AdapterException">A file that a probe needs cannot be read.</exception>
    public HealthProbes(IReadOnlyList<ProbeSettings> settings, TimeProvider time)
        : this([.. settings.Select(one => Create(one, time))])
    {
    }

    internal HealthProbes(IReadOnlyList<IHealthProbe> probes)
    {
        // Without this, a member that nobody asks would be healthy.
        if (probes.Count == 0)
            throw new ArgumentException("A fleet has at least one probe.", nameof(probes));
        this.probes = probes;
    }

    /// <inheritdoc />
    public async Task<ProbeFacts> ProbeAsync(Member member, CancellationToken cancellation)
    {
        var answers = await Task.WhenAll(probes.Select(probe => probe.ProbeAsync(member, cancellation)));
        var healthy = answers.All(answer => answer.Healthy);
        var telling = answers.Where(answer => answer.Healthy == healthy).Select(answer => answer.Detail);
        return new ProbeFacts(healthy, string.Join("; ", telling), answers.Max(answer => answer.At));
    }

    private static IHealthProbe Create(ProbeSettings settings, TimeProvider time) => settings switch
    {
        HttpProbeSettings http => new HttpProbe(http, time),
        TcpProbeSettings tcp => new TcpProbe(tcp, time),
        GrpcProbeSettings grpc => new GrpcProbe(grpc, time),
        CommandProbeSettings command => new CommandProbe(command, time),
        _ => throw new ArgumentException($"There is no probe for {settings.GetType().Name}.", nameof(settings)),
    };
}
