using System.Diagnostics;
using System.Formats.Tar;
using System.IO.Compression;
using System.Security.Cryptography;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;
using Refresh.Orchestrator.Commands;
using Xunit;

namespace Refresh.Orchestrator.Tests.Images;

/// <summary>The catalogue from the command line: where images come from, what people decide, what differs.</summary>
public sealed class CatalogueTests : IDisposable
{
    private readonly Gallery _gallery = new();

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public void Dispose() => _gallery.Dispose();

    [Fact]
    public async Task An_image_that_is_added_is_listed_and_shown_with_what_its_manifest_says()
    {
        await _gallery.AddAsync("1", "--source", "https://git.example/images@4f2c", "--base", "debian-12", "--patch-level", "2026-11", "--patch", "CVE-2026-1", "--provider", "dc1=template-7");
        var shown = (await _gallery.RunAsync("show", "web@1", "--json")).Ended(ExitCodes.Done).Json;
        Assert.True(shown.GetProperty("usable").GetBoolean());
        var image = shown.GetProperty("image");
        Assert.Equal(("debian-12", "2026-11", "template-7"), (image.GetProperty("baseImage").GetString(), image.GetProperty("patchLevel").GetString(), image.GetProperty("providers").GetProperty("dc1").GetString()));
        Assert.Contains("web@1", (await _gallery.RunAsync("list")).Ended(0).Output, StringComparison.Ordinal);
        Assert.Contains("usable", (await _gallery.RunAsync("list")).Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_same_image_is_added_once()
    {
        var directory = await _gallery.BuildAsync("1");
        (await _gallery.RunAsync("add", directory)).Ended(0);
        var before = _gallery.Everything();
        Assert.Contains("already", (await _gallery.RunAsync("add", directory)).Ended(ExitCodes.Refused).Error, StringComparison.Ordinal);
        Assert.Equal(before, _gallery.Everything());
    }

    [Fact]
    public async Task A_git_checkout_gives_what_is_committed_and_not_what_lies_on_top()
    {
        var checkout = await _gallery.BuildAsync("1");
        await GitAsync(checkout, "init", "-q");
        await GitAsync(checkout, "add", "-A");
        await GitAsync(checkout, "-c", "user.name=ada", "-c", "user.email=ada@example.org", "-c", "commit.gpgsign=false", "commit", "-qm", "web 1");
        await File.WriteAllTextAsync(Path.Combine(checkout, "disk", "issue"), "changed", Cancellation);
        var added = (await _gallery.RunAsync("add", checkout, "--commit", "HEAD", "--json")).Ended(0).Json;
        Assert.Matches("^git .*@[0-9a-f]{40}$", added.GetProperty("from").GetString());
        (await _gallery.RunAsync("verify", "web@1")).Ended(0);
        Assert.Contains("there is no commit nowhere", (await _gallery.RunAsync("add", checkout, "--commit", "nowhere")).Ended(ExitCodes.Refused).Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_archive_behind_a_URL_is_taken_only_with_its_digest()
    {
        var directory = await _gallery.BuildAsync("1");
        using var archive = new MemoryStream();
        await using (var zip = new GZipStream(archive, CompressionLevel.Fastest, leaveOpen: true))
            await TarFile.CreateFromDirectoryAsync(directory, zip, includeBaseDirectory: true, Cancellation);
        var bytes = archive.ToArray();
        await using var server = await ServeAsync(bytes);
        var url = $"{server.Urls.First()}/web.tar.gz";
        var digest = $"sha256:{Convert.ToHexStringLower(SHA256.HashData(bytes))}";

        Assert.Contains("--digest", (await _gallery.RunAsync("add", url)).Ended(ExitCodes.Refused).Error, StringComparison.Ordinal);
        Assert.Contains("its digest is", (await _gallery.RunAsync("add", url, "--digest", $"sha256:{new string('0', 64)}")).Ended(ExitCodes.Refused).Error, StringComparison.Ordinal);
        Assert.Contains("404", (await _gallery.RunAsync("add", $"{server.Urls.First()}/other", "--digest", digest)).Ended(ExitCodes.Refused).Error, StringComparison.Ordinal);
        Assert.Empty(_gallery.Everything());
        (await _gallery.RunAsync("add", url, "--digest", digest, "--path", "build-1")).Ended(0);
        (await _gallery.RunAsync("verify", "web@1")).Ended(0);
    }

    [Fact]
    public async Task An_archive_that_leads_out_is_refused()
    {
        using var archive = new MemoryStream();
        await using (var tar = new TarWriter(archive, leaveOpen: true))
            await tar.WriteEntryAsync(new PaxTarEntry(TarEntryType.RegularFile, "../outside") { DataStream = new MemoryStream([1]) }, Cancellation);
        var bytes = archive.ToArray();
        await using var server = await ServeAsync(bytes);
        var said = await _gallery.RunAsync("add", $"{server.Urls.First()}/web.tar.gz", "--digest", $"sha256:{Convert.ToHexStringLower(SHA256.HashData(bytes))}");
        Assert.Contains("leads out of the archive", said.Ended(ExitCodes.Refused).Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_diff_tells_packages_and_CVEs()
    {
        var one = _gallery.At("one.json");
        await File.WriteAllTextAsync(one, """{"SchemaVersion":2,"Results":[{"Vulnerabilities":[{"VulnerabilityID":"CVE-1","Severity":"HIGH"},{"VulnerabilityID":"CVE-2","Severity":"LOW"}]}]}""", Cancellation);
        var other = _gallery.At("other.json");
        await File.WriteAllTextAsync(other, """{"SchemaVersion":2,"Results":[{"Vulnerabilities":[{"VulnerabilityID":"CVE-2","Severity":"LOW"},{"VulnerabilityID":"CVE-3","Severity":"LOW"}]}]}""", Cancellation);
        await WithBomAsync("1", "pkg:deb/debian/openssl openssl 3.0.9-1", "pkg:npm/left-pad left-pad 1.0.0", "pkg:deb/debian/bash bash 5.2-2");
        await WithBomAsync("2", "pkg:deb/debian/openssl openssl 3.0.15-1", "pkg:deb/debian/bash bash 5.2-1", "pkg:npm/express express 4.19.2");
        (await _gallery.RunAsync("scan", "web@1", one)).Ended(0);
        (await _gallery.RunAsync("scan", "web@2", other)).Ended(0);
        var diff = (await _gallery.RunAsync("diff", "web@1", "web@2", "--json")).Ended(0).Json;
        Assert.Equal("express", Assert.Single(diff.GetProperty("added").EnumerateArray()).GetProperty("name").GetString());
        Assert.Equal("left-pad", Assert.Single(diff.GetProperty("removed").EnumerateArray()).GetProperty("name").GetString());
        Assert.Equal([("bash", false), ("openssl", true)], diff.GetProperty("changed").EnumerateArray().Select(each => (each.GetProperty("name").GetString()!, each.GetProperty("upgraded").GetBoolean())));
        Assert.Equal("CVE-1", Assert.Single(diff.GetProperty("closed").EnumerateArray()).GetString());
        Assert.Equal("CVE-3", Assert.Single(diff.GetProperty("opened").EnumerateArray()).GetString());
        Assert.Contains("DOWNGRADED", (await _gallery.RunAsync("diff", "web@1", "web@2")).Ended(0).Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_image_in_quarantine_is_released_by_an_approval_with_a_comment()
    {
        _gallery.Policy("origins: [https://git.example/images]");
        await _gallery.AddAsync("1", "--source", "https://elsewhere.example/x");
        Assert.Contains("in quarantine", (await _gallery.RunAsync("verify", "web@1")).Ended(ExitCodes.Refused).Output, StringComparison.Ordinal);
        (await _gallery.RunAsync("approve", "web@1")).Ended(0);
        (await _gallery.RunAsync("verify", "web@1")).Ended(ExitCodes.Refused);
        (await _gallery.RunAsync("approve", "web@1", "--comment", "looked through")).Ended(0);
        (await _gallery.RunAsync("verify", "web@1")).Ended(0);
    }

    [Fact]
    public async Task Who_is_no_approver_neither_approves_nor_revokes()
    {
        _gallery.Policy("approvers: [somebody-else]");
        await _gallery.AddAsync("1");
        var before = _gallery.Everything();
        Assert.Contains("may not approve images", (await _gallery.RunAsync("approve", "web@1")).Ended(ExitCodes.Refused).Error, StringComparison.Ordinal);
        Assert.Contains("may not revoke images", (await _gallery.RunAsync("revoke", "web@1", "--reason", "x")).Ended(ExitCodes.Refused).Error, StringComparison.Ordinal);
        Assert.Equal(before, _gallery.Everything());
    }

    [Fact]
    public async Task An_approval_does_not_survive_a_changed_manifest()
    {
        _gallery.Policy("approvals: 1");
        await _gallery.AddAsync("1");
        (await _gallery.RunAsync("approve", "web@1")).Ended(0);
        (await _gallery.RunAsync("verify", "web@1")).Ended(0);
        var manifest = Path.Combine(_gallery.Images, "web-1", "manifest.json");
        await File.WriteAllTextAsync(manifest, (await File.ReadAllTextAsync(manifest, Cancellation)).Replace("\"patches\": []", "\"patches\": [\"CVE-2026-1\"]", StringComparison.Ordinal), Cancellation);
        Assert.Contains("0 of 1 approvals", (await _gallery.RunAsync("verify", "web@1")).Ended(ExitCodes.Refused).Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_revoked_image_is_named_and_stays_revoked()
    {
        await _gallery.AddAsync("1");
        (await _gallery.RunAsync("revoke", "web@1", "--reason", "CVE-2026-9")).Ended(0);
        (await _gallery.RunAsync("approve", "web@1", "--comment", "still fine")).Ended(0);
        Assert.Contains("REVOKED", (await _gallery.RunAsync("list")).Ended(0).Output, StringComparison.Ordinal);
        Assert.Contains("CVE-2026-9", (await _gallery.RunAsync("show", "web@1")).Ended(0).Output, StringComparison.Ordinal);
        (await _gallery.RunAsync("verify", "web@1")).Ended(ExitCodes.Refused);
    }

    [Fact]
    public async Task An_image_whose_directory_is_gone_is_revoked_by_what_the_log_knows()
    {
        await _gallery.AddAsync("1");
        Directory.Delete(Path.Combine(_gallery.Images, "web-1"), recursive: true);
        (await _gallery.RunAsync("revoke", "web@1", "--reason", "CVE-2026-9")).Ended(0);
        (await _gallery.RunAsync("revoke", "web@7", "--reason", "CVE-2026-9")).Ended(ExitCodes.Refused);
        (await _gallery.RunAsync("add", _gallery.At("build-1"))).Ended(0);
        Assert.Contains("REVOKED", (await _gallery.RunAsync("list")).Ended(0).Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_image_that_only_a_run_has_seen_is_revoked_with_its_content()
    {
        await _gallery.AddAsync("1");
        var (run, old) = await _gallery.StoreRunAsync("r1");
        var revoked = (await _gallery.RunAsync("revoke", run.Label, "--reason", "backdoor", "--json")).Ended(0).Json;
        Assert.Equal(run.Digest, revoked.GetProperty("image").GetProperty("digest").GetString());
        Assert.Equal(2, revoked.GetProperty("runBy").GetArrayLength());
        Assert.Empty((await _gallery.RunAsync("revoke", "web@1", "--reason", "old", "--json")).Ended(0).Json.GetProperty("runBy").EnumerateArray());
        (await _gallery.RunAsync("revoke", old.Label, "--reason", "old")).Ended(ExitCodes.Refused);
    }

    [Fact]
    public async Task Nothing_is_revoked_where_the_journal_cannot_be_read()
    {
        await _gallery.AddAsync("1");
        var before = _gallery.Everything();
        await File.WriteAllTextAsync(_gallery.At("journal.db"), "no journal at all, but long enough to be taken for one", Cancellation);
        (await _gallery.RunAsync("revoke", "web@1", "--reason", "x")).Ended(ExitCodes.Journal);
        Assert.Equal(before, _gallery.Everything());
    }

    [Fact]
    public async Task A_directory_with_a_named_pipe_is_refused_and_leaves_nothing()
    {
        var directory = await _gallery.BuildAsync("1");
        using var mkfifo = Process.Start("mkfifo", Path.Combine(directory, "disk", "pipe"));
        await mkfifo.WaitForExitAsync(Cancellation);
        var said = await _gallery.RunAsync("add", directory).WaitAsync(TimeSpan.FromSeconds(60), Cancellation);
        Assert.Contains("pipe is no regular file", said.Ended(ExitCodes.Refused).Error, StringComparison.Ordinal);
        Assert.Empty(_gallery.Everything());
    }

    [Fact]
    public async Task An_image_that_cannot_be_written_down_is_not_in_the_catalogue()
    {
        await _gallery.AddAsync("1");
        await File.AppendAllTextAsync(_gallery.Log, "changed\n", Cancellation);
        (await _gallery.RunAsync("add", await _gallery.BuildAsync("2"))).Ended(ExitCodes.Refused);
        Assert.Equal(["web-1"], Directory.GetDirectories(_gallery.Images, "web-*").Select(Path.GetFileName));
        Assert.Empty(Directory.GetDirectories(Path.Combine(_gallery.Images, ".catalogue"), "adding-*"));
    }

    [Fact]
    public async Task An_image_that_cannot_be_moved_in_is_not_said_to_have_changed_nothing()
    {
        Directory.CreateDirectory(_gallery.Images);
        await File.WriteAllTextAsync(Path.Combine(_gallery.Images, "web-1"), "in the way", Cancellation);
        var directory = await _gallery.BuildAsync("1");
        var said = (await _gallery.RunAsync("add", directory)).Ended(ExitCodes.Refused).Error;
        Assert.Contains("web@1 is written down as added and does not lie there", said, StringComparison.Ordinal);
        Assert.DoesNotContain("nothing was changed", said, StringComparison.Ordinal);
        File.Delete(Path.Combine(_gallery.Images, "web-1"));
        (await _gallery.RunAsync("add", directory)).Ended(0);
    }

    [Fact]
    public async Task A_log_that_was_changed_is_found_and_refuses_everything()
    {
        await _gallery.AddAsync("1");
        (await _gallery.RunAsync("revoke", "web@1", "--reason", "bad")).Ended(0);
        (await _gallery.RunAsync("approve", "web@1")).Ended(0);
        var lines = await File.ReadAllLinesAsync(_gallery.Log, Cancellation);
        await File.WriteAllTextAsync(_gallery.Log, $"{lines[0]}\n{lines[2]}\n", Cancellation);
        Assert.Contains("line 2, column 1: the entry does not follow the one before", (await _gallery.RunAsync("verify", "web@1")).Ended(ExitCodes.Refused).Output, StringComparison.Ordinal);
        (await _gallery.RunAsync("approve", "web@1")).Ended(ExitCodes.Refused);
    }

    [Fact]
    public async Task An_entry_that_was_never_finished_does_not_count()
    {
        await _gallery.AddAsync("1");
        var whole = await File.ReadAllTextAsync(_gallery.Log, Cancellation);
        await File.WriteAllTextAsync(_gallery.Log, $"{whole}{{\"sequence\":2,\"at\":", Cancellation);
        (await _gallery.RunAsync("verify", "web@1")).Ended(0);
        (await _gallery.RunAsync("approve", "web@1")).Ended(0);
        Assert.StartsWith(whole, await File.ReadAllTextAsync(_gallery.Log, Cancellation), StringComparison.Ordinal);
        (await _gallery.RunAsync("verify", "web@1")).Ended(0);
    }

    private async Task WithBomAsync(string version, params string[] packages)
    {
        var directory = _gallery.At($"build-{version}");
        Directory.CreateDirectory(directory);
        var components = packages.Select(package => package.Split(' ')).Select(parts => $$"""{"name":"{{parts[1]}}","version":"{{parts[2]}}","purl":"{{parts[0]}}@{{parts[2]}}"}""");
        await File.WriteAllTextAsync(Path.Combine(directory, "sbom.json"), $$"""{"bomFormat":"CycloneDX","components":[{{string.Join(',', components)}}]}""", Cancellation);
        await _gallery.AddAsync(version, "--sbom", "sbom.json");
    }

    private static async Task GitAsync(string directory, params string[] arguments)
    {
        using var git = Process.Start(new ProcessStartInfo("git", ["-C", directory, .. arguments]))!;
        await git.WaitForExitAsync(Cancellation);
        Assert.Equal(0, git.ExitCode);
    }

    private static async Task<WebApplication> ServeAsync(byte[] archive)
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        var app = builder.Build();
        app.MapGet("/web.tar.gz", () => Results.Bytes(archive));
        await app.StartAsync(Cancellation);
        return app;
    }
}
