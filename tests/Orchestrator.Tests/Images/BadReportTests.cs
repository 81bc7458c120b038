using System.Text;
using CsCheck;
using Refresh.Orchestrator.Images.Boms;
using Refresh.Orchestrator.Images.Scans;
using Refresh.Orchestrator.Tests.Fuzzing;
using Xunit;

namespace Refresh.Orchestrator.Tests.Images;

/// <summary>Reports that are cut, changed, of another kind or endless: a clear error with its place, or the right answer, and bounded memory.</summary>
public sealed class BadReportTests
{
    public static TheoryData<string> Boms => ["sbom.cdx.json", "sbom.spdx.json"];

    public static TheoryData<string> Scans => ["trivy.json", "grype.json", "scan.sarif"];

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData("""{"bomFormat":"CycloneDX","components":[{"name":"a","name":"b"}]}""", "line 1, column 52: 'name' is there twice")]
    [InlineData("{\"bomFormat\":\"CycloneDX\",\n \"components\":[\n  {\"version\":\"1\"}]}", "line 3, column 17: the package that ends here has no name")]
    [InlineData("""{"bomFormat":"CycloneDX","components":{}}""", "line 1, column 39: 'components' must be a list")]
    [InlineData("""{"bomFormat":"CycloneDX","components":["a"]}""", "line 1, column 40: 'components[]' must be an object")]
    [InlineData("""{"bomFormat":"Cyclone"}""", "line 1, column 14: bomFormat is not CycloneDX")]
    [InlineData("""{"spdxVersion":"SPDX-3.0"}""", "only SPDX 2 is read")]
    [InlineData("""{"components":[]}""", "it is neither CycloneDX (bomFormat) nor SPDX (spdxVersion) in JSON")]
    [InlineData("""[]""", "line 1, column 1: it is not a JSON object")]
    [InlineData("", "it is not")]
    [InlineData("""{"bomFormat":"CycloneDX"} {}""", "line 1, column 27: it is not valid JSON")]
    [InlineData("\"<?xml version='1.0'?>\"", "it is not a JSON object")]
    [InlineData("""{"bomFormat":"CycloneDX","components":[{"name":"\ud800"}]}""", "it is not valid Unicode")]
    public async Task A_bad_SBOM_is_refused_with_its_place(string document, string words)
    {
        var mistake = await Assert.ThrowsAsync<FormatException>(() => CountAsync(Encoding.UTF8.GetBytes(document)));
        Assert.Contains(words, mistake.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("""{"SchemaVersion":1}""", "line 1, column 18: Trivy's SchemaVersion 1 is not read; 2 is")]
    [InlineData("""{"SchemaVersion":2,"Results":[{"Vulnerabilities":[{"Severity":"HIGH"}]}]}""", "has no VulnerabilityID")]
    [InlineData("""{"SchemaVersion":2,"CreatedAt":"yesterday"}""", "CreatedAt is not a time")]
    [InlineData("""{"descriptor":{"name":"grype"},"matches":[{"vulnerability":{}}]}""", "has no vulnerability.id")]
    [InlineData("""{"version":"2.1.0","runs":[{"results":[{"level":"error"}],"tool":{"driver":{"name":"x"}}}]}""", "names no rule")]
    [InlineData("""{"version":"2.1.0","runs":[{"results":[{"ruleIndex":3}],"tool":{"driver":{"name":"x"}}}]}""", "names rule 3, which there is not")]
    [InlineData("""{"version":"2.1.0","runs":[{"results":[{"rule":{"index":0,"toolComponent":{"index":7}}}],"tool":{"driver":{"name":"x","rules":[{"id":"D"}]}}}]}""", "names rule 0, which there is not")]
    [InlineData("""{"version":"1.0.0","runs":[]}""", "it is no report of Trivy")]
    [InlineData("""{"findings":[]}""", "it is no report of Trivy")]
    public async Task A_bad_scan_is_refused_with_its_place(string document, string words)
    {
        var mistake = await Assert.ThrowsAsync<FormatException>(() => ScanAsync(Encoding.UTF8.GetBytes(document)));
        Assert.Contains(words, mistake.Message, StringComparison.Ordinal);
        Assert.StartsWith("line ", mistake.Message, StringComparison.Ordinal);
    }

    [Theory]
    [MemberData(nameof(Scans))]
    public async Task A_scan_is_no_SBOM(string file)
    {
        var document = await File.ReadAllBytesAsync(SampleReportTests.PathOf(file), Cancellation);
        Assert.Contains("this is a scan report, not an SBOM", (await Assert.ThrowsAsync<FormatException>(() => CountAsync(document))).Message, StringComparison.Ordinal);
    }

    [Theory]
    [MemberData(nameof(Boms))]
    public async Task An_SBOM_is_no_scan(string file)
    {
        var document = await File.ReadAllBytesAsync(SampleReportTests.PathOf(file), Cancellation);
        Assert.Contains("this is an SBOM, not a scan report", (await Assert.ThrowsAsync<FormatException>(() => ScanAsync(document))).Message, StringComparison.Ordinal);
    }

    [Theory]
    [MemberData(nameof(Boms))]
    [MemberData(nameof(Scans))]
    public async Task A_report_cut_anywhere_is_refused_with_its_place(string file)
    {
        var document = (await File.ReadAllTextAsync(SampleReportTests.PathOf(file), Cancellation)).TrimEnd();
        var bytes = Encoding.UTF8.GetBytes(document);
        await Gen.Int[0, bytes.Length - 1].SampleAsync(async length =>
        {
            var mistake = await Assert.ThrowsAsync<FormatException>(() => ReadAsync(file, bytes[..length]));
            Assert.Matches(@"^line \d+, column \d+: ", mistake.Message);
        }, iter: 300);
    }

    [Theory]
    [MemberData(nameof(Boms))]
    [MemberData(nameof(Scans))]
    [Trait(Fuzz.Trait, "reports")]
    public async Task A_report_changed_anywhere_is_read_or_refused(string file)
    {
        var bytes = await File.ReadAllBytesAsync(SampleReportTests.PathOf(file), Cancellation);
        await Fuzz.PlayAsync(Fuzz.Of(bytes, most: 6), async document =>
        {
            try
            {
                await ReadAsync(file, document);
            }
            catch (FormatException mistake)
            {
                Assert.Matches(@"^line \d+, column \d+: ", mistake.Message);
            }
        }, iter: 3000);
    }

    [Fact]
    public async Task The_answer_does_not_depend_on_how_the_stream_comes()
    {
        var bytes = await File.ReadAllBytesAsync(SampleReportTests.PathOf("sbom.cdx.json"), Cancellation);
        await Gen.Int[1, 40].SampleAsync(async size => Assert.Equal(5, await SbomReader.ReadAsync(new Dribble(new MemoryStream(bytes), size), Cancellation).CountAsync(Cancellation)), iter: 40);
    }

    [Fact]
    public async Task A_text_without_end_is_refused()
    {
        var document = Encoding.ASCII.GetBytes("{\"bomFormat\":\"" + new string('x', 5 * 1024 * 1024) + "\"}");
        Assert.Contains("a text is longer than 4 MiB", (await Assert.ThrowsAsync<FormatException>(() => CountAsync(document))).Message, StringComparison.Ordinal);
    }

    private static async Task ReadAsync(string file, byte[] document)
    {
        if (file.StartsWith("sbom", StringComparison.Ordinal))
            await CountAsync(document);
        else
            await ScanAsync(document);
    }

    private static async Task<int> CountAsync(byte[] document) => await SbomReader.ReadAsync(new MemoryStream(document), CancellationToken.None).CountAsync();

    private static Task<ScanReport> ScanAsync(byte[] document) => ScanReader.ReadAsync(new MemoryStream(document), CancellationToken.None);
}
