using System.Text;
using System.Text.Json.Nodes;
using Refresh.Orchestrator.Commands;
using Refresh.Orchestrator.Images;
using Refresh.Orchestrator.Images.Signing;
using Refresh.Orchestrator.Tests.Fuzzing;
using Xunit;

namespace Refresh.Orchestrator.Tests.Images;

/// <summary>Images that cannot be used: each is refused with file and place, and the catalogue is as it was.</summary>
public sealed class BadImageTests : IDisposable
{
    private readonly Gallery _gallery = new();

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public void Dispose() => _gallery.Dispose();

    [Theory]
    [InlineData("\"patches\": []", "\"patches\": [", "manifest.json: line ")]
    [InlineData("\"name\": \"web\"", "\"name\": \"web\", \"name\": \"web\"", "it is not valid JSON: Duplicate property")]
    [InlineData("\"digest\": \"sha256:", "\"digest\": \"md5:", "digest is not 'sha256:' and 64 lower-case hexadecimal digits")]
    [InlineData("\"digest\": \"sha256:", "\"digest\": \"sha256:00", "line 6, column 13: digest is not")]
    [InlineData("\"patches\": []", "\"patches\": [], \"sbom\": \"../../etc/passwd\"", "is not a file below the image's directory")]
    [InlineData("\"patches\": []", "\"patches\": [], \"sbom\": \"nowhere.json\"", "nowhere.json")]
    [InlineData("\"patches\": []", "\"patches\": [], \"packages\": [{ \"name\": \"openssl\" }]", "packages[0].version is missing")]
    [InlineData("\"patches\": []", "\"patches\": [], \"providers\": { \"dc1\": 7 }", "providers.dc1 is not a text")]
    public async Task A_bad_manifest_is_refused_at_its_place(string good, string bad, string words)
    {
        var directory = await _gallery.BuildAsync("1");
        var manifest = Path.Combine(directory, "manifest.json");
        var text = await File.ReadAllTextAsync(manifest, Cancellation);
        Assert.Contains(good, text, StringComparison.Ordinal);
        await File.WriteAllTextAsync(manifest, text.Replace(good, bad, StringComparison.Ordinal), Cancellation);
        await RefusedAsync(directory, words);
    }

    [Fact]
    public async Task Content_that_is_not_what_the_digest_says_is_refused()
    {
        var directory = await _gallery.BuildAsync("1");
        await File.AppendAllTextAsync(Path.Combine(directory, "disk", "issue"), "changed", Cancellation);
        await RefusedAsync(directory, "but its manifest says");
    }

    [Fact]
    public async Task A_damaged_SBOM_is_refused_at_its_place()
    {
        var directory = _gallery.At("build-1");
        Directory.CreateDirectory(directory);
        await File.WriteAllTextAsync(Path.Combine(directory, "sbom.json"), "{\"bomFormat\":\"CycloneDX\",\n\"components\":[{\"name\":\"a\"},", Cancellation);
        await _gallery.BuildAsync("1", "--sbom", "sbom.json");
        await RefusedAsync(directory, "sbom.json: line 2, column ");
    }

    [Fact]
    public async Task A_scan_report_that_is_none_stops_the_adding()
    {
        var directory = await _gallery.BuildAsync("1");
        await File.WriteAllTextAsync(_gallery.At("report.json"), """{"bomFormat":"CycloneDX"}""", Cancellation);
        await RefusedAsync(directory, "report.json: line 1, column 14: this is an SBOM, not a scan report", "--scan", _gallery.At("report.json"));
    }

    [Fact]
    public async Task A_scan_report_that_was_changed_afterwards_is_found()
    {
        _gallery.Policy("scan: {}");
        await _gallery.AddAsync("1");
        await File.WriteAllTextAsync(_gallery.At("report.json"), """{"SchemaVersion":2}""", Cancellation);
        (await _gallery.RunAsync("scan", "web@1", _gallery.At("report.json"))).Ended(0);
        (await _gallery.RunAsync("verify", "web@1")).Ended(0);
        var kept = Assert.Single(Directory.GetFiles(Path.Combine(_gallery.Images, ".catalogue", "scans")));
        await File.WriteAllTextAsync(kept, """{"SchemaVersion":2,"Results":[]}""", Cancellation);
        Assert.Contains("was changed", (await _gallery.RunAsync("verify", "web@1")).Ended(ExitCodes.Refused).Output, StringComparison.Ordinal);
    }

    [Fact]
    [Trait(Fuzz.Trait, "signatures")]
    public void Key_files_signatures_and_logs_cut_or_changed_anywhere_are_read_or_refused()
    {
        using var key = SigningKey.Create("one");
        var manifest = "{}"u8.ToArray();
        var signatures = new ManifestSignatures([]).With(key, manifest, DateTimeOffset.UnixEpoch).ToBytes();
        var keys = Encoding.UTF8.GetBytes($$"""{"format":"refresh-keys/1","keys":[{"id":"one","algorithm":"Ed25519","publicKey":"{{Convert.ToBase64String(key.PublicKey)}}"}]}""");
        var trusted = TrustedKeys.Parse(keys);
        Assert.Equal(Workflows.Trust.SignatureStanding.Good, Assert.Single(ManifestSignatures.Parse(signatures).Judge(manifest, trusted, null)).Standing);
        Refused(keys, document => TrustedKeys.Parse(document));
        Refused(keys, document => SigningKey.Parse(document).Dispose());
        Refused(keys, document => ImageLog.Parse(document));
        Refused(signatures, document =>
        {
            foreach (var judged in ManifestSignatures.Parse(document).Judge(manifest, trusted, null))
                Assert.True(judged.Standing != Workflows.Trust.SignatureStanding.Good || Same(document, signatures));
        });
    }

    /// <summary>Whether two files hold the same signature, whatever surrounds it.</summary>
    private static bool Same(byte[] one, byte[] other) => Signature(one) == Signature(other);

    private static (string, DateTimeOffset) Signature(byte[] file)
    {
        var signature = JsonNode.Parse(file)!["signatures"]![0]!;
        return (Convert.ToHexString(Convert.FromBase64String((string)signature["signature"]!)), (DateTimeOffset)signature["signedAt"]!);
    }

    private static void Refused(byte[] document, Action<byte[]> read) =>
        Fuzz.Play(Fuzz.Of(document), changed =>
        {
            try
            {
                read(changed);
            }
            catch (FormatException mistake)
            {
                Assert.NotEmpty(mistake.Message);
            }
        }, iter: 5000);

    private async Task RefusedAsync(string directory, string words, params string[] more)
    {
        var before = _gallery.Everything();
        var said = (await _gallery.RunAsync(["add", directory, .. more])).Ended(ExitCodes.Refused);
        Assert.Contains(words, said.Error, StringComparison.Ordinal);
        Assert.Equal(before, _gallery.Everything());
    }
}
