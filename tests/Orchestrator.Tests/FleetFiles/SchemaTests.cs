using System.Text.Json;
using System.Text.Json.Nodes;
using NJsonSchema;
using Refresh.Orchestrator.FleetFiles;
using Refresh.Orchestrator.Settings;
using Xunit;

namespace Refresh.Orchestrator.Tests.FleetFiles;

/// <summary>Schema, parser and documentation say the same. JSON is YAML, so the parser is asked with JSON made from the schema.</summary>
public sealed class SchemaTests
{
    public static TheoryData<string> Paths => [.. SchemaWalk.Keys().Select(key => key.Path)];

    private static string Documentation { get; } = File.ReadAllText(Path.Combine(Texts.Root, "docs", "fleet-file.md"));

    [Fact]
    public void The_schema_that_is_printed_is_the_one_of_the_documentation() =>
        Assert.Equal(File.ReadAllText(Path.Combine(Texts.Root, "docs", "fleet.schema.json")), FleetSchema.Text);

    [Fact]
    public void The_whole_file_has_every_key_of_the_schema_but_those_of_other_kinds()
    {
        Assert.All(SchemaWalk.Wholes(), document => Assert.Empty(Texts.Parse(document.ToJsonString()).Lines()));
        Assert.Empty(SchemaWalk.Keys().Where(key => SchemaWalk.Wholes().All(document => key.Find(document) is null)).Select(key => key.Path));
    }

    [Theory]
    [MemberData(nameof(Paths))]
    public void A_mapping_has_the_same_keys_for_the_parser_as_for_the_schema(string path)
    {
        var key = SchemaWalk.Key(path);
        if (key.Properties.Count == 0)
            return;
        var document = SchemaWalk.DocumentWith(key);
        key.Find(document)!.AsObject()["nothingLikeThis"] = 1;
        var mistake = Assert.Single(Texts.Parse(document.ToJsonString()).Mistakes, mistake => mistake.Message.StartsWith("unknown key 'nothingLikeThis'", StringComparison.Ordinal));
        Assert.Equal(key.Properties.Order(), mistake.Hint!["known here: ".Length..].Split(", ").Order());
    }

    [Theory]
    [MemberData(nameof(Paths))]
    public void A_key_is_required_by_the_parser_when_it_is_by_the_schema(string path)
    {
        var key = SchemaWalk.Key(path);
        var document = SchemaWalk.DocumentWith(key);
        key.Remove(document);
        var missing = Texts.Parse(document.ToJsonString()).Mistakes.Any(mistake => mistake.Message.EndsWith($"has no '{key.Name}'", StringComparison.Ordinal));
        Assert.Equal(key.IsRequired, missing);
    }

    [Theory]
    [MemberData(nameof(Paths))]
    public async Task A_default_of_the_schema_is_what_the_parser_takes_when_the_key_is_left_out(string path)
    {
        var key = SchemaWalk.Key(path);
        if (key.Default is null)
            return;
        var (without, with) = (SchemaWalk.DocumentWith(key), SchemaWalk.DocumentWith(key));
        foreach (var document in new[] { without, with })
            SchemaWalk.RemoveWhatDependsOn(key, document);
        key.Remove(without);
        key.Set(with, key.Default.DeepClone());
        Assert.Equal(Describe(without), Describe(with));
        Assert.Empty((await JsonSchema.FromJsonAsync(FleetSchema.Text, TestContext.Current.CancellationToken)).Validate(with.ToJsonString()));
    }

    [Theory]
    [MemberData(nameof(Paths))]
    public async Task Parser_and_schema_accept_and_refuse_the_same_values(string path)
    {
        var key = SchemaWalk.Key(path);
        var schema = await JsonSchema.FromJsonAsync(FleetSchema.Text, TestContext.Current.CancellationToken);
        foreach (var value in key.Candidates())
        {
            var document = SchemaWalk.DocumentWith(key);
            key.Set(document, value?.DeepClone());
            var json = document.ToJsonString();
            var parser = Texts.Parse(json).Mistakes.Where(mistake => !SchemaWalk.IsRelation(mistake)).ToList();
            Assert.True((schema.Validate(json).Count == 0) == (parser.Count == 0), $"{path}: {value?.ToJsonString() ?? "null"}: schema {string.Join("; ", schema.Validate(json))}, parser {string.Join("; ", parser)}");
        }
    }

    [Theory]
    [MemberData(nameof(Paths))]
    public void A_key_is_documented_with_its_default(string path)
    {
        var key = SchemaWalk.Key(path);
        var row = Assert.Single(Documentation.Split('\n'), line => line.StartsWith($"| `{path}` |", StringComparison.Ordinal));
        var expected = key.IsRequired ? "required"
            : key.Default is null ? string.Empty
            : key.Default.GetValueKind() == JsonValueKind.String && key.Default.GetValue<string>() is { Length: > 0 } text ? $"`{text}`"
            : $"`{key.Default.ToJsonString()}`";
        Assert.Equal(expected, row.Split(" | ")[2].Trim());
    }

    private static string Describe(JsonNode document)
    {
        var definition = Texts.Definition(document.ToJsonString());
        return JsonSerializer.Serialize(new { definition.Fleet, definition.Image, Balancer = (object)definition.Balancer.ToString()!, Provisioner = (object)definition.Provisioner.ToString()!, Stacks = (definition.Provisioner as PulumiSettings)?.Stacks, Probes = definition.Probes.Select(probe => (object)probe), definition.Identity, definition.Images, definition.Windows });
    }
}
