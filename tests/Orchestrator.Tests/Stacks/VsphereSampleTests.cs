using Xunit;

namespace Refresh.Orchestrator.Tests.Stacks;

/// <summary>The fleet that <c>samples/vsphere</c> gives away.</summary>
public sealed class VsphereSampleTests
{
    [Fact]
    public void The_sample_has_the_YAML_program_as_it_is() =>
        Assert.Equal(StackPrograms.Yaml, StackPrograms.Read("samples/vsphere/stack/Pulumi.yaml"));

    [Theory]
    [InlineData("web-01")]
    [InlineData("web-02")]
    public void The_configuration_of_a_pair_suits_the_program(string pair)
    {
        var run = StackPrograms.Run("yaml", YamlText.Parse(StackPrograms.Read($"samples/vsphere/stack/Pulumi.{pair}.yaml")));
        Assert.Empty(run.Problems());
        Assert.Equal($"{pair}a", (string?)run.Resource("memberA").Inputs["name"]);
    }

    [Fact]
    public void Fleet_stacks_and_HAProxy_speak_of_the_same_members()
    {
        var haproxy = StackPrograms.Read("samples/vsphere/haproxy.cfg");
        foreach (var pair in YamlText.Parse(StackPrograms.Read("samples/vsphere/fleet.yaml"))["pairs"]!.AsArray())
        {
            var config = YamlText.Parse(StackPrograms.Read($"samples/vsphere/stack/Pulumi.{pair!["name"]}.yaml"))["config"]!;
            foreach (var member in pair["members"]!.AsArray())
            {
                var letter = ((string)member!["name"]!).ToUpperInvariant();
                Assert.Equal((string?)config[$"vsphere-pair:member{letter}Name"], (string?)member["vm"]);
                Assert.Equal($"{config[$"vsphere-pair:member{letter}Address"]}:8080", (string?)member["address"]);
                Assert.Contains($"\nbackend {member["backend"]}\n", haproxy, StringComparison.Ordinal);
                Assert.Contains($"    server {member["server"]} {member["address"]}\n", haproxy, StringComparison.Ordinal);
            }
        }
    }
}
