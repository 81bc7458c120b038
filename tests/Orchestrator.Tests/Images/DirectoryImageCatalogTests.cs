using Refresh.Lab.Images;
using Refresh.Orchestrator.Images;
using Refresh.Orchestrator.Settings;
using Refresh.Workflows.Ports;
using Refresh.Workflows.Reasons;
using Xunit;

namespace Refresh.Orchestrator.Tests.Images;

public sealed class DirectoryImageCatalogTests : IDisposable
{
    private readonly ImageDirectory images = new();

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public void Dispose() => images.Dispose();

    [Fact]
    public async Task Images_are_listed_by_name_then_newest_build_first_then_last_version_first()
    {
        await images.AddAsync("a", version: "9", builtAt: "2026-11-01T00:00:00Z");
        await images.AddAsync("b", version: "1", builtAt: "2026-11-02T00:00:00+02:00");
        await images.AddAsync("c", version: "10", builtAt: "2026-11-03T00:00:00Z");
        await images.AddAsync("d", version: "2", builtAt: "2026-11-03T00:00:00Z");
        await images.AddAsync("e", name: "db");
        var listed = await images.Catalog.ListAsync(Cancellation);
        Assert.Equal(["db@1", "web@2", "web@10", "web@1", "web@9"], listed.Select(image => image.Ref.Label));
    }

    [Fact]
    public async Task An_image_is_found_by_the_provider_id_of_the_site_that_the_fleet_names()
    {
        var image = Path.Combine(await images.AddAsync("a"), "manifest.json");
        var manifest = await File.ReadAllTextAsync(image, Cancellation);
        await File.WriteAllTextAsync(image, manifest[..^1] + ",\"providers\":{\"dc1\":\"template-1\",\"dc2\":\"template-2\"}}", Cancellation);
        var (dc2, dc3) = (new DirectoryImageCatalog(new ImageSettings(images.Path) { Site = "dc2" }), new DirectoryImageCatalog(new ImageSettings(images.Path) { Site = "dc3" }));
        Assert.Equal("template-2", (await dc2.FindAsync("web", null, Cancellation)).Location);
        Assert.Equal("template-2", Assert.Single(await dc2.ListAsync(Cancellation)).Location);
        Assert.Equal("image-not-at-site", (await Assert.ThrowsAsync<AdapterException>(() => dc3.FindAsync("web", null, Cancellation))).Reason.Code);
        Assert.Single(await dc3.ListAsync(Cancellation));
    }

    [Fact]
    public async Task The_newest_build_is_found_when_no_version_is_asked_for()
    {
        await images.AddAsync("new", version: "1", builtAt: "2026-11-03T00:00:00Z");
        await images.AddAsync("old", version: "2", builtAt: "2026-11-01T00:00:00Z");
        Assert.Equal("web@1", (await images.Catalog.FindAsync("web", null, Cancellation)).Ref.Label);
        Assert.Equal("web@2", (await images.Catalog.FindAsync("web", "2", Cancellation)).Ref.Label);
    }

    [Fact]
    public async Task An_image_is_where_its_manifest_says_or_else_in_its_directory()
    {
        var directory = await images.AddAsync("here");
        await images.AddAsync("there", version: "2", location: "421f0a35-template");
        Assert.Equal(directory, (await images.Catalog.FindAsync("web", "1", Cancellation)).Location);
        Assert.Equal("421f0a35-template", (await images.Catalog.FindAsync("web", "2", Cancellation)).Location);
    }

    [Fact]
    public async Task The_images_of_the_lab_are_found_and_their_digests_hold()
    {
        WebImages.Write(images.Path);
        Assert.Equal("web@1.1.0", (await images.Catalog.FindAsync("web", null, Cancellation)).Ref.Label);
        Assert.Equal("web@1.0.0", (await images.Catalog.FindAsync("web", "1.0.0", Cancellation)).Ref.Label);
    }

    [Fact]
    public async Task A_directory_without_a_manifest_is_no_image()
    {
        images.Write("lost+found/file", "");
        images.Write("README.md", "");
        Assert.Empty(await images.Catalog.ListAsync(Cancellation));
    }

