using Microsoft.Extensions.Logging.Abstractions;
using Refresh.Orchestrator.Balancers.Yarp;
using Refresh.Orchestrator.Settings;
using Refresh.Workflows.Fleets;
using Refresh.Workflows.Ports;
using Endpoint = Refresh.Workflows.Fleets.Endpoint;

namespace Refresh.Orchestrator.Tests.Balancers;

/// <summary>The compliance suite with YARP in this process.</summary>
public sealed class YarpComplianceTests : TrafficCompliance
{
    private readonly string _folder = Directory.CreateTempSubdirectory("yarp").FullName;
    private YarpBalancer? _balancer;

    protected override IReadOnlyList<Uri> Sites => [_balancer!.Url];

    protected override async Task<ILoadBalancer> StartAsync(IReadOnlyList<Member> members, CancellationToken cancellation)
    {
        _balancer = new YarpBalancer(
            new YarpSettings(new Endpoint("127.0.0.1", 0), "/health", TimeSpan.FromMilliseconds(100), Path.Combine(_folder, "out.json")),
            members,
            TimeProvider.System,
            NullLoggerFactory.Instance);
        await _balancer.StartAsync(cancellation);
        return _balancer;
    }

    protected override async Task StopAsync()
    {
        if (_balancer is not null)
            await _balancer.DisposeAsync();
        Directory.Delete(_folder, recursive: true);
    }
}
