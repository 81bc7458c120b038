using Refresh.Workflows.Reasons;
using Refresh.Workflows.Trust;
using Xunit;

namespace Refresh.Workflows.Tests.Trust;

/// <summary>Each gate lets the good image pass, and refuses it for its own reason alone.</summary>
public sealed class ImageGatesTests
{
    private static readonly Dictionary<string, (string Gate, Func<ImageFacts, ImageFacts> Change)> s_bad = new()
    {
        ["image-revoked"] = (GateNames.Revocation, facts => facts with { Revoked = new ImageRevocation("ada", Judged.Now, "bad") }),
        ["image-unsigned"] = (GateNames.Signature, facts => facts with { Signatures = [] }),
        ["signature-broken"] = (GateNames.Signature, facts => facts with { Signatures = [facts.Signatures[0] with { Standing = SignatureStanding.Broken }] }),
        ["signature-key-unknown"] = (GateNames.Signature, facts => facts with { Signatures = [facts.Signatures[0] with { Standing = SignatureStanding.UnknownKey }] }),
        ["signature-key-not-valid"] = (GateNames.Signature, facts => facts with { Signatures = [facts.Signatures[0] with { Standing = SignatureStanding.KeyNotValid }] }),
        ["signature-unusable"] = (GateNames.Signature, facts => facts with { Signatures = [facts.Signatures[0] with { Standing = SignatureStanding.Unusable }] }),
        ["image-quarantined"] = (GateNames.Origin, facts => facts with { Source = "https://git.example/images-evil@4f2c", Approvals = [.. facts.Approvals.Select(each => each with { Comment = string.Empty })] }),
        ["image-too-old"] = (GateNames.Age, facts => facts with { BuiltAt = Judged.Now.AddDays(-31) }),
        ["image-from-future"] = (GateNames.Age, facts => facts with { BuiltAt = Judged.Now.AddHours(1) }),
        ["scan-missing"] = (GateNames.Scan, facts => facts with { Scans = [] }),
        ["scan-stale"] = (GateNames.Scan, facts => facts with { Scans = [Judged.Scan() with { ScannedAt = Judged.Now.AddDays(-8) }] }),
        ["scan-from-future"] = (GateNames.Scan, facts => facts with { Scans = [Judged.Scan() with { ScannedAt = Judged.Now.AddHours(1) }] }),
        ["scan-above-threshold"] = (GateNames.Scan, facts => facts with { Scans = [Judged.Scan(), Judged.Scan(critical: 1)] }),
        ["packages-unknown"] = (GateNames.Packages, facts => facts with { PackageCount = null, Packages = [] }),
        ["package-missing"] = (GateNames.Packages, facts => facts with { Packages = [] }),
        ["package-too-old"] = (GateNames.Packages, facts => facts with { Packages = [.. facts.Packages, new PackageFacts("openssl", "3.0.9-1", VersionScheme.Dpkg)] }),
        ["package-incomparable"] = (GateNames.Packages, facts => facts with { Packages = [new PackageFacts("openssl", "3.0.15-1", null)] }),
        ["image-too-fresh"] = (GateNames.Soak, facts => facts with { PublishedAt = Judged.Now.AddHours(-11) }),
        ["image-publishing-unknown"] = (GateNames.Soak, facts => facts with { PublishedAt = null }),
        ["image-not-approved"] = (GateNames.Approvals, facts => facts with { Approvals = [facts.Approvals[0], facts.Approvals[0], new ImageApproval("mallory", Judged.Now, "fine")] }),
        ["scan-unreadable"] = (GateNames.Scan, facts => facts with { Faults = [new GateFault(GateNames.Scan, new Reason("scan-unreadable", "it is cut", "it is handed in again"))] }),
    };

    public static TheoryData<string> Codes => [.. s_bad.Keys];

    [Fact]
    public void A_good_image_passes_every_gate_that_is_asked_for()
    {
        var report = ImageGates.Judge(Judged.Good, [Judged.Strict], Judged.Now);
        Assert.Empty(report.Refusals);
        Assert.Equal(GateNames.Overridable.Prepend(GateNames.Revocation), report.Gates.Select(gate => gate.Gate));
    }

