using NetArchTest.Rules;
using Refresh.Workflows.Fleets;
using Xunit;

namespace Refresh.Orchestrator.Tests;

/// <summary>Holds the direction of dependencies: host, engine and adapters point at workflows; adapters know neither the engine nor each other.</summary>
public sealed class ArchitectureTests
{
    private static readonly string[] Adapters =
    [
        "Refresh.Orchestrator.Balancers.HAProxy",
        "Refresh.Orchestrator.Balancers.Yarp",
        "Refresh.Orchestrator.Provisioners.Lab",
        "Refresh.Orchestrator.Provisioners.Pulumi",
        "Refresh.Orchestrator.Probes",
        "Refresh.Orchestrator.Images",
        "Refresh.Orchestrator.Journals",
        "Refresh.Orchestrator.Notifications",
        "Refresh.Orchestrator.Windows",
    ];

    public static TheoryData<string> AdapterNames => [.. Adapters];

    [Fact]
    public void Workflows_references_the_base_library_and_Stateless_only()
    {
        var references = typeof(Fleet).Assembly.GetReferencedAssemblies().Select(name => name.Name!);
        Assert.DoesNotContain(references, name => !name.StartsWith("System", StringComparison.Ordinal) && name != "Stateless");
    }

    [Fact]
    public void Workflows_reads_no_clock_no_file_and_no_socket()
    {
        var result = Types.InAssembly(typeof(Fleet).Assembly)
            .ShouldNot()
            .HaveDependencyOnAny("System.IO.File", "System.IO.Directory", "System.IO.FileStream", "System.Net", "System.Diagnostics.Process", "System.TimeProvider", "System.Random", "System.Threading.Tasks.Parallel")
            .GetResult();
        Assert.True(result.IsSuccessful, string.Join(", ", result.FailingTypeNames ?? []));
    }

    [Theory]
    [MemberData(nameof(AdapterNames))]
    public void An_adapter_knows_neither_the_engine_nor_another_adapter(string adapter)
    {
        var strangers = Adapters.Where(other => other != adapter)
            .Append("Refresh.Orchestrator.Engine")
            .Append("Refresh.Orchestrator.Commands")
            .Append("Refresh.Orchestrator.Serving")
            .ToArray();
        var types = Types.InAssembly(typeof(Settings.FleetDefinition).Assembly).That().ResideInNamespace(adapter);
        Assert.NotEmpty(types.GetTypes());
        var result = types.ShouldNot().HaveDependencyOnAny(strangers).GetResult();
        Assert.True(result.IsSuccessful, string.Join(", ", result.FailingTypeNames ?? []));
    }
}
