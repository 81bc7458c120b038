using System.Text.Json.Nodes;
using Refresh.Orchestrator.Application;
using Refresh.Orchestrator.Commands;
using Refresh.Orchestrator.Images;
using Refresh.Orchestrator.Images.Signing;
using Refresh.Orchestrator.Settings;
using Refresh.Workflows.Trust;
using Xunit;

namespace Refresh.Orchestrator.Tests.Images;

/// <summary>Signatures from the command line: good ones, rotated and revoked keys, and everything that is wrong with a signature.</summary>
public sealed class SignatureTests : IDisposable
{
    private readonly Gallery _gallery = new();

    private string Signatures => Path.Combine(_gallery.Images, "web-1", "manifest.json.sig");

    private string Keys => Path.Combine(_gallery.Images, "trusted-keys.json");

    public void Dispose() => _gallery.Dispose();

    [Fact]
    public async Task A_signed_image_passes_and_an_unsigned_one_does_not()
    {
        await SignedAsync();
        (await _gallery.RunAsync("verify", "web@1")).Ended(0);
        await _gallery.AddAsync("2");
        Assert.Contains("web@2 is not signed", (await _gallery.RunAsync("verify", "web@2")).Ended(ExitCodes.Refused).Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Only_its_owner_may_read_a_private_key_and_none_is_replaced()
    {
        (await _gallery.RunAsync("key", "new", "one", "--private", _gallery.At("one.key"))).Ended(0);
        if (!OperatingSystem.IsWindows())
            Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(_gallery.At("one.key")));
        var before = _gallery.Everything();
        (await _gallery.RunAsync("key", "new", "two", "--private", _gallery.At("one.key"))).Ended(ExitCodes.Refused);
        (await _gallery.RunAsync("key", "new", "one", "--private", _gallery.At("new.key"))).Ended(ExitCodes.Refused);
        Assert.Equal(before, _gallery.Everything());
        Assert.False(File.Exists(_gallery.At("new.key")));
    }

    [Fact]
    public async Task A_manifest_that_was_changed_is_refused_even_where_no_signature_is_required()
    {
        await SignedAsync();
        _gallery.Policy("signature: optional");
        await ChangeAsync(Path.Combine(_gallery.Images, "web-1", "manifest.json"), manifest => manifest["patches"] = new JsonArray("CVE-2026-1"));
        await RefusesAsync("it is not of this manifest as it is now");
    }

    [Fact]
    public async Task The_signature_of_another_image_is_refused()
    {
        await SignedAsync();
        await _gallery.AddAsync("2");
        (await _gallery.RunAsync("sign", "web@2", "--key", _gallery.At("one.key"))).Ended(0);
        File.Copy(Path.Combine(_gallery.Images, "web-2", "manifest.json.sig"), Signatures, overwrite: true);
        await RefusesAsync("it is not of this manifest as it is now");
    }

    [Fact]
    public async Task A_date_that_was_changed_breaks_the_signature()
    {
        await SignedAsync();
        await ChangeAsync(Signatures, file => file["signatures"]![0]!["signedAt"] = "2020-01-01T00:00:00Z");
        await RefusesAsync("it is not of this manifest as it is now");
    }

    [Theory]
    [InlineData("algorithm", "RSA", "its algorithm 'RSA' is not known; Ed25519 is")]
    [InlineData("signature", "AAAA", "it is not 64 bytes in base64")]
    [InlineData("signature", "?", "it is not 64 bytes in base64")]
    [InlineData("key", "stranger", "no key of that id is trusted")]
    public async Task A_signature_that_cannot_be_used_says_why(string field, string value, string words)
    {
        await SignedAsync();
        await ChangeAsync(Signatures, file => file["signatures"]![0]![field] = value);
        await RefusesAsync(words);
    }

    [Theory]
    [InlineData("algorithm", "RSA", "keys[0].algorithm is 'RSA', and only 'Ed25519' is known")]
    [InlineData("publicKey", "AAAA", "keys[0].publicKey has 3 bytes, and must have 32")]
    [InlineData("publicKey", "*", "keys[0].publicKey is not base64")]
    [InlineData("notAfter", "tomorrow", "keys[0].notAfter is not a time")]
    public async Task A_key_file_with_a_mistake_is_refused_at_its_place(string field, string value, string words)
    {
        await SignedAsync();
        await ChangeAsync(Keys, file => file["keys"]![0]![field] = value);
        await RefusesAsync(words);
        await RefusesAsync("trusted-keys.json: line ");
        var before = _gallery.Everything();
        Assert.Contains(words, (await _gallery.RunAsync("key", "new", "two", "--private", _gallery.At("two.key"))).Ended(ExitCodes.Refused).Error, StringComparison.Ordinal);
        Assert.Equal(before, _gallery.Everything());
    }

    [Fact]
    public async Task A_key_file_with_two_keys_of_one_name_is_refused()
    {
        await SignedAsync();
        await ChangeAsync(Keys, file => file["keys"]!.AsArray().Add(file["keys"]![0]!.DeepClone()));
        await RefusesAsync("is that of another key already: 'one'");
    }

    [Fact]
    public async Task A_key_file_that_is_cut_or_has_a_field_twice_is_refused_at_its_place()
    {
        await SignedAsync();
        var whole = await File.ReadAllTextAsync(Keys, TestContext.Current.CancellationToken);
        await File.WriteAllTextAsync(Keys, whole[..(whole.Length / 2)], TestContext.Current.CancellationToken);
        await RefusesAsync("it is not valid JSON");
        await File.WriteAllTextAsync(Keys, whole.Replace("\"keys\":", "\"format\": \"x\", \"keys\":", StringComparison.Ordinal), TestContext.Current.CancellationToken);
        await RefusesAsync("it is not valid JSON");
    }

    [Fact]
    public async Task Keys_are_rotated_while_images_of_the_old_key_stay_good()
    {
        await SignedAsync();
        (await _gallery.RunAsync("key", "new", "two", "--private", _gallery.At("two.key"))).Ended(0);
        await _gallery.AddAsync("2");
        (await _gallery.RunAsync("sign", "web@2", "--key", _gallery.At("two.key"))).Ended(0);
        (await _gallery.RunAsync("key", "revoke", "one", "--from", "2100-01-01T00:00:00Z", "--reason", "retired")).Ended(0);
        (await _gallery.RunAsync("verify", "web@1")).Ended(0);
        (await _gallery.RunAsync("verify", "web@2")).Ended(0);
    }

    [Fact]
    public async Task A_key_that_is_revoked_from_before_the_signature_counts_no_more()
    {
        await SignedAsync();
        (await _gallery.RunAsync("key", "revoke", "one", "--from", "2020-01-01T00:00:00Z", "--reason", "stolen")).Ended(0);
        await RefusesAsync("its key was revoked before it was made (stolen)");
        (await _gallery.RunAsync("key", "revoke", "nobody", "--reason", "x")).Ended(ExitCodes.Refused);
    }

    [Fact]
    public async Task A_key_whose_time_is_over_counts_no_more()
    {
        await SignedAsync();
        await ChangeAsync(Keys, file =>
        {
            file["keys"]![0]!["notBefore"] = "2019-01-01T00:00:00Z";
            file["keys"]![0]!["notAfter"] = "2020-01-01T00:00:00Z";
        });
        await RefusesAsync("its key was not valid any more when it was made");
    }

    [Fact]
    public async Task A_key_that_is_revoked_from_now_on_cannot_sign_anew_what_was_changed_since()
    {
        await SignedAsync();
        (await _gallery.RunAsync("key", "revoke", "one", "--reason", "stolen")).Ended(0);
        (await _gallery.RunAsync("verify", "web@1")).Ended(0);
        var manifest = Path.Combine(_gallery.Images, "web-1", "manifest.json");
        await ChangeAsync(manifest, fields => fields["location"] = "template-evil");
        await SignAsOfAsync(manifest, await SignedAtAsync());
        await RefusesAsync("its key is revoked (stolen), and the image was not seen in the catalogue before that");
    }

    [Fact]
    public async Task Each_policy_is_satisfied_by_its_own_keys_only()
    {
        await SignedAsync();
        (await _gallery.RunAsync("key", "new", "two", "--private", _gallery.At("two.key"), "--keys", _gallery.At("fleet-keys.json"))).Ended(0);
        var settings = new ImageSettings(_gallery.Images, new ImagePolicy { SignatureRequired = true, Keys = _gallery.At("fleet-keys.json") });
        Assert.Equal(["the fleet file"], await RefusingAsync(settings));
        await OnlyByAsync("two");
        Assert.Equal(["image-policy.yaml"], await RefusingAsync(settings));
        (await _gallery.RunAsync("sign", "web@1", "--key", _gallery.At("one.key"))).Ended(0);
        Assert.Empty(await RefusingAsync(settings));
    }

    [Fact]
    public async Task A_fleet_file_that_names_no_keys_goes_by_those_of_the_image_policy()
    {
        await SignedAsync();
        File.Move(Keys, _gallery.At("images-keys.json"));
        _gallery.Policy("keys: ../images-keys.json");
        Assert.Empty(await RefusingAsync(new ImageSettings(_gallery.Images, new ImagePolicy { SignatureRequired = true })));
    }

    [Fact]
    public async Task A_signature_that_does_not_match_is_refused_without_any_policy()
    {
        await SignedAsync();
        File.Delete(Path.Combine(_gallery.Images, "image-policy.yaml"));
        (await _gallery.RunAsync("verify", "web@1")).Ended(0);
        await ChangeAsync(Path.Combine(_gallery.Images, "web-1", "manifest.json"), manifest => manifest["patches"] = new JsonArray("CVE-2026-1"));
        await RefusesAsync("it is not of this manifest as it is now");
    }

    [Fact]
    public async Task Signatures_that_are_cut_refuse_the_image_where_none_is_required()
    {
        await SignedAsync();
        _gallery.Policy("signature: optional");
        var whole = await File.ReadAllTextAsync(Signatures, TestContext.Current.CancellationToken);
        await File.WriteAllTextAsync(Signatures, whole[..(whole.Length / 2)], TestContext.Current.CancellationToken);
        Assert.Contains("refused: signature", (await _gallery.RunAsync("list")).Ended(0).Output, StringComparison.Ordinal);
    }

    private static async Task<IReadOnlyList<string>> RefusingAsync(ImageSettings settings)
    {
        var cancellation = TestContext.Current.CancellationToken;
        var catalogue = new DirectoryImageCatalog(settings);
        var image = await catalogue.FindAsync("web", "1", cancellation);
        var (report, _) = await ImageTrust.JudgeAsync(image.Ref, await ImageTrust.PoliciesAsync(settings, cancellation), [], catalogue, TimeProvider.System.GetUtcNow(), cancellation);
        return [.. report.Gates.Where(gate => gate.Refusals.Count > 0).Select(gate => gate.Policy)];
    }

    private async Task OnlyByAsync(string key)
    {
        File.Delete(Signatures);
        (await _gallery.RunAsync("sign", "web@1", "--key", _gallery.At($"{key}.key"))).Ended(0);
    }

    /// <summary>Signs as somebody does who has the key and says any date.</summary>
    private async Task SignAsOfAsync(string manifest, DateTimeOffset at)
    {
        var cancellation = TestContext.Current.CancellationToken;
        using var key = SigningKey.Parse(await File.ReadAllBytesAsync(_gallery.At("one.key"), cancellation));
        await File.WriteAllBytesAsync(Signatures, new ManifestSignatures([]).With(key, await File.ReadAllBytesAsync(manifest, cancellation), at).ToBytes(), cancellation);
    }

    private async Task<DateTimeOffset> SignedAtAsync() =>
        ManifestSignatures.Parse(await File.ReadAllBytesAsync(Signatures, TestContext.Current.CancellationToken)).Signatures[0].SignedAt;

    private async Task SignedAsync()
    {
        (await _gallery.RunAsync("key", "new", "one", "--private", _gallery.At("one.key"))).Ended(0);
        _gallery.Policy("signature: required");
        var directory = await _gallery.BuildAsync("1");
        (await _gallery.RunAsync("sign", directory, "--key", _gallery.At("one.key"))).Ended(0);
        (await _gallery.RunAsync("add", directory)).Ended(0);
    }

    private async Task RefusesAsync(string words) =>
        Assert.Contains(words, (await _gallery.RunAsync("verify", "web@1")).Ended(ExitCodes.Refused).Output, StringComparison.Ordinal);

    private static async Task ChangeAsync(string file, Action<JsonNode> change)
    {
        var document = JsonNode.Parse(await File.ReadAllTextAsync(file, TestContext.Current.CancellationToken))!;
        change(document);
        await File.WriteAllTextAsync(file, document.ToJsonString(), TestContext.Current.CancellationToken);
    }
}