    [Theory]
    [MemberData(nameof(Codes))]
    public void A_gate_refuses_for_its_own_reason_alone(string code)
    {
        var (gate, change) = s_bad[code];
        var report = ImageGates.Judge(change(Judged.Good), [Judged.Strict], Judged.Now);
        var refusing = Assert.Single(report.Gates, each => each.Refusals.Count > 0);
        Assert.Equal((gate, code), (refusing.Gate, Assert.Single(refusing.Refusals).Code));
    }

    [Fact]
    public void What_is_not_asked_for_is_not_judged_but_a_revocation_always_is()
    {
        var bare = new ImageFacts { Image = Seen.New.Ref, BuiltAt = Judged.Now.AddYears(-5) };
        Assert.Empty(Judged.Codes(bare, new ImagePolicy()));
        Assert.Equal(["image-revoked"], Judged.Codes(bare with { Revoked = new ImageRevocation("ada", Judged.Now, "bad") }));
    }

    [Fact]
    public void A_signature_that_does_not_match_is_refused_where_none_is_required() =>
        Assert.Equal(["signature-broken"], Judged.Codes(s_bad["signature-broken"].Change(Judged.Good), new ImagePolicy()));

    [Fact]
    public void One_good_signature_is_enough_so_that_keys_can_be_rotated() =>
        Assert.Empty(Judged.Codes(Judged.Good with { Signatures = [new SignatureFacts("gone", SignatureStanding.UnknownKey, Judged.Now, "-"), .. Judged.Good.Signatures] }, Judged.Strict));

    [Fact]
    public void An_image_made_elsewhere_leaves_quarantine_by_the_comment_of_one_who_may()
    {
        var elsewhere = Judged.Good with { Source = null, Approvals = [] };
        var policy = new ImagePolicy { Origins = ["https://git.example/images"], Approvers = ["ada"] };
        Assert.Equal(["image-quarantined"], Judged.Codes(elsewhere, policy));
        Assert.Equal(["image-quarantined"], Judged.Codes(elsewhere with { Approvals = [new ImageApproval("ada", Judged.Now, string.Empty)] }, policy));
        Assert.Equal(["image-quarantined"], Judged.Codes(elsewhere with { Approvals = [new ImageApproval("mallory", Judged.Now, "fine")] }, policy));
        Assert.Empty(Judged.Codes(elsewhere with { Approvals = [new ImageApproval("ada", Judged.Now, "rebuilt by hand, looked through")] }, policy));
    }

    [Fact]
    public void Every_policy_must_let_the_image_pass() =>
        Assert.Equal(["image-too-old"], Judged.Codes(Judged.Good, Judged.Strict, new ImagePolicy { MaxAgeDays = 2 }));

    [Fact]
    public void A_gate_is_overridden_with_a_reason_by_one_who_may()
    {
        var old = s_bad["image-too-old"].Change(Judged.Good);
        var report = ImageGates.Judge(old, [Judged.Strict], Judged.Now);
        var (overridden, verdict) = ImageGates.Override(report, [new GateOverride(GateNames.Age, "ada", "no newer one yet", Judged.Now)], [Judged.Strict]);
        Assert.True(verdict.Allowed);
        Assert.Empty(overridden.Refusals);
        Assert.Equal("ada", Assert.Single(overridden.Overridden).Override!.By);
    }

    [Theory]
    [InlineData(GateNames.Age, "ada", " ")]
    [InlineData(GateNames.Age, "mallory", "because")]
    [InlineData(GateNames.Revocation, "ada", "because")]
    [InlineData("weather", "ada", "because")]
    public void An_override_that_is_not_permitted_changes_nothing(string gate, string by, string why)
    {
        var report = ImageGates.Judge(s_bad["image-too-old"].Change(Judged.Good) with { Revoked = new ImageRevocation("ada", Judged.Now, "bad") }, [Judged.Strict], Judged.Now);
        var (after, verdict) = ImageGates.Override(report, [new GateOverride(gate, by, why, Judged.Now)], [Judged.Strict]);
        Assert.Equal("override-refused", Assert.Single(verdict.Refusals).Code);
        Assert.Equal(report.Refusals, after.Refusals);
    }
}
