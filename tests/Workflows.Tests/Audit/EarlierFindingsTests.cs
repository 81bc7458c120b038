using Refresh.Workflows.Audit;
using Refresh.Workflows.Facts;
using Refresh.Workflows.Fleets;
using Refresh.Workflows.Reasons;
using Refresh.Workflows.Trust;
using Xunit;

namespace Refresh.Workflows.Tests.Audit;

/// <summary>What could not be looked at is neither gone nor unknown.</summary>
public sealed class EarlierFindingsTests
{
    private static readonly DateTimeOffset s_before = Seen.At.AddHours(-1);
    private static readonly ImageRevocation s_revoked = new("ann", Seen.At, "backdoor");
    private static readonly Finding s_machine = new(AuditRuleNames.MachineUnknown, Risk.High, null, "forgotten", "no fleet has it", "delete it");

    [Fact]
    public void A_revoked_image_does_not_go_away_because_the_guest_is_silent()
    {
        var before = AuditRules.Judge(Facts(Serving), new AuditPolicy());
        Assert.Equal(2, before.Count(finding => finding.Rule == AuditRuleNames.RevokedImage));
        var now = AuditRules.Judge(Facts(id => Serving(id) with { Guest = null, Unread = [new Reason("guest-identity-unreachable", "no answer", "it answers")] }), new AuditPolicy(), s_before, before);
        var standing = now.Where(finding => finding.Rule == AuditRuleNames.RevokedImage).ToList();
        Assert.Equal(2, standing.Count);
        Assert.All(standing, finding => Assert.Equal(s_before, finding.AsOf));
        var difference = AuditDifference.Of(s_before, before, now);
        Assert.Empty(difference.Gone);
        Assert.DoesNotContain(difference.New, finding => finding.Rule == AuditRuleNames.RevokedImage);
        Assert.All(AuditRules.Judge(Facts(id => Serving(id) with { Guest = null }), new AuditPolicy(), Seen.At, now).Where(finding => finding.Rule == AuditRuleNames.RevokedImage), finding => Assert.Equal(s_before, finding.AsOf));
    }

    [Fact]
    public void A_member_that_is_off_runs_nothing_and_what_it_ran_is_gone()
    {
        var before = AuditRules.Judge(Facts(Serving), new AuditPolicy());
        var now = AuditRules.Judge(Facts(id => Serving(id) with { Guest = null, Vm = Seen.Vm(image: Seen.New.Ref.Label) with { Power = VmPower.Off } }), new AuditPolicy(), s_before, before);
        Assert.DoesNotContain(now, finding => finding.Rule == AuditRuleNames.RevokedImage);
    }

    [Fact]
    public void While_a_fleet_is_unread_no_machine_is_unknown_no_image_unused_and_what_was_found_stands()
    {
        var unread = new AuditFacts(
            Seen.At, [], [new CatalogueImage(Seen.New with { BuiltAt = Seen.At }, null), new CatalogueImage(Seen.New with { Ref = Seen.Old }, null)],
            [new MachineFacts("web-1-a", "vm-1", "10.0.0.1", null, VmPower.On, "list")], [new Reason("shop.yaml", "it has a mistake", "it is corrected")])
        { Unseen = Unseen.Fleets };
        Assert.Equal(["unread shop.yaml High", "unread machines Medium"], AuditRules.Judge(unread, new AuditPolicy()).Select(Short));
        Finding member = new(AuditRuleNames.PairDown, Risk.Critical, "shop", "web-1", "no member serves", "look");
        var now = AuditRules.Judge(unread, new AuditPolicy(), s_before, [member, s_machine]);
        Assert.Equal(["pair-down web-1 Critical", "machine-unknown forgotten High", "unread shop.yaml High", "unread machines Medium"], now.Select(Short));
    }

    [Fact]
    public void A_machine_with_an_id_is_not_unknown_while_a_member_s_VM_cannot_be_seen()
    {
        var facts = Facts(id => Serving(id) with { Vm = null }) with { Machines = [new MachineFacts("i-1", "vm-9", null, null, VmPower.On, "list"), new MachineFacts("forgotten", null, "10.0.0.99", null, VmPower.On, "list")] };
        var findings = AuditRules.Judge(facts, new AuditPolicy()).Select(Short).ToList();
        Assert.Contains("machine-unknown forgotten High", findings);
        Assert.Contains("unread machines Medium", findings);
        Assert.DoesNotContain("machine-unknown i-1 High", findings);
    }

    [Theory]
    [InlineData(Unseen.Machines, 1)]
    [InlineData(Unseen.None, 0)]
    public void While_a_list_is_unread_what_it_named_stands(Unseen unseen, int standing) =>
        Assert.Equal(standing, AuditRules.Judge(Facts(Serving) with { Unseen = unseen }, new AuditPolicy(), s_before, [s_machine]).Count(finding => finding.Key == s_machine.Key));

    [Fact]
    public void While_a_catalogue_is_unread_no_image_is_unknown_and_a_revoked_one_stays_so()
    {
        var before = AuditRules.Judge(Facts(Serving), new AuditPolicy());
        var now = AuditRules.Judge(Facts(Serving) with { Images = [], Unseen = Unseen.Images }, new AuditPolicy(), s_before, before);
        Assert.Equal(["revoked-image web-1/a Critical", "revoked-image web-1/b Critical"], now.Select(Short));
    }

    [Fact]
    public void A_finding_with_less_risk_is_not_gone()
    {
        Finding At(string subject, Risk risk) => new("dormant", risk, "shop", subject, "words", "next");
        var difference = AuditDifference.Of(s_before, [At("a", Risk.High), At("b", Risk.High)], [At("a", Risk.Low)]);
        Assert.Equal([At("a", Risk.Low)], difference.Lessened);
        Assert.Equal(["b"], difference.Gone.Select(finding => finding.Subject));
        Assert.Empty(difference.New);
    }

    [Fact]
    public void Two_fleets_of_one_name_are_told()
    {
        var facts = Facts(Serving);
        Assert.Contains("fleet-shared shop High", AuditRules.Judge(facts with { Fleets = [facts.Fleets[0], facts.Fleets[0] with { Source = "copy.yaml" }] }, new AuditPolicy()).Select(Short));
    }

    private static MemberFacts Serving(MemberId id) => Seen.Serving(id, Seen.New.Ref) with
    {
        Vm = Seen.Vm(image: Seen.New.Ref.Label),
        Balancer = Seen.Balancer with { Address = Seen.Fleet(1).Pairs[0].Get(id).Address },
    };

    private static AuditFacts Facts(Func<MemberId, MemberFacts> seen) => new(
        Seen.At,
        [new FleetFacts(Seen.Fleet(1), "shop.yaml", Seen.New, new Dictionary<MemberId, MemberFacts> { [Seen.A] = seen(Seen.A), [Seen.B] = seen(Seen.B) }, FleetHistory.None, [])],
        [new CatalogueImage(Seen.New, s_revoked)],
        [],
        []);

    private static string Short(Finding finding) => $"{finding.Rule} {finding.Subject} {finding.Risk}";
}
