using Microsoft.Data.Sqlite;
using Refresh.Orchestrator.Commands;
using Refresh.Orchestrator.Images.Signing;
using Refresh.Orchestrator.Tests.Commands;
using Refresh.Workflows.Tests.Evidence;
using Xunit;

namespace Refresh.Orchestrator.Tests.Bundles;

public sealed class EvidenceCommandTests : IDisposable
{
    private readonly Cli _cli = new();

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_run_is_exported_signed_and_checked_without_the_journal()
    {
        await _cli.StoreAsync(Sample.Success(2), "r1");
        var made = (await _cli.RunAsync("evidence", "key", "--output", _cli.At("key"), "--json")).Ended(ExitCodes.Done).Json;
        if (!OperatingSystem.IsWindows())
            Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(_cli.At("key")));
        var said = (await _cli.RunAsync("evidence", "export", "r1", "--output", _cli.At("r1.json"), "--key", _cli.At("key"))).Ended(ExitCodes.Done);
        Assert.Contains($"signed by evidence, {made.GetProperty("fingerprint").GetString()}", said.Output, StringComparison.Ordinal);
        SqliteConnection.ClearAllPools();
        File.Delete(_cli.Journal);
        foreach (var key in new[] { made.GetProperty("publicKey").GetString()!, _cli.At("key.pub") })
        {
            var verified = (await _cli.RunAsync("evidence", "verify", _cli.At("r1.json"), "--key", key, "--html", _cli.At("r1.html"))).Ended(ExitCodes.Done);
            Assert.Contains("It holds.", verified.Output, StringComparison.Ordinal);
            Assert.Contains("Was a pair ever down to none?", verified.Output, StringComparison.Ordinal);
        }

        Assert.Contains("<!doctype html>", await File.ReadAllTextAsync(_cli.At("r1.html"), Cancellation), StringComparison.Ordinal);
        Assert.False(File.Exists(_cli.Journal));
        var json = (await _cli.RunAsync("evidence", "verify", _cli.At("r1.json"), "--json")).Ended(ExitCodes.Done).Json;
        Assert.True(json.GetProperty("holds").GetBoolean());
        Assert.False(json.GetProperty("signed").GetBoolean());
        Assert.Equal("Succeeded", json.GetProperty("claims").GetProperty("state").GetString());
    }

    [Fact]
    public async Task A_bundle_that_nobody_signed_says_so_and_holds_only_where_that_is_allowed()
    {
        await File.WriteAllBytesAsync(_cli.At("r1.json"), Bundle.Of(Sample.Success(1), null), Cancellation);
        Assert.Contains("The first that does not: signature", (await _cli.RunAsync("evidence", "verify", _cli.At("r1.json"))).Ended(ExitCodes.Failed).Output, StringComparison.Ordinal);
        (await _cli.RunAsync("evidence", "verify", _cli.At("r1.json"), "--allow-unsigned")).Ended(ExitCodes.Done);
    }

    [Fact]
    public async Task The_page_that_is_written_is_made_from_the_entries_and_not_the_one_that_somebody_put_in()
    {
        using var key = SigningKey.Create("evidence");
        await File.WriteAllBytesAsync(_cli.At("r1.json"), Bundle.Of(Sample.Frozen(), key, page: "<p>All is well</p>", tool: "0.1.1"), Cancellation);
        var said = (await _cli.RunAsync("evidence", "verify", _cli.At("r1.json"), "--key", Convert.ToBase64String(key.PublicKey), "--html", _cli.At("r1.html"))).Ended(ExitCodes.Done);
        Assert.Contains("NOT COMPARED", said.Output, StringComparison.Ordinal);
        var page = await File.ReadAllTextAsync(_cli.At("r1.html"), Cancellation);
        Assert.DoesNotContain("All is well", page, StringComparison.Ordinal);
        Assert.Contains("web-2 stays frozen", page, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_key_that_is_revoked_is_told_loudly_though_the_bundle_says_that_it_is_older()
    {
        using var key = SigningKey.Create("evidence");
        await File.WriteAllBytesAsync(_cli.At("r1.json"), Bundle.Of(Sample.Success(1), key), Cancellation);
        async Task<Said> VerifyAsync(DateTimeOffset revokedAt)
        {
            await File.WriteAllTextAsync(_cli.At("keys"), $$"""{"format":"refresh-keys/1","keys":[{"id":"evidence","algorithm":"Ed25519","publicKey":"{{Convert.ToBase64String(key.PublicKey)}}","revokedAt":"{{revokedAt:O}}","why":"stolen"}]}""", Cancellation);
            return await _cli.RunAsync("evidence", "verify", _cli.At("r1.json"), "--key", _cli.At("keys"));
        }

        (await VerifyAsync(Bundle.MadeAt)).Ended(ExitCodes.Failed);
        var later = (await VerifyAsync(Bundle.MadeAt.AddDays(1))).Ended(ExitCodes.Done);
        Assert.Contains("WAS REVOKED", later.Output, StringComparison.Ordinal);
        Assert.Contains("stolen", later.Output, StringComparison.Ordinal);
        Assert.DoesNotContain("It holds.", later.Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Without_a_key_that_is_set_up_one_is_made_beside_the_journal_and_used_from_then_on()
    {
        await _cli.StoreAsync(Sample.Success(1), "r1");
        var first = (await _cli.RunAsync("evidence", "export", "r1", "--output", _cli.At("1.json"), "--json")).Ended(ExitCodes.Done).Json;
        var second = (await _cli.RunAsync("evidence", "export", "r1", "--output", _cli.At("2.json"), "--json")).Ended(ExitCodes.Done).Json;
        Assert.Equal(first.GetProperty("publicKey").GetString(), second.GetProperty("publicKey").GetString());
        (await _cli.RunAsync("evidence", "verify", _cli.At("2.json"), "--key", _cli.At("evidence/evidence.key.pub"))).Ended(ExitCodes.Done);
        (await _cli.RunAsync("evidence", "export", "r1", "--output", _cli.At("2.json"))).Ended(ExitCodes.Refused);
    }

    [Fact]
    public async Task What_cannot_be_used_is_refused_in_words()
    {
        await _cli.StoreAsync(Sample.Success(1), "r1");
        (await _cli.RunAsync("evidence", "export", "r1", "--key", _cli.At("none"))).Ended(ExitCodes.Refused);
        await File.WriteAllTextAsync(_cli.At("bad"), "{}", Cancellation);
        Assert.Contains("bad", (await _cli.RunAsync("evidence", "export", "r1", "--key", _cli.At("bad"))).Ended(ExitCodes.Refused).Error, StringComparison.Ordinal);
        (await _cli.RunAsync("evidence", "export", "none")).Ended(ExitCodes.Refused);
        Assert.Contains("WRONG file", (await _cli.RunAsync("evidence", "verify", _cli.At("bad"))).Ended(ExitCodes.Failed).Output, StringComparison.Ordinal);
        (await _cli.RunAsync("evidence", "verify", _cli.At("nowhere"))).Ended(ExitCodes.Refused);
        (await _cli.RunAsync("evidence", "verify", _cli.At("bad"), "--key", "short")).Ended(ExitCodes.Refused);
        await using (var huge = File.Create(_cli.At("huge")))
            huge.SetLength(300L * 1024 * 1024);
        Assert.Contains("300 MiB", (await _cli.RunAsync("evidence", "verify", _cli.At("huge"))).Ended(ExitCodes.Failed).Output, StringComparison.Ordinal);
    }

    public void Dispose() => _cli.Dispose();
}
