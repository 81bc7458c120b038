using Refresh.Workflows.Audit;
using Refresh.Workflows.Evidence;
using Refresh.Workflows.Facts;
using Refresh.Workflows.Fleets;
using Refresh.Workflows.Images;
using Refresh.Workflows.Machines;
using Refresh.Workflows.Reasons;
using Refresh.Workflows.Tests.Evidence;
using Refresh.Workflows.Trust;
using Xunit;

namespace Refresh.Workflows.Tests.Audit;

/// <summary>Each rule of an audit, on a fleet of one pair in which one thing is not as it should be.</summary>
public sealed class AuditRulesTests
{
    private static readonly GoldenImage s_old = new(Seen.Old, Seen.At.AddDays(-20), [], "old");

    [Fact]
    public void A_fleet_that_is_as_it_should_be_has_no_finding() => Assert.Empty(Judge(new World()));

    [Fact]
    public void A_revoked_image_that_still_runs_is_critical() =>
        Found(new World { Revoked = new ImageRevocation("ann", Seen.At, "backdoor") }, AuditRuleNames.RevokedImage, Risk.Critical, "backdoor", count: 2);

    [Fact]
    public void A_revoked_image_that_was_deleted_is_critical_still()
    {
        var gone = new ImageRef("own", "1", "sha256:1");
        var findings = Judge(new World { A = Current(Seen.A) with { Guest = Seen.Guest(gone) }, Gone = [new GoneImage(gone, new ImageRevocation("ann", Seen.At, "backdoor"))] });
        Assert.Contains("revoked-image web-1/a Critical", findings.Select(Short));
        Assert.Contains("unknown-image web-1/a Medium", findings.Select(Short));
    }

    [Fact]
    public void An_image_that_is_older_than_allowed_is_named_with_its_age() =>
        Found(new World { Policy = new AuditPolicy { MaxImageAge = TimeSpan.FromHours(1) } }, AuditRuleNames.ImageOld, Risk.Medium, "24 h 00 min ago", count: 2);

    [Fact]
    public void A_member_that_runs_another_image_than_wanted_is_behind()
    {
        var findings = Judge(new World { A = Current(Seen.A) with { Guest = Seen.Guest(Seen.Old), Vm = Seen.Vm() }, Others = [s_old] });
        Assert.Equal(["image-behind web-1/a Medium", "pair-split web-1 Medium"], findings.Select(Short));
        Assert.Contains("CVE-2026-1 would be closed", findings[0].Text, StringComparison.Ordinal);
    }

    [Fact]
    public void A_guest_that_contradicts_the_provisioner_is_drift() =>
        Found(new World { A = Current(Seen.A) with { Vm = Seen.Vm() } }, AuditRuleNames.ImageDrift, Risk.High, "made from web@2026.10.1, its guest says that it runs web@2026.11.1");

    [Theory]
    [InlineData("423a-old", "made from 423a-old, which is web@2026.10.1, its guest says that it runs web@2026.11.1")]
    [InlineData("423a-other", "made from 423a-other, its guest says that it runs web@2026.11.1")]
    public void A_provider_s_id_of_another_template_is_drift_as_well(string made, string told) =>
        Assert.Contains(told, Assert.Single(Judge(new World { A = Current(Seen.A) with { Vm = Seen.Vm(image: made) }, Others = [s_old with { Location = "423a-old" }] }), finding => finding.Rule == AuditRuleNames.ImageDrift).Text, StringComparison.Ordinal);

    [Fact]
    public void A_provider_s_id_of_the_image_at_any_site_is_no_drift()
    {
        var image = Seen.New with { Providers = new Dictionary<string, string> { ["sto"] = "423a-sto" } };
        Assert.Empty(Judge(new World { Wanted = image, A = Current(Seen.A) with { Vm = Seen.Vm(image: "423a-sto") }, B = Current(Seen.B) with { Vm = Seen.Vm(image: image.Location) } }));
    }

