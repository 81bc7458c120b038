using System.Globalization;
using System.Text;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;

namespace Refresh.PulumiStandIn.Programs;

/// <summary>Texts with <c>${name.property[0]}</c> in them.</summary>
internal static partial class Interpolation
{
    /// <summary>Puts values in; a text that is one reference becomes that value itself.</summary>
    public static JsonNode? Expand(string text, Func<string, JsonNode?> root)
    {
        var references = Reference().Matches(text);
        if (references.Count == 1 && references[0].Length == text.Length)
            return Resolve(references[0].Groups[1].Value, root)?.DeepClone();
        var written = new StringBuilder();
        var at = 0;
        foreach (Match reference in references)
        {
            var value = Resolve(reference.Groups[1].Value, root);
            if (value?.ToString() == Json.Unknown)
                return Json.Unknown;
            written.Append(text, at, reference.Index - at).Append(value);
            at = reference.Index + reference.Length;
        }

        return written.Append(text, at, text.Length - at).Replace("$$", "$").ToString();
    }

    /// <summary>The names that a text refers to.</summary>
    public static IEnumerable<string> Roots(string text) => Reference().Matches(text).Select(match => Accessor().Match(match.Groups[1].Value).Value);

    private static JsonNode? Resolve(string path, Func<string, JsonNode?> root)
    {
        var steps = Accessor().Matches(path).Select(match => match.Groups[2].Success ? match.Groups[2].Value : match.Groups[1].Success ? match.Groups[1].Value : match.Value).ToList();
        var node = root(steps[0]);
        foreach (var step in steps.Skip(1))
        {
            // What is not known yet has only unknown parts.
            if (node is JsonValue && node.ToString() == Json.Unknown)
                return node;
            node = node switch
            {
                JsonArray list when int.TryParse(step, NumberStyles.None, CultureInfo.InvariantCulture, out var index) => index < list.Count ? list[index] : null,
                JsonObject map => map[step],
                _ => null,
            };
        }

        return node;
    }

    [GeneratedRegex(@"(?<!\$)\$\{([^}]+)\}")]
    private static partial Regex Reference();

    [GeneratedRegex("""[^.\[\]"]+|\[(\d+)\]|\["([^"]+)"\]""")]
    private static partial Regex Accessor();
}
