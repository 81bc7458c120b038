using System.Text;
using System.Text.Json.Nodes;
using CsCheck;
using Refresh.Orchestrator.Images;
using Refresh.Orchestrator.Tests.Fuzzing;
using Refresh.Workflows.Images;
using Xunit;

namespace Refresh.Orchestrator.Tests.Images;

public sealed class ManifestTests
{
    private static readonly byte[] Valid = Encoding.UTF8.GetBytes(
        $$"""{"name":"web","version":"2026.11.2","builtAt":"2026-11-02T08:00:00Z","patches":["CVE-2026-1"],"digest":"sha256:{{new string('0', 64)}}"}""");

    [Fact]
    public void A_manifest_cut_anywhere_gives_no_image() =>
        Gen.Int[0, Valid.Length - 1].Sample(length => Assert.Throws<FormatException>(() => Manifest.Parse(Valid.AsMemory(0, length), "/images/web")));

    [Fact]
    [Trait(Fuzz.Trait, "manifests")]
    public void A_manifest_changed_anywhere_gives_the_image_that_it_describes_or_none() =>
        Fuzz.Play(Fuzz.Of(Valid), document =>
        {
            GoldenImage image;
            try
            {
                image = Manifest.Parse(document, "/images/web");
            }
            catch (FormatException)
            {
                return;
            }
            // Another reader sees the same document.
            var seen = JsonNode.Parse(document)!;
            Assert.Equal(new ImageRef((string)seen["name"]!, (string)seen["version"]!, (string)seen["digest"]!), image.Ref);
            Assert.Equal((DateTimeOffset)seen["builtAt"]!, image.BuiltAt);
            Assert.Equal(seen["patches"]!.AsArray().Select(patch => (string?)patch), image.Patches);
        }, iter: 20_000);
}
