using System.Globalization;
using System.Text.Json.Nodes;
using YamlDotNet.Core;
using YamlDotNet.RepresentationModel;

namespace Refresh.PulumiStandIn.Projects;

/// <summary>YAML as JSON: plain scalars become what they look like.</summary>
internal static class Yaml
{
    public static JsonNode? Read(string text)
    {
        var stream = new YamlStream();
        stream.Load(new StringReader(text));
        return stream.Documents.Count == 0 ? null : Node(stream.Documents[0].RootNode);
    }

    /// <summary>The line that a top-level section's entry begins on, counted from 1.</summary>
    public static int LineOf(string text, string section, string entry)
    {
        var stream = new YamlStream();
        stream.Load(new StringReader(text));
        var root = (YamlMappingNode)stream.Documents[0].RootNode;
        return root.Children.TryGetValue(section, out var found) && found is YamlMappingNode entries
            ? (int)entries.Children.Keys.First(key => ((YamlScalarNode)key).Value == entry).Start.Line
            : 0;
    }

    private static JsonNode? Node(YamlNode node) => node switch
    {
        YamlMappingNode map => Map(map),
        YamlSequenceNode list => new JsonArray([.. list.Children.Select(Node)]),
        YamlScalarNode { Style: ScalarStyle.Plain } scalar => Plain(scalar.Value!),
        YamlScalarNode scalar => scalar.Value,
        _ => throw new InvalidDataException($"a {node.NodeType} at {node.Start}"),
    };

    private static JsonObject Map(YamlMappingNode map)
    {
        var result = new JsonObject();
        foreach (var (key, value) in map.Children)
        {
            if (((YamlScalarNode)key).Value! is var name and not "<<")
                result[name] = Node(value);
            else if (Node(value) is JsonObject merged)
                foreach (var (inner, content) in merged)
                    result[inner] ??= content?.DeepClone();
        }

        return result;
    }

    private static JsonNode? Plain(string text) => text switch
    {
        "" or "~" or "null" => null,
        "true" => true,
        "false" => false,
        _ when long.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var whole) => whole,
        _ when double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out var number) && double.IsFinite(number) => number,
        _ => text,
    };
}
