using System.Text;
using System.Text.Json.Nodes;
using CsCheck;
using Refresh.Orchestrator.Probes;
using Refresh.Orchestrator.Tests.Fuzzing;
using Refresh.Workflows.Facts;
using Xunit;

namespace Refresh.Orchestrator.Tests.Probes;

public sealed class GuestAnswerTests
{
    private static readonly byte[] Valid = Encoding.UTF8.GetBytes(GuestDocument.Valid);

    [Theory]
    [InlineData("\"machineId\":\"m-1\"", "\"machineId\":\"m-1\",\"machineId\":\"m-2\"", "machineId")]
    [InlineData("\"name\":\"web\"", "\"name\":\"web\",\"name\":\"db\"", "name")]
    [InlineData("\"m-1\"", "null", "machineId is not a text")]
    [InlineData("\"m-1\"", "\"\"", "machineId is not a text of 1 to 512 printable characters")]
    [InlineData("\"m-1\"", "\"a\\u001bb\"", "machineId is not a text of 1 to 512 printable characters")]
    [InlineData("\"m-1\"", "\"\\ud800\"", "it is not valid Unicode")]
    [InlineData("\"CVE-2026-2\"", "2", "patches[1] is not a text")]
    [InlineData("[\"CVE-2026-1\",\"CVE-2026-2\"]", "\"CVE-2026-1\"", "patches is not a list of texts")]
    [InlineData("08:00:00+01:00", "08:00:00", "bootedAt is not a time with an offset")]
    [InlineData("2026-11-02T08:00:00+01:00", "yesterday", "bootedAt is not a time with an offset")]
    [InlineData("{\"name\":\"web\",\"version\":\"2\",\"digest\":\"sha256:abc\"}", "\"web@2\"", "image is not an object")]
    [InlineData("\"kernel\":\"6.1\"}", "\"kernel\":\"6.1\"}{}", "it is not valid JSON")]
    [InlineData("\"kernel\":\"6.1\"", "\"kernel\":[[[[[[[[[[[[[[[[[[[[]]]]]]]]]]]]]]]]]]]]", "it is not valid JSON")]
    public void What_is_wrong_is_named(string part, string damaged, string words)
    {
        var document = GuestDocument.Valid.Replace(part, damaged, StringComparison.Ordinal);
        Assert.NotEqual(GuestDocument.Valid, document);
        var thrown = Assert.Throws<FormatException>(() => Parse(Encoding.UTF8.GetBytes(document)));
        Assert.Contains(words, thrown.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("[]")]
    [InlineData("null")]
    [InlineData("")]
    public void What_is_no_object_is_refused(string document) =>
        Assert.Throws<FormatException>(() => Parse(Encoding.UTF8.GetBytes(document)));

    [Fact]
    public void A_document_cut_anywhere_gives_no_facts() =>
        Gen.Int[0, Valid.Length - 1].Sample(length => Assert.Throws<FormatException>(() => Parse(Valid[..length])));

    [Fact]
    [Trait(Fuzz.Trait, "guests")]
    public void A_document_changed_anywhere_gives_the_facts_that_it_holds_or_none() =>
        Fuzz.Play(Fuzz.Of(Valid), AssertWhole, iter: 20_000);

    [Fact]
    public void Any_bytes_at_all_give_the_facts_that_they_hold_or_none() =>
        Gen.Byte.Array[0, 200].Sample(AssertWhole, iter: 5_000);

    private static void AssertWhole(byte[] document)
    {
        GuestFacts facts;
        try
        {
            facts = Parse(document);
        }
        catch (FormatException)
        {
            return;
        }
        // Another reader sees the same document.
        var seen = JsonNode.Parse(document)!;
        Assert.Equal((string?)seen["image"]!["name"], facts.Image.Name);
        Assert.Equal((string?)seen["image"]!["version"], facts.Image.Version);
        Assert.Equal((string?)seen["image"]!["digest"], facts.Image.Digest);
        Assert.Equal((string?)seen["machineId"], facts.MachineId);
        Assert.Equal((DateTimeOffset)seen["bootedAt"]!, facts.BootedAt);
        Assert.Equal(seen["patches"]!.AsArray().Select(patch => (string?)patch), facts.Patches);
        Assert.DoesNotContain("", new[] { facts.Image.Name, facts.Image.Version, facts.Image.Digest, facts.MachineId });
    }

    private static GuestFacts Parse(byte[] document) => GuestAnswer.Parse(document, DateTimeOffset.UnixEpoch);
}
