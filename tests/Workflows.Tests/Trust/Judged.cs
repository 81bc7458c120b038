using Refresh.Workflows.Reasons;
using Refresh.Workflows.Trust;

namespace Refresh.Workflows.Tests.Trust;

/// <summary>An image that passes every gate, the policy that asks for all of them, and a verdict with everything in it.</summary>
internal static class Judged
{
    public static readonly DateTimeOffset Now = Seen.At;

    public static ImagePolicy Strict => new()
    {
        SignatureRequired = true,
        Origins = ["https://git.example/images"],
        MaxAgeDays = 30,
        Scan = new ScanPolicy { High = 2 },
        Packages = [new RequiredPackage("openssl", "3.0.15-1")],
        Soak = TimeSpan.FromHours(12),
        Approvals = 2,
        Approvers = ["ada", "ben", "cleo"],
    };

    public static ImageFacts Good => new()
    {
        Image = Seen.New.Ref,
        BuiltAt = Now.AddDays(-3),
        Source = "https://git.example/images@4f2c",
        PublishedAt = Now.AddDays(-1),
        Signatures = [new SignatureFacts("build-2026", SignatureStanding.Good, Now.AddDays(-2), "matches")],
        Scans = [Scan()],
        PackageCount = 2,
        Packages = [new PackageFacts("openssl", "3.0.15-1~deb12u1+b1", VersionScheme.Dpkg) with { Version = "3.0.15-1+deb12u1" }],
        Approvals = [new ImageApproval("ada", Now.AddHours(-5), "read the changes"), new ImageApproval("ben", Now.AddHours(-4), string.Empty)],
    };

    public static GateReport Everything => new(
        Good with
        {
            Revoked = new ImageRevocation("ann", Now, "CVE-2026-9"),
            Faults = [new GateFault(GateNames.Scan, new Reason("scan-unreadable", "it is cut", "it is handed in again"))],
        },
        [
            new GateResult(GateNames.Signature, "the fleet file", []),
            new GateResult(GateNames.Age, "the fleet file", [new Reason("image-too-old", "it is old", "a newer one")], new GateOverride(GateNames.Age, "ada", "no newer one yet", Now)),
        ],
        Now);

    public static ScanFacts Scan(int critical = 0, int high = 0, int exploited = 0) =>
        new("trivy", "sha256:" + new string('c', 64), Now.AddDays(-1), critical, high, 4, 9, exploited, ["CVE-2026-7"]);

    /// <summary>The codes of everything that speaks against the image.</summary>
    public static IEnumerable<string> Codes(ImageFacts facts, params ImagePolicy[] policies) => ImageGates.Judge(facts, policies, Now).Refusals.Select(reason => reason.Code);
}
