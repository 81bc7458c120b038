using Refresh.Workflows.Facts;
using Refresh.Workflows.Rules;
using Refresh.Workflows.Trust;
using Xunit;

namespace Refresh.Workflows.Tests.Rules;

/// <summary>What a guest says beyond its image must fit (promise 2).</summary>
public sealed class GuestRuleTests
{
    private const string Uuid = "4c4c4544-0043-3010-8052-b4c04f564433";

    [Fact]
    public void A_guest_that_says_nothing_more_is_verified() => Assert.Empty(Judge(guest => guest));

    [Theory]
    [InlineData(Uuid, true)]
    [InlineData("4C4C4544-0043-3010-8052-B4C04F564433", true)]
    [InlineData("44454c4c-4300-1030-8052-b4c04f564433", true)]
    [InlineData("44454c4c-4300-3010-8052-b4c04f564433", false)]
    [InlineData("vm-17", true)]
    [InlineData("11111111-0043-3010-8052-b4c04f564433", false)]
    public void A_guest_that_says_that_it_is_another_VM_is_refused(string told, bool fits) =>
        Assert.Equal(fits ? [] : ["guest-contradicts-vm"], Judge(guest => guest with { Vm = told }));

    [Fact]
    public void Packages_that_the_image_does_not_have_so_are_refused_by_name()
    {
        PackageFacts[] listed = [new("openssl", "3.0.2", null), new("bash", "5.2", null), new("linux", "6.1", null), new("linux", "6.2", null)];
        Assert.Empty(Judge(guest => guest with { Packages = new Dictionary<string, string> { ["openssl"] = "3.0.2", ["linux"] = "6.2", ["own"] = "1" } }, listed));
        Assert.Equal(["guest-wrong-packages"], Judge(guest => guest with { Packages = new Dictionary<string, string> { ["openssl"] = "3.0.1", ["bash"] = "5.2" } }, listed));
        Assert.Equal(["guest-wrong-packages"], Judge(guest => guest with { Packages = new Dictionary<string, string> { ["openssl"] = "missing" } }, listed));
        Assert.Empty(Judge(guest => guest with { Packages = new Dictionary<string, string> { ["openssl"] = "3.0.1" } }, []));
    }

    [Fact]
    public void Packages_that_cannot_be_compared_with_the_images_list_are_no_proof() =>
        Assert.Equal(["guest-packages-unchecked"], Judge(guest => guest with { Packages = new Dictionary<string, string> { ["openssl"] = "3.0.1" } }));

    [Fact]
    public void A_pending_reboot_and_a_script_that_fails_are_refused()
    {
        Assert.Equal(["guest-reboot-pending"], Judge(guest => guest with { Reboot = "new kernel" }));
        Assert.Equal(["guest-script-failed"], Judge(guest => guest with { Scripts = [new ScriptOutput("disk", 0, "fine"), new ScriptOutput("agent", 2, "not\nthere")] }));
    }

    private static IEnumerable<string> Judge(Func<GuestFacts, GuestFacts> change, IReadOnlyList<PackageFacts>? packages = null)
    {
        var vm = Seen.Vm("vm-2", Seen.New.Ref.Label) with { Identity = new VmIdentity("vm-17", Uuid) };
        var facts = new VerificationFacts(Seen.New, vm, change(Seen.Guest(Seen.New.Ref, "machine-2")), 3, Seen.Healthy, []) { Packages = packages };
        return VerificationRule.Judge(Seen.A, facts, Seen.Vm(), null, 3).Refusals.Select(reason => reason.Code);
    }
}
