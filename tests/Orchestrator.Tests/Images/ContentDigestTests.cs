using System.Diagnostics;
using System.Security.Cryptography;
using System.Text;
using Refresh.Orchestrator.Images;
using Xunit;

namespace Refresh.Orchestrator.Tests.Images;

public sealed class ContentDigestTests : IDisposable
{
    private readonly ImageDirectory images = new();

    public void Dispose() => images.Dispose();

    [Fact]
    public async Task The_digest_is_made_by_the_rule_that_builders_of_images_follow()
    {
        // Ordinal order puts capitals and '-' before '/', and '/' before small letters; only the top manifest is left out.
        images.Write("b", "two\n");
        images.Write("B", "");
        images.Write("a/x", "é");
        images.Write("a-x", "1");
        images.Write("a/manifest.json", "{}");
        images.Write(".hidden", "h");
        images.Write("manifest.json", "left out");
        Directory.CreateDirectory(Path.Combine(images.Path, "empty"));
        var content = ".hidden\n1\nh\nB\n0\n\na-x\n1\n1\na/manifest.json\n2\n{}\na/x\n2\né\nb\n4\ntwo\n\n";
        Assert.Equal($"sha256:{Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(content)))}", await DigestAsync());
        Assert.Equal("sha256:1bbf96b354fd05dfc52a2a9cf1ab7b47c1a2ebe970462d7bb0b68a3083b21076", await DigestAsync());
    }

    [Fact]
    public async Task Nothing_at_all_has_the_digest_of_no_bytes() =>
        Assert.Equal("sha256:e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855", await DigestAsync());

    [Fact]
    public async Task Any_change_of_a_byte_a_length_or_a_path_changes_the_digest()
    {
        images.Write("a/b", "12");
        var before = await DigestAsync();
        images.Write("a/b", "13");
        Assert.NotEqual(before, await DigestAsync());
        images.Write("a/b", "120");
        Assert.NotEqual(before, await DigestAsync());
        images.Write("a/b", "12");
        Assert.Equal(before, await DigestAsync());
        File.Move(Path.Combine(images.Path, "a/b"), Path.Combine(images.Path, "a/c"));
        Assert.NotEqual(before, await DigestAsync());
    }

    [Fact]
    public async Task A_line_feed_in_a_name_is_refused_since_two_contents_could_look_the_same()
    {
        images.Write("a\n0\n\nb", "");
        await Assert.ThrowsAsync<IOException>(DigestAsync);
    }

    [Fact]
    public async Task A_link_to_a_directory_is_refused_and_not_followed()
    {
        Directory.CreateSymbolicLink(Path.Combine(images.Path, "loop"), images.Path);
        Assert.EndsWith("loop is a symbolic link, which an image may not have", (await Assert.ThrowsAsync<IOException>(DigestAsync)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_named_pipe_is_refused_and_not_waited_for()
    {
        using var mkfifo = Process.Start("mkfifo", Path.Combine(images.Path, "pipe"));
        await mkfifo.WaitForExitAsync(TestContext.Current.CancellationToken);
        var refused = await Assert.ThrowsAsync<IOException>(() => DigestAsync().WaitAsync(TimeSpan.FromSeconds(30), TestContext.Current.CancellationToken));
        Assert.EndsWith("pipe is no regular file, and an image has nothing else", refused.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_file_larger_than_the_buffer_is_digested_whole()
    {
        var bytes = new byte[300_001];
        new Random(1).NextBytes(bytes);
        await File.WriteAllBytesAsync(Path.Combine(images.Path, "big"), bytes, TestContext.Current.CancellationToken);
        byte[] content = [.. "big\n300001\n"u8, .. bytes, .. "\n"u8];
        Assert.Equal($"sha256:{Convert.ToHexStringLower(SHA256.HashData(content))}", await DigestAsync());
    }

    private Task<string> DigestAsync() => ContentDigest.ComputeAsync(images.Path, TestContext.Current.CancellationToken);
}
