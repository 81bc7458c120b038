using Refresh.Orchestrator.FleetFiles;
using Refresh.Orchestrator.Images;
using Refresh.Orchestrator.Images.Boms;
using Refresh.Orchestrator.Images.Scans;
using Refresh.Orchestrator.Tests.FleetFiles;
using Refresh.Workflows.Trust;
using Xunit;

namespace Refresh.Orchestrator.Tests.Images;

/// <summary>What the project gives away as examples is read, each in the form of its tool.</summary>
public sealed class SampleReportTests
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Both_formats_of_an_SBOM_give_the_same_packages()
    {
        var cyclone = await PackagesAsync("sbom.cdx.json");
        Assert.Equal(cyclone.Select(package => (package.Name, package.Version, package.Kind)).Order(), (await PackagesAsync("sbom.spdx.json")).Select(package => (package.Name, package.Version, package.Kind)).Order());
        Assert.Equal(["debian", "express", "openssl", "shop", "zlib1g"], cyclone.Select(package => package.Name).Order(StringComparer.Ordinal));
        Assert.Equal(new PackageFacts("openssl", "3.0.15-1~deb12u1", VersionScheme.Dpkg), cyclone.Single(package => package.Name == "openssl").Facts);
        Assert.Equal(new PackageFacts("express", "4.19.2", VersionScheme.Semver), cyclone.Single(package => package.Name == "express").Facts);
    }

    [Theory]
    [InlineData("trivy.json", "trivy", "2026-11-02T09:00:00.1234568Z", 0, 1, 0, 2, 0)]
    [InlineData("grype.json", "grype", "2026-11-02T08:30:00.5Z", 0, 1, 1, 1, 1)]
    [InlineData("scan.sarif", "scanner", "2026-11-02T10:00:00Z", 1, 1, 0, 1, 0)]
    public async Task A_report_is_read_as_its_tool_writes_it(string file, string tool, string at, int critical, int high, int medium, int low, int exploited)
    {
        await using var stream = File.OpenRead(PathOf(file));
        var facts = (await ScanReader.ReadAsync(stream, Cancellation)).Facts("sha256:0", DateTimeOffset.UnixEpoch);
        Assert.Equal((tool, critical, high, medium, low, exploited), (facts.Tool, facts.Critical, facts.High, facts.Medium, facts.Low, facts.KnownExploited));
        Assert.Equal(DateTimeOffset.Parse(at, System.Globalization.CultureInfo.InvariantCulture), facts.ScannedAt);
        Assert.Contains("CVE-2026-0533", facts.Worst);
    }

    [Theory]
    [InlineData("""{"ruleId":"X"}""")]
    [InlineData("""{"ruleId":"X","ruleIndex":0}""")]
    [InlineData("""{"ruleId":"X","rule":{"index":1,"toolComponent":{"index":1}}}""")]
    [InlineData("""{"rule":{"index":1,"toolComponent":{"index":1}}}""")]
    [InlineData("""{"rule":{"index":1,"toolComponent":{"name":"pack"}}}""")]
    [InlineData("""{"rule":{"index":1,"toolComponent":{"guid":"6f1c0000-0000-0000-0000-00000000ABCD"}}}""")]
    [InlineData("""{"ruleId":"X/sub","rule":{"index":1,"toolComponent":{"index":1}}}""")]
    public async Task A_rule_of_an_extension_of_the_tool_says_how_bad_a_result_is(string result)
    {
        var report = $$$"""
            {"version":"2.1.0","runs":[{"results":[{{{result}}}],"tool":{
              "driver":{"name":"Scanner","rules":[{"id":"D","properties":{"security-severity":"1.0"}}]},
              "extensions":[{"name":"other","rules":[{"id":"O"}]},
                {"name":"pack","guid":"6f1c0000-0000-0000-0000-00000000abcd","rules":[{"id":"P"},{"id":"X","properties":{"security-severity":"9.8"}}]}]}}]}
            """;
        var facts = (await ScanReader.ReadAsync(new MemoryStream(System.Text.Encoding.UTF8.GetBytes(report)), Cancellation)).Facts("sha256:0", DateTimeOffset.UnixEpoch);
        Assert.Equal((1, 0, 0, 0), (facts.Critical, facts.High, facts.Medium, facts.Low));
    }

    [Fact]
    public void The_policy_is_good_and_says_what_the_page_says()
    {
        var (policy, mistakes) = ImagePolicyFile.Parse(File.ReadAllText(PathOf("image-policy.yaml")), PathOf("image-policy.yaml"));
        Assert.Empty(mistakes);
        Assert.True(policy is { SignatureRequired: true, MaxAgeDays: 30, Approvals: 2, Approvers: ["ada", "ben", "cleo"], Packages.Count: 2, Scan: { Critical: 0, High: 2, Medium: null } });
        Assert.Equal(PathOf("trusted-keys.json"), policy.Keys);
    }

    [Fact]
    public void The_policy_of_the_documentation_is_good()
    {
        var page = File.ReadAllText(Path.Combine(Texts.Root, "docs", "images.md"));
        var start = page.IndexOf("apiVersion:", StringComparison.Ordinal);
        Assert.Empty(ImagePolicyFile.Parse(page[start..page.IndexOf("```", start, StringComparison.Ordinal)], "image-policy.yaml").Mistakes);
    }

    [Fact]
    public void Every_mistake_of_a_policy_is_told_at_its_place()
    {
        var (policy, mistakes) = ImagePolicyFile.Parse("apiVersion: refresh/v1\nkind: Fleet\nsignature: perhaps\nscan: { critcal: 0 }\npackages: [{ name: openssl }]\n", "image-policy.yaml");
        Assert.Null(policy);
        foreach (var words in new[] { "image-policy.yaml:2:7: 'kind' must be 'ImagePolicy'", ":3:12: 'signature' must be optional or required", ":4:9: unknown key 'critcal'", "has no 'version'" })
            Assert.Contains(mistakes, mistake => mistake.Contains(words, StringComparison.Ordinal));
    }

    internal static string PathOf(string file) => Path.Combine(Texts.Root, "samples", "images", file);

    private static async Task<List<Package>> PackagesAsync(string file)
    {
        await using var stream = File.OpenRead(PathOf(file));
        return await SbomReader.ReadAsync(stream, Cancellation).ToListAsync(Cancellation);
    }
}