    [Fact]
    public async Task Content_that_was_changed_is_refused_and_both_digests_are_named()
    {
        await images.AddAsync("web");
        var recorded = (await images.Catalog.FindAsync("web", "1", Cancellation)).Ref.Digest;
        images.Write("web/disk/etc/issue", "tampered");
        var reason = await FailAsync("web", "1");
        Assert.Equal("image-digest-mismatch", reason.Code);
        Assert.Contains(recorded, reason.Text, StringComparison.Ordinal);
        Assert.Contains(await Orchestrator.Images.ContentDigest.ComputeAsync(Path.Combine(images.Path, "web"), Cancellation), reason.Text, StringComparison.Ordinal);
        Assert.Contains("put it there anew", reason.EndsWhen, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("wbe", null, "Did you mean web?")]
    [InlineData("web", "1.1", "Did you mean web@1.0?")]
    [InlineData("database", null, "Name one that is there")]
    public async Task An_unknown_image_is_answered_with_the_nearest_name_and_all_that_there_are(string name, string? version, string advice)
    {
        await images.AddAsync("a", version: "1.0");
        await images.AddAsync("b", name: "proxy", version: "3");
        var reason = await FailAsync(name, version);
        Assert.Equal("image-unknown", reason.Code);
        Assert.Contains("there are: proxy@3, web@1.0", reason.Text, StringComparison.Ordinal);
        Assert.StartsWith(advice, reason.EndsWhen, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("../web", null)]
    [InlineData("web", "../../1")]
    [InlineData("/etc/passwd\n", null)]
    public async Task A_name_with_a_path_in_it_finds_nothing(string name, string? version)
    {
        await images.AddAsync("web");
        Assert.Equal("image-unknown", (await FailAsync(name, version)).Code);
    }

    [Fact]
    public async Task Everything_that_is_wrong_with_any_manifest_is_told_at_once()
    {
        await images.AddAsync("good");
        images.Write("a/manifest.json", """{ "name": "../web", "version": "1\n", "builtAt": "today", "patches": [1], "digest": "md5:0" }""");
        images.Write("b/manifest.json", "{");
        images.Write("c/manifest.json", "");
        var reason = (await Assert.ThrowsAsync<AdapterException>(() => images.Catalog.ListAsync(Cancellation))).Reason;
        Assert.Equal("image-manifest-invalid", reason.Code);
        foreach (var words in new[] { "a/manifest.json: line 1, column 11: name is not made of", "version is not", "builtAt is not", "patches[0] is not", "digest is not", "b/manifest.json: line 1, column 2: it is not valid JSON", "c/manifest.json: it is empty" })
            Assert.Contains(words, reason.Text, StringComparison.Ordinal);
        Assert.DoesNotContain("good", reason.Text, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(".")]
    [InlineData("..")]
    [InlineData("-rf")]
    [InlineData("a/b")]
    [InlineData("a\\\\b")]
    [InlineData("é")]
    public async Task A_name_is_made_of_plain_letters_digits_and_marks(string name)
    {
        images.Write("a/manifest.json", $$"""{ "name": "{{name}}", "version": "1", "builtAt": "2026-11-02T08:00:00Z", "patches": [], "digest": "sha256:{{new string('0', 64)}}" }""");
        var reason = (await Assert.ThrowsAsync<AdapterException>(() => images.Catalog.ListAsync(Cancellation))).Reason;
        Assert.Contains("name is not made of letters", reason.Text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_image_asked_for_by_version_is_found_beside_a_damaged_manifest_but_the_newest_is_not()
    {
        await images.AddAsync("web");
        images.Write("half-written/manifest.json", "{");
        Assert.Equal("web@1", (await images.Catalog.FindAsync("web", "1", Cancellation)).Ref.Label);
        Assert.Equal("image-manifest-invalid", (await FailAsync("web", null)).Code);
        Assert.Equal("image-manifest-invalid", (await FailAsync("web", "2")).Code);
    }

    [Fact]
    public async Task Two_directories_that_claim_the_same_image_are_both_refused()
    {
        await images.AddAsync("one");
        await images.AddAsync("two");
        var reason = await FailAsync("web", "1");
        Assert.Contains($"web@1 is claimed by {Path.Combine(images.Path, "one")} and {Path.Combine(images.Path, "two")}", reason.Text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_image_behind_a_symbolic_link_is_refused()
    {
        using var elsewhere = new ImageDirectory();
        Directory.CreateSymbolicLink(Path.Combine(images.Path, "link"), await elsewhere.AddAsync("web"));
        Assert.Contains("symbolic link", (await FailAsync("web", "1")).Text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Content_with_a_symbolic_link_is_refused()
    {
        var directory = await images.AddAsync("web");
        File.CreateSymbolicLink(Path.Combine(directory, "disk/link"), "/etc/hostname");
        var reason = await FailAsync("web", "1");
        Assert.Equal("image-content-unreadable", reason.Code);
        Assert.Contains("disk/link is a symbolic link", reason.Text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_directory_that_is_not_there_is_an_error_in_words()
    {
        var catalog = new DirectoryImageCatalog(new ImageSettings("/nowhere/images"));
        var reason = (await Assert.ThrowsAsync<AdapterException>(() => catalog.ListAsync(Cancellation))).Reason;
        Assert.Equal("image-catalogue-unreadable", reason.Code);
        Assert.Contains("/nowhere/images", reason.Text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_cancelled_search_ends_with_the_callers_cancellation()
    {
        await images.AddAsync("web");
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => images.Catalog.FindAsync("web", "1", new CancellationToken(canceled: true)));
    }

    private async Task<Reason> FailAsync(string name, string? version) =>
        (await Assert.ThrowsAsync<AdapterException>(() => images.Catalog.FindAsync(name, version, Cancellation))).Reason;
}