    [Fact]
    public void A_guest_that_says_it_is_another_VM_is_drift()
    {
        const string outside = "4c4c4544-0043-5a10-8056-b4c04f4a3132";
        var seen = Current(Seen.A) with { Vm = Seen.Vm(outside, Seen.New.Ref.Label) };
        Found(new World { A = seen with { Guest = Seen.Guest(Seen.New.Ref) with { Vm = "00000000-0000-0000-0000-000000000001" } } }, AuditRuleNames.GuestDrift, Risk.High, "00000000-0000-0000-0000-000000000001");
        Assert.Empty(Judge(new World { A = seen with { Guest = Seen.Guest(Seen.New.Ref) with { Vm = outside.ToUpperInvariant() } } }));
    }

    [Fact]
    public void A_balancer_that_sends_work_elsewhere_is_drift() =>
        Found(new World { A = Current(Seen.A) with { Balancer = Seen.Balancer with { Address = new Endpoint("10.9.9.9", 1) } } }, AuditRuleNames.AddressDrift, Risk.High, "10.9.9.9:1");

    [Fact]
    public void Content_that_the_catalogue_does_not_have_under_that_version_is_drift() =>
        Assert.Contains(AuditRuleNames.ContentDrift, Judge(new World { A = Current(Seen.A) with { Guest = Seen.Guest(Seen.New.Ref with { Digest = "sha256:" + new string('c', 64) }) } }).Select(finding => finding.Rule));

    [Fact]
    public void An_image_that_no_catalogue_has_is_told() =>
        Assert.Contains(AuditRuleNames.UnknownImage, Judge(new World { A = Current(Seen.A) with { Guest = Seen.Guest(new ImageRef("own", "1", "sha256:1")) } }).Select(finding => finding.Rule));

    [Fact]
    public void A_guest_that_does_not_tell_what_it_runs_is_a_high_risk() =>
        Found(new World { A = Current(Seen.A) with { Guest = null } }, AuditRuleNames.ImageUnseen, Risk.High, "cannot be seen");

