using System.Text;
using Xunit;

namespace Refresh.Orchestrator.Tests.FleetFiles;

/// <summary>Damaged and dangerous YAML is refused with its place.</summary>
public sealed class YamlTests
{
    [Theory]
    [InlineData("", "1:1: the fleet file is empty; 'refresh init' writes one to begin with")]
    [InlineData("# nothing\n", "1:1: the fleet file is empty; 'refresh init' writes one to begin with")]
    [InlineData("- a\n", "1:1: a fleet file is a mapping that begins with 'apiVersion: refresh/v1'; 'refresh init' writes one to begin with")]
    [InlineData("just words\n", "1:1: a fleet file is a mapping that begins with 'apiVersion: refresh/v1'; 'refresh init' writes one to begin with")]
    public void What_is_no_fleet(string text, string mistake) => Assert.Equal("fleet.yaml:" + mistake, Texts.Mistakes(text));

    [Theory]
    [InlineData("name: shop", "name: &n shop", "3:7: an anchor ('&') is not allowed in a fleet file; write the value out where it is needed")]
    [InlineData("name: shop", "name: *n", "3:7: an alias ('*') is not allowed in a fleet file; write the value out")]
    [InlineData("drain: {", "drain: { <<: { retries: 1 },", "14:10: a merge key ('<<') is not allowed in a fleet file; write the keys out")]
    [InlineData("name: shop", "name: !!str shop", "3:7: a tag ('!') is not allowed in a fleet file; leave it out")]
    [InlineData("name: shop", "name: !!binary c2hvcA==", "3:7: a tag ('!') is not allowed in a fleet file; leave it out")]
    [InlineData("drain: {", "drain: !foo {", "14:8: a tag ('!') is not allowed in a fleet file; leave it out")]
    [InlineData("name: shop", "name: shop\n[a]: b", "4:1: a key must be a single word")]
    [InlineData("name: shop", "name: sh\0op", "3:9: the character U+0000 cannot stand in a fleet file; leave it out")]
    [InlineData("name: shop", "name: sh\u2028op", "3:9: the character U+2028 cannot stand in a fleet file; leave it out")]
    [InlineData("name: shop", "name: sh\rop", "3:9: the character U+000D cannot stand in a fleet file; leave it out")]
    [InlineData("    backend: web", "\tbackend: web", "9:1: a tab cannot stand here; indent with spaces")]
    [InlineData("name: shop", "name: \"shop", "3:7: this cannot be read as YAML: While scanning a multi-line double-quoted scalar, found wrong indentation")]
    [InlineData("drain: { timeout: 5m, interval: 1s }", "drain: { timeout: 5m, interval: 1s", "15:1: this cannot be read as YAML: something is missing before this place; is the '{' at 14:8 closed?")]
    [InlineData("name: shop", "name: a: b", "3:8: this cannot be read as YAML: While scanning a plain scalar value, found invalid mapping")]
    [InlineData("backend: web", "backend: [w: eb]", "9:14: 'balancer.haproxy.backend' must be text, not a list")]
    public void Damaged_or_dangerous(string old, string replacement, string mistake) =>
        Assert.Equal("fleet.yaml:" + mistake, Texts.Mistakes(Texts.With(old, replacement)));

    [Fact]
    public void A_second_document() =>
        Assert.Equal("fleet.yaml:26:1: a second document begins here; write one fleet to a file", Texts.Mistakes(Texts.Good + "---\n" + Texts.Good));

    [Fact]
    public void A_billion_laughs_are_refused_without_laughing()
    {
        var text = new StringBuilder("a0: &a0 [ha, ha]\n");
        for (var i = 1; i < 30; i++)
            text.Append(System.Globalization.CultureInfo.InvariantCulture, $"a{i}: &a{i} [*a{i - 1}, *a{i - 1}, *a{i - 1}]\n");
        var mistakes = Texts.Parse(text.ToString()).Mistakes;
        Assert.Equal(30, mistakes.Count(mistake => mistake.Message.StartsWith("an anchor", StringComparison.Ordinal)));
        Assert.Equal(87, mistakes.Count(mistake => mistake.Message.StartsWith("an alias", StringComparison.Ordinal)));
    }

    [Theory]
    [InlineData("[")]
    [InlineData("{a: ")]
    [InlineData("- ")]
    [InlineData("? ")]
    [InlineData("[\n")]
    public void Deep_nesting_is_refused(string level) =>
        Assert.Contains("nested deeper than 32 levels", Texts.Mistakes(string.Concat(Enumerable.Repeat(level, 100_000))), StringComparison.Ordinal);
}
