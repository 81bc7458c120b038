using System.Text.Json.Nodes;
using Xunit;

namespace Refresh.Orchestrator.Tests.Stacks;

/// <summary>Both programs do the same, and the provider's schema knows all that they name.</summary>
public sealed class StackSchemaTests
{
    public static TheoryData<string> Programs => StackPrograms.Names;

    [Fact]
    public void Both_declare_the_same_configuration() =>
        Assert.True(JsonNode.DeepEquals(YamlText.Parse(StackPrograms.Yaml)["config"], YamlText.Parse(StackPrograms.CSharpProject)["config"]));

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void Both_do_the_same(bool windows)
    {
        var stack = windows ? StackPrograms.Windows() : StackPrograms.Linux();
        Assert.Equal(Text(StackPrograms.Run("yaml", stack)), Text(StackPrograms.Run("csharp", stack)));
    }

    [Theory]
    [MemberData(nameof(Programs))]
    public void The_schema_knows_all_that_it_names(string program)
    {
        Assert.Empty(StackPrograms.Run(program).Problems());
        Assert.Empty(StackPrograms.Run(program, StackPrograms.Windows()).Problems());
    }

    [Theory]
    [InlineData("memory: ${memoryMb}", "memroy: ${memoryMb}", "memberA.memroy is not in the schema")]
    [InlineData("memory: ${memoryMb}", "memory: much", "memberA.memory is not of type integer")]
    [InlineData("      resourcePoolId: ${pool.id}\n", "", "memberA.resourcePoolId is required")]
    [InlineData("        templateUuid: ${memberAImage}\n", "", "memberA.clone.templateUuid is required")]
    [InlineData("dnsServerLists: ${dnsServers}", "dnsServerLists: ${gateway}", "memberA.clone.customize.dnsServerLists is not of type array")]
    [InlineData("vsphere:index:getNetwork", "vsphere:index:getPortGroup", "vsphere:index/getPortGroup:getPortGroup is not in the schema")]
    [InlineData("vsphere:index:ComputeClusterVmAntiAffinityRule", "vsphere:index:AntiAffinity", "vsphere:index/antiAffinity:AntiAffinity is not in the schema")]
    public void A_mistake_in_the_YAML_program_is_told(string right, string wrong, string problem)
    {
        Assert.Contains(right, StackPrograms.Yaml, StringComparison.Ordinal);
        var text = StackPrograms.Yaml.Replace(right, wrong, StringComparison.Ordinal);
        Assert.Contains(problem, YamlProgram.Run(text, StackPrograms.Linux(), new()).Problems());
    }

    [Theory]
    [InlineData("${memberA.moid}", "${memberA.moref}", "memberA has no output moref")]
    [InlineData("${memoryMb}", "${ram}", "ram is nothing that the program knows")]
    public void A_reference_to_nothing_is_told(string right, string wrong, string problem)
    {
        var text = StackPrograms.Yaml.Replace(right, wrong, StringComparison.Ordinal);
        Assert.Equal(problem, Assert.Throws<InvalidOperationException>(() => YamlProgram.Run(text, StackPrograms.Linux(), new())).Message);
    }

    [Theory]
    [InlineData("Member.cs", "Memory =", "Memroy =", "CS0117")]
    [InlineData("Member.cs", "Memory = settings.MemoryMb", "Memory = settings.GuestId", "CS0029")]
    [InlineData("Member.cs", "                ResourcePoolId = placement.ResourcePoolId,\n", "", "CS9035")]
    [InlineData("Member.cs", "vm.Moid", "vm.Moref", "CS1061")]
    [InlineData("Member.cs", "clone?.TemplateUuid", "clone.TemplateUuid", "CS8602")]
    [InlineData("Placement.cs", "GetNetworkInvokeArgs { Name = settings.Network,", "GetNetworkInvokeArgs {", "CS9035")]
    [InlineData("Pair.cs", "ComputeClusterVmAntiAffinityRuleArgs", "AntiAffinityArgs", "CS0246")]
    public void A_mistake_in_the_CSharp_program_does_not_compile(string file, string right, string wrong, string error) =>
        Assert.Contains(CSharpProgram.Mistakes(file, right, wrong), told => told.Contains(error, StringComparison.Ordinal));

    private static string Text(StackRun run) => Ordered(new JsonObject
    {
        ["resources"] = new JsonArray([.. run.Resources.Select(resource => new JsonObject
        {
            ["type"] = resource.Type,
            ["name"] = resource.Name,
            ["inputs"] = resource.Inputs.DeepClone(),
            ["options"] = resource.Options.DeepClone(),
        })]),
        ["functions"] = new JsonArray([.. run.Functions.Select(call => new JsonObject { ["function"] = call.Function, ["arguments"] = call.Arguments.DeepClone() })]),
        ["outputs"] = run.Outputs.DeepClone(),
    })!.ToJsonString(Indented);

    private static readonly System.Text.Json.JsonSerializerOptions Indented = new() { WriteIndented = true };

    private static JsonNode? Ordered(JsonNode? node) => node switch
    {
        JsonObject values => new JsonObject(values.OrderBy(pair => pair.Key, StringComparer.Ordinal).Select(pair => KeyValuePair.Create(pair.Key, Ordered(pair.Value)))),
        JsonArray items => new JsonArray([.. items.Select(Ordered)]),
        _ => node?.DeepClone(),
    };
}