    [Theory]
    [InlineData(false, Risk.High, "wake up unpatched")]
    [InlineData(true, Risk.Low, "wake up current")]
    public void A_member_that_is_powered_off_is_dormant(bool current, Risk risk, string told)
    {
        var off = new MemberFacts(Seen.A, Seen.Balancer with { Rotation = Rotation.Out, Health = BalancerHealth.Down }, new ProbeFacts(false, "no answer", Seen.At), Seen.Vm(image: current ? Seen.New.Ref.Label : null) with { Power = VmPower.Off }, null, [new Reason("guest-identity-unreachable", "refused", "it boots")]);
        var findings = Judge(new World { A = off });
        Assert.Contains($"dormant web-1/a {risk}", findings.Select(Short));
        Assert.Contains(told, findings.First(finding => finding.Rule == AuditRuleNames.Dormant).Text, StringComparison.Ordinal);
        Assert.DoesNotContain(AuditRuleNames.Unread, findings.Select(finding => finding.Rule));
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void A_dormant_member_made_from_a_revoked_image_does_not_wake_up_current(bool deleted)
    {
        var revoked = new ImageRevocation("ann", Seen.At, "backdoor");
        var off = Current(Seen.A) with { Balancer = Seen.Balancer with { Rotation = Rotation.Out }, Vm = Seen.Vm(image: Seen.New.Ref.Label) with { Power = VmPower.Off }, Guest = null };
        var world = new World { A = off };
        var dormant = Judge(deleted ? world with { Gone = [new GoneImage(Seen.New.Ref with { Digest = string.Empty }, revoked)] } : world with { Revoked = revoked }).First(finding => finding.Rule == AuditRuleNames.Dormant);
        Assert.Equal(Risk.High, dormant.Risk);
        Assert.Contains("which ann revoked", dormant.Text, StringComparison.Ordinal);
        Assert.EndsWith("it will wake up unpatched", dormant.Text, StringComparison.Ordinal);
    }

    [Fact]
    public void A_member_without_a_VM_is_missing() =>
        Found(new World { A = Current(Seen.A) with { Vm = new VmFacts(null, null, VmPower.Missing, "no VM", Seen.At), Guest = null } }, AuditRuleNames.VmMissing, Risk.High, "no VM");

    [Fact]
    public void A_sick_member_that_gets_work_is_a_high_risk() =>
        Found(new World { A = Current(Seen.A) with { Probe = new ProbeFacts(false, "503", Seen.At) } }, AuditRuleNames.ServesUnhealthy, Risk.High, "503");

    [Fact]
    public void A_pair_of_which_none_serves_is_critical()
    {
        var down = new ProbeFacts(false, "503", Seen.At);
        Assert.Contains("pair-down web-1 Critical", Judge(new World { A = Current(Seen.A) with { Probe = down }, B = Current(Seen.B) with { Probe = down } }).Select(Short));
    }

    [Theory]
    [InlineData(null, Risk.Medium, "nobody knows since when")]
    [InlineData(10, Risk.Low, "out of rotation since")]
    [InlineData(61, Risk.High, "out of rotation for 1 h 01 min")]
    public void A_member_out_of_rotation_is_judged_by_how_long(int? minutes, Risk risk, string told)
    {
        var history = minutes is { } away ? FleetHistory.None with { AwaySince = new Dictionary<MemberId, DateTimeOffset> { [Seen.A] = Seen.At.AddMinutes(-away) } } : FleetHistory.None;
        Found(new World { A = Current(Seen.A) with { Balancer = Current(Seen.A).Balancer! with { Rotation = Rotation.Out } }, History = history }, AuditRuleNames.OutOfRotation, risk, told);
    }

    [Theory]
    [InlineData("worker-1", 0)]
    [InlineData(null, 1)]
    public void A_member_that_a_run_has_taken_out_just_now_is_no_finding_while_somebody_works_on_it(string? worker, int left)
    {
        var history = new FleetHistory(new Dictionary<MemberId, DateTimeOffset> { [Seen.A] = Seen.At.AddMinutes(-1) }, [], new OpenRun("r1", RunState.Running, Seen.At, worker, ["web-1"]));
        var findings = Judge(new World { A = Current(Seen.A) with { Balancer = Current(Seen.A).Balancer! with { Rotation = Rotation.Out } }, History = history });
        Assert.Equal(left, findings.Count(finding => finding.Rule == AuditRuleNames.OutOfRotation));
        Assert.Equal(left, findings.Count(finding => finding.Rule == AuditRuleNames.RunLeft));
    }

    [Fact]
    public void A_guest_that_waits_for_a_reboot_is_told() =>
        Found(new World { A = Current(Seen.A) with { Guest = Seen.Guest(Seen.New.Ref) with { Reboot = "new kernel" } } }, AuditRuleNames.RebootPending, Risk.Medium, "new kernel");

    [Fact]
    public void Machines_of_no_fleet_are_found_by_identity_host_or_name()
    {
        MachineFacts[] machines =
        [
            new("by-identity", "vm-1", null, null, VmPower.On, "list"),
            new("by-host", null, "web-1-b.example", null, VmPower.On, "list"),
            new("web-1-a", null, null, null, null, "list"),
            new("forgotten", "vm-9", "10.0.0.99", "web@1", VmPower.On, "list"),
            new("asleep", "vm-8", "10.0.0.98", "web@1", VmPower.Off, "list"),
        ];
        Assert.Equal(["machine-unknown forgotten High", "dormant asleep Medium"], Judge(new World { Machines = machines }).Select(Short));
    }

    [Fact]
    public void An_image_that_nothing_runs_and_one_that_waits_are_told()
    {
        var newer = new GoldenImage(new ImageRef("web", "2026.12.1", "sha256:d"), Seen.At, ["CVE-2026-1", "CVE-2026-9"], "newer");
        var findings = Judge(new World { Others = [s_old, newer] });
        Assert.Equal(["image-waiting web@2026.11.1 Low", "image-unused web@2026.10.1 Note"], findings.Select(Short));
        Assert.Contains("CVE-2026-9 would be closed", findings[0].Text, StringComparison.Ordinal);
    }

    [Fact]
    public void Frozen_pairs_and_absences_are_read_from_the_journal()
    {
        var history = FleetHistory.Of([RunReport.From(Sample.Frozen().Journal)], null);
        Assert.Equal("web-2", Assert.Single(history.Frozen).Pair);
        Assert.Equal("web-2/a", Assert.Single(history.AwaySince).Key.ToString());
        Assert.Null(history.Open);
        var healed = FleetHistory.Of([RunReport.From(Sample.Success().Journal), RunReport.From(Sample.Frozen().Journal)], null);
        Assert.Empty(healed.Frozen);
    }

    [Fact]
    public void The_difference_of_two_audits_is_what_came_what_went_and_what_got_worse()
    {
        Finding At(string subject, Risk risk) => new("dormant", risk, "shop", subject, "words", "next");
        var difference = AuditDifference.Of(Seen.At, [At("a", Risk.Low), At("b", Risk.Low), At("c", Risk.Low)], [At("a", Risk.High), At("b", Risk.Low) with { Text = "other words" }, At("d", Risk.Note)]);
        Assert.Equal(["a", "d"], difference.New.Select(finding => finding.Subject));
        Assert.Equal(["c"], difference.Gone.Select(finding => finding.Subject));
    }

    [Fact]
    public void The_greatest_risk_comes_first_and_every_rule_has_words()
    {
        var findings = Judge(new World { A = Current(Seen.A) with { Guest = Seen.Guest(Seen.Old), Probe = new ProbeFacts(false, "503", Seen.At) }, Others = [s_old] });
        Assert.Equal(findings.Select(finding => finding.Risk).OrderDescending(), findings.Select(finding => finding.Risk));
        Assert.All(findings, finding => Assert.Contains(finding.Rule, AuditRuleNames.All.Keys));
        Assert.All(findings, finding => Assert.NotEmpty(finding.Next));
    }

    private static MemberFacts Current(MemberId id) => Seen.Serving(id, Seen.New.Ref) with
    {
        Vm = Seen.Vm(image: Seen.New.Ref.Label),
        Balancer = Seen.Balancer with { Address = Seen.Fleet(1).Pairs[0].Get(id).Address },
    };

    private static IReadOnlyList<Finding> Judge(World world) => AuditRules.Judge(
        new AuditFacts(
            Seen.At,
            [new FleetFacts(Seen.Fleet(1), "shop.yaml", world.Wanted, new Dictionary<MemberId, MemberFacts> { [Seen.A] = world.A, [Seen.B] = world.B }, world.History, [])],
            [new CatalogueImage(world.Wanted, world.Revoked), .. world.Others.Select(image => new CatalogueImage(image, null))],
            world.Machines,
            [])
        {
            Gone = world.Gone,
        },
        world.Policy);

    private static void Found(World world, string rule, Risk risk, string told, int count = 1)
    {
        var findings = Judge(world);
        Assert.All(findings, finding => Assert.Equal((rule, risk), (finding.Rule, finding.Risk)));
        Assert.Equal(count, findings.Count);
        Assert.Contains(told, findings[0].Text, StringComparison.Ordinal);
    }

    private static string Short(Finding finding) => $"{finding.Rule} {finding.Subject} {finding.Risk}";

    private sealed record World
    {
        public MemberFacts A { get; init; } = Current(Seen.A);

        public MemberFacts B { get; init; } = Current(Seen.B);

        public FleetHistory History { get; init; } = FleetHistory.None;

        public GoldenImage Wanted { get; init; } = Seen.New;

        public ImageRevocation? Revoked { get; init; }

        public IReadOnlyList<GoneImage> Gone { get; init; } = [];

        public IReadOnlyList<GoldenImage> Others { get; init; } = [];

        public IReadOnlyList<MachineFacts> Machines { get; init; } = [];

        public AuditPolicy Policy { get; init; } = new();
    }
}
