using Refresh.Workflows.Facts;
using Refresh.Workflows.Images;
using Refresh.Workflows.Reasons;
using Refresh.Workflows.Rules;
using Xunit;

namespace Refresh.Workflows.Tests.Rules;

public sealed class VerificationRuleTests
{
    private static readonly VmFacts s_vm = Seen.Vm("vm-2", Seen.New.Ref.Label);
    private static readonly GuestFacts s_guest = Seen.Guest(Seen.New.Ref, "machine-2") with { BootedAt = Seen.At };
    private static readonly VerificationFacts s_proved = new(Seen.New, s_vm, s_guest, 3, Seen.Healthy, []);

    public static TheoryData<string, string, VerificationFacts> Refusals => new()
    {
        { "vm-unseen", "the provisioner shows no VM for web-1/a: timeout", s_proved with { Vm = null, Unread = [new Reason("x", "timeout", "y")] } },
        { "vm-unseen", "the provisioner shows no VM for web-1/a", s_proved with { Vm = s_vm with { Identity = null } } },
        { "vm-not-new", "web-1/a is still VM vm-1, the one it was before", s_proved with { Vm = s_vm with { Identity = new VmIdentity("vm-1", "vm-1") } } },
        { "guest-not-new", "the guest of web-1/a still has machine id machine-1, the one it had before", s_proved with { Guest = s_guest with { MachineId = "machine-1" } } },
        { "boot-not-new", "the guest of web-1/a says it booted at 2026-10-04 02:00:00Z, not after 2026-10-04 02:00:00Z when its predecessor did", s_proved with { Guest = s_guest with { BootedAt = Seen.At.AddDays(-30) } } },
        { "vm-wrong-image", "the provisioner says that web-1/a was made from web@2026.10.1, not from web@2026.11.1", s_proved with { Vm = s_vm with { Image = Seen.Old.Label } } },
        { "guest-silent", "the guest of web-1/a does not say what it runs", s_proved with { Guest = null } },
        { "guest-wrong-image", $"the guest of web-1/a runs {Seen.Old}, not {Seen.New.Ref}", s_proved with { Guest = s_guest with { Image = Seen.Old } } },
        { "guest-wrong-image", $"the guest of web-1/a runs {Repacked}, not {Seen.New.Ref}", s_proved with { Guest = s_guest with { Image = Repacked } } },
        { "not-healthy-yet", "web-1/a was healthy 2 times in a row, and 3 are needed", s_proved with { Passes = 2 } },
        { "not-healthy-yet", "web-1/a was healthy 0 times in a row, and 3 are needed: 503", s_proved with { Passes = 0, Probe = new ProbeFacts(false, "503", Seen.At) } },
    };

    private static ImageRef Repacked => Seen.New.Ref with { Digest = Seen.Old.Digest };

    [Fact]
    public void A_VM_that_is_new_runs_the_image_and_is_healthy_is_proved() => Assert.True(Judge(s_proved).Allowed);

    [Theory]
    [MemberData(nameof(Refusals))]
    public void A_VM_is_not_proved_while_anything_speaks_against_it(string code, string text, VerificationFacts facts)
    {
        var refusal = Assert.Single(Judge(facts).Refusals);
        Assert.Equal((code, text), (refusal.Code, refusal.Text));
        Assert.NotEmpty(refusal.EndsWhen);
    }

    [Fact]
    public void A_provisioner_may_name_the_image_by_its_location() =>
        Assert.True(Judge(s_proved with { Vm = s_vm with { Image = Seen.New.Location } }).Allowed);

    [Fact]
    public void One_changed_part_of_the_identity_makes_it_another_VM() =>
        Assert.True(Judge(s_proved with { Vm = s_vm with { Identity = new VmIdentity("vm-1", "handle-2") } }).Allowed);

    [Fact]
    public void A_guest_that_could_not_be_read_before_is_not_compared() =>
        Assert.True(VerificationRule.Judge(Seen.A, s_proved with { Guest = s_guest with { MachineId = "machine-1" } }, Seen.Vm(), null, 3).Allowed);

    [Fact]
    public void A_VM_that_was_missing_before_is_new() =>
        Assert.True(VerificationRule.Judge(Seen.A, s_proved, Seen.Vm() with { Identity = null }, null, 3).Allowed);

    private static Verdict Judge(VerificationFacts facts) => VerificationRule.Judge(Seen.A, facts, Seen.Vm(), Seen.Guest(Seen.Old), 3);
}
