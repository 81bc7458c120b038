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
}
