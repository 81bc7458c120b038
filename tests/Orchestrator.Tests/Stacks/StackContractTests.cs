using System.Text.Json.Nodes;
using Xunit;

namespace Refresh.Orchestrator.Tests.Stacks;

/// <summary>Each program keeps the contract of <c>docs/stack-contract.md</c>.</summary>
public sealed class StackContractTests
{
    public static TheoryData<string> Programs => StackPrograms.Names;

    [Theory]
    [MemberData(nameof(Programs))]
    public void It_takes_the_keys_of_the_contract(string program)
    {
        var declared = YamlText.Parse(program == "yaml" ? StackPrograms.Yaml : StackPrograms.CSharpProject)["config"]!;
        Assert.Equal(8, ContractText.Configuration.Count);
        foreach (var (key, type, optional) in ContractText.Configuration)
        {
            Assert.Equal(type, (string?)declared[key]?["type"]);
            Assert.Equal(optional, declared[key]!["default"] is not null);
        }
    }

    [Theory]
    [MemberData(nameof(Programs))]
    public void It_reads_every_key_that_it_declares(string program)
    {
        var declared = YamlText.Parse(StackPrograms.Yaml)["config"]!.AsObject().Select(pair => pair.Key);
        Assert.Equal(declared.Order(), StackPrograms.Run(program).Keys.Order());
    }

    [Theory]
    [MemberData(nameof(Programs))]
    public void It_gives_the_outputs_of_the_contract(string program)
    {
        var run = StackPrograms.Run(program);
        Assert.Equal(["a", "b"], run.Outputs["members"]!.AsObject().Select(pair => pair.Key).Order());
        foreach (var letter in "ab")
        {
            var member = run.Outputs["members"]![letter.ToString()]!.AsObject();
            var resource = $"member{char.ToUpperInvariant(letter)}";
            Assert.Equal(ContractText.Outputs.Order(), member.Select(pair => pair.Key).Order());
            Assert.All(member, pair => Assert.False(string.IsNullOrEmpty((string?)pair.Value)));
            Assert.Equal($"urn:pulumi:web-01::vsphere-pair::vsphere:index/virtualMachine:VirtualMachine::{resource}", (string?)member["urn"]);
            Assert.Equal($"id of {resource}", (string?)member["id"]);
            Assert.Equal($"/DC1/vm/web/web-01{letter}", (string?)member["importId"]);
        }

        Assert.EndsWith("::antiAffinity", (string?)run.Outputs["antiAffinity"], StringComparison.Ordinal);
    }

    [Theory]
    [MemberData(nameof(Programs))]
    public void What_the_outputs_say_is_taken_from_the_resource(string program)
    {
        var cloud = new Cloud();
        cloud.Surprises["memberA"] = JsonNode.Parse("""
            {"clone": {"templateUuid": "what it was made from"}, "defaultIpAddress": "10.9.9.9", "name": "renamed", "moid": "vm-7"}
            """)!.AsObject();
        var member = StackPrograms.Run(program, cloud: cloud).Outputs["members"]!["a"]!;
        foreach (var (output, path) in ContractText.Properties.Where(pair => pair.Key != "power").Append(new("address", "defaultIpAddress")).Append(new("name", "name")))
            Assert.Equal((string?)path.Split('.').Aggregate((JsonNode)cloud.Surprises["memberA"], (node, part) => node[part]!), (string?)member[output]);
        Assert.Equal(["image", "moid", "power"], ContractText.Properties.Keys.Order());
    }

    [Theory]
    [MemberData(nameof(Programs))]
    public void The_old_VM_is_deleted_before_the_new_one_is_made(string program)
    {
        foreach (var resource in Vms(StackPrograms.Run(program)))
        {
            Assert.True((bool?)resource.Options["deleteBeforeReplace"]);
            Assert.Null(resource.Options["protect"]);
            Assert.Null(resource.Options["retainOnDelete"]);
        }
    }

    [Theory]
    [MemberData(nameof(Programs))]
    public void Another_image_of_a_member_changes_that_member_alone(string program)
    {
        foreach (var (key, path) in new[] { ("memberAImage", "clone"), ("memberAImageVersion", "replaceTrigger") })
        {
            var stack = StackPrograms.Linux();
            stack["config"]![$"vsphere-pair:{key}"] = "another";
            var (before, after) = (StackPrograms.Run(program), StackPrograms.Run(program, stack));
            Assert.False(JsonNode.DeepEquals(before.Resource("memberA").Inputs[path], after.Resource("memberA").Inputs[path]));
            foreach (var name in new[] { "memberB", "antiAffinity" })
                Assert.True(JsonNode.DeepEquals(before.Resource(name).Inputs, after.Resource(name).Inputs));
        }
    }

    [Theory]
    [MemberData(nameof(Programs))]
    public void Nothing_of_one_VM_goes_into_the_other(string program)
    {
        var before = StackPrograms.Run(program);
        foreach (var (member, peer) in new[] { ("memberA", "memberB"), ("memberB", "memberA") })
        {
            var cloud = new Cloud();
            cloud.Surprises[member] = new(VsphereSchema.Resources[before.Resource(member).Type]!["properties"]!.AsObject()
                .Where(pair => (string?)pair.Value!["type"] == "string").Select(pair => KeyValuePair.Create(pair.Key, (JsonNode?)JsonValue.Create("surprise"))))
            {
                ["id"] = "surprise",
            };
            Assert.True(JsonNode.DeepEquals(before.Resource(peer).Inputs, StackPrograms.Run(program, cloud: cloud).Resource(peer).Inputs));
        }
    }

    [Theory]
    [MemberData(nameof(Programs))]
    public void Name_and_address_are_fixed_by_the_customisation_of_the_guest(string program)
    {
        var inputs = StackPrograms.Run(program).Resource("memberB").Inputs;
        var customize = inputs["clone"]!["customize"]!;
        Assert.Equal("web-01b", (string?)inputs["name"]);
        Assert.Equal("web-01b", (string?)customize["linuxOptions"]!["hostName"]);
        Assert.Equal("10.20.0.22", (string?)customize["networkInterfaces"]![0]!["ipv4Address"]);
        Assert.Equal(24, (int?)customize["networkInterfaces"]![0]!["ipv4Netmask"]);
        Assert.Null(customize["windowsOptions"]);
    }

    [Theory]
    [MemberData(nameof(Programs))]
    public void The_rule_keeps_both_VMs_apart(string program)
    {
        var run = StackPrograms.Run(program);
        Assert.Equal(["id of memberA", "id of memberB"], run.Resource("antiAffinity").Inputs["virtualMachineIds"]!.AsArray().Select(id => (string)id!));
        Assert.Equal(3, run.Resources.Count);
    }

    private static IEnumerable<Registered> Vms(StackRun run) => [run.Resource("memberA"), run.Resource("memberB")];
}
