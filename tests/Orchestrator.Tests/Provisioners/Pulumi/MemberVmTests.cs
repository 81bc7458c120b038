using Refresh.Orchestrator.Provisioners.Pulumi.Documents;
using Refresh.Orchestrator.Provisioners.Pulumi.Rebuilding;
using Refresh.Orchestrator.Provisioners.Pulumi.Stacks;
using Refresh.Workflows.Facts;
using Refresh.Workflows.Fleets;
using Refresh.Workflows.Ports;
using Xunit;

namespace Refresh.Orchestrator.Tests.Provisioners.Pulumi;

/// <summary>What recorded states say of a member's VM.</summary>
public sealed class MemberVmTests
{
    [Fact]
    public void A_rebuild_shows_in_the_second_identity_and_in_the_image()
    {
        var (before, after) = (Facts("clean", 'A'), Facts("after-replace", 'A'));
        Assert.Equal(new("c687f83a-7ed3-5824-8ff9-dfeeff854d79", "vm-59"), before.Identity);
        Assert.Equal(new("c687f83a-7ed3-5824-8ff9-dfeeff854d79", "vm-78"), after.Identity);
        Assert.Equal((Recordings.OldImage, Recordings.NewImage), (before.Image, after.Image));
        Assert.Equal(Facts("clean", 'B').Identity, Facts("after-replace", 'B').Identity);
    }

    [Fact]
    public void What_is_read_is_the_resource_and_not_the_outputs_of_the_last_good_update()
    {
        // The outputs of this state still have vm-78 and the other image.
        Assert.Equal(("vm-113", Recordings.OldImage), (Facts("interrupted", 'A').Identity!.Handle, Facts("interrupted", 'A').Image));
    }

    [Fact]
    public void A_VM_that_was_deleted_to_be_replaced_is_missing_although_the_state_holds_it()
    {
        var facts = Facts("refresh-clear", 'B');
        Assert.Equal((null, VmPower.Missing), (facts.Identity, facts.Power));
        Assert.Equal(VmPower.Changing, Facts("killed-at-once", 'B').Power);
    }

    [Theory]
    [InlineData("imported", 'B', Recordings.NewImage, true)]
    [InlineData("clean", 'A', Recordings.NewImage, false)]
    [InlineData("clean", 'A', Recordings.OldImage, true)]
    [InlineData("refresh-clear", 'B', Recordings.NewImage, false)]
    public void A_rebuild_is_forced_on_a_VM_that_was_imported_or_has_the_image_already(string state, char letter, string image, bool forced) =>
        Assert.Equal(forced, Vm(state, letter).MustBeForced(image));

    [Fact]
    public void A_VM_that_did_not_come_up_is_half_made_and_its_rebuild_is_forced()
    {
        var text = Recordings.Read("clean.export.json").Replace("\"type\": \"vsphere:index/virtualMachine:VirtualMachine\",", "\"type\": \"vsphere:index/virtualMachine:VirtualMachine\", \"initErrors\": [\"timeout waiting for an available IP address\"],", StringComparison.Ordinal);
        var vm = MemberVm.Of(Recordings.Contract, Recordings.Contract.A, StackState.Parse(text));
        Assert.True(vm.IsHalfMade);
        Assert.True(vm.MustBeForced(Recordings.NewImage));
        Assert.Contains("timeout waiting", vm.Facts(default).Detail, StringComparison.Ordinal);
    }

    [Fact]
    public void Events_tell_what_goes_on_and_whether_a_creation_ended()
    {
        var heard = Hear("up-replace.events", Recordings.Contract.A);
        Assert.True(heard is { CreateBegun: true, CreateEnded: true });
        Assert.StartsWith("cloning, ", heard.Words, StringComparison.Ordinal);
        var orphan = Hear("orphan-up.events", Recordings.Contract.B);
        Assert.True(orphan is { CreateBegun: true, CreateEnded: true });
        Assert.Contains(orphan.Errors, error => error.Contains("DuplicateName", StringComparison.Ordinal));
    }

    [Theory]
    [InlineData(null, "10.0.0.2", 'B')]
    [InlineData("vm-one", "10.0.0.1", 'A')]
    [InlineData("vm-two", "web.example", 'B')]
    public void A_member_is_found_by_its_address_or_by_the_name_of_its_VM(string? vm, string host, char letter) =>
        Assert.Equal(letter, Letters(vm).Find(Member(host), "s", Config));

    [Theory]
    [InlineData(null, "10.0.0.3")]
    [InlineData(null, "web.example")]
    [InlineData("vm-three", "10.0.0.1")]
    [InlineData("vm-one", "10.0.0.2")]
    [InlineData("vm-one", "10.0.0.3")]
    public void A_member_whose_name_and_address_do_not_agree_with_the_stack_is_refused(string? vm, string host) =>
        Assert.Equal("member-unknown", Assert.Throws<AdapterException>(() => Letters(vm).Find(Member(host), "s", Config)).Reason.Code);

    private static ConfigDocument Config { get; } = new(new Dictionary<string, string?>
    {
        ["p:memberAName"] = "vm-one",
        ["p:memberBName"] = "vm-two",
        ["p:memberAAddress"] = "10.0.0.1",
        ["p:memberBAddress"] = "10.0.0.2",
    });

    private static MemberLetters Letters(string? vm) => new("p", vm is null ? new Dictionary<MemberId, string>() : new Dictionary<MemberId, string> { [new("x", "m")] = vm });

    private static Member Member(string host) => new(new("x", "m"), new(host, 80));

    private static UpProgress Hear(string events, ContractMember member)
    {
        var heard = new UpProgress(member, TimeProvider.System);
        foreach (var told in EventLog.Whole(Path.Combine(Recordings.Folder, events)))
            heard.Hear(told);
        return heard;
    }

    private static MemberVm Vm(string state, char letter) => MemberVm.Of(Recordings.Contract, Recordings.Contract.Get(letter), Recordings.State(state));

    private static VmFacts Facts(string state, char letter) => Vm(state, letter).Facts(default);
}
