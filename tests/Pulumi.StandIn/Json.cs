using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace Refresh.PulumiStandIn;

/// <summary>JSON as Pulumi writes it.</summary>
internal static class Json
{
    /// <summary>Stands for a value that is known only after an update.</summary>
    public const string Unknown = "04da6b54-80e4-46f7-96ec-b56ff0331ba9";

    // The key that marks an encrypted value in a state.
    private const string Secret = "4dabf18193072939515e22adb298388d";

    private static readonly JsonSerializerOptions Plain = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };
    private static readonly JsonSerializerOptions Narrow = new(Plain) { WriteIndented = true };
    private static readonly JsonSerializerOptions Broad = new(Narrow) { IndentSize = 4 };

    /// <summary>On one line.</summary>
    public static string Line(JsonNode? node) => node is null ? "null" : node.ToJsonString(Plain);

    /// <summary>Indented by two, as outputs and lists.</summary>
    public static string Indented(JsonNode node) => node.ToJsonString(Narrow);

    /// <summary>Indented by four, as states and previews.</summary>
    public static string Wide(JsonNode node) => node.ToJsonString(Broad);

    /// <summary>A copy that may be put elsewhere.</summary>
    public static T Copy<T>(T node)
        where T : JsonNode => (T)node.DeepClone();

    public static JsonArray Array(IEnumerable<string> words) => new([.. words.Select(word => (JsonNode)word)]);

    /// <summary>With the keys of every map in order, as Go writes maps.</summary>
    public static JsonNode? Sorted(JsonNode? node) => node switch
    {
        JsonObject map => new JsonObject(map.OrderBy(entry => entry.Key, StringComparer.Ordinal).Select(entry => KeyValuePair.Create(entry.Key, Sorted(entry.Value)))),
        JsonArray list => new JsonArray([.. list.Select(Sorted)]),
        _ => node?.DeepClone(),
    };

    /// <summary>With encrypted values hidden, as previews show them.</summary>
    public static JsonNode? Masked(JsonNode? node) => Hidden(node, _ => "[secret]");

    /// <summary>With encrypted values hidden, as events tell them.</summary>
    public static JsonNode? Veiled(JsonNode? node) => Hidden(node, secret => new JsonObject { [Secret] = secret[Secret]!.DeepClone(), ["ciphertext"] = "[secret]" });

    private static JsonNode? Hidden(JsonNode? node, Func<JsonObject, JsonNode> hide) => node switch
    {
        JsonObject map when map.ContainsKey(Secret) => hide(map),
        JsonObject map => new JsonObject(map.Select(entry => KeyValuePair.Create(entry.Key, Hidden(entry.Value, hide)))),
        JsonArray list => new JsonArray([.. list.Select(item => Hidden(item, hide))]),
        _ => node?.DeepClone(),
    };

    public static JsonObject? As(this JsonNode? node) => node as JsonObject;

    public static string? Text(this JsonObject? from, string key) => from?[key] is JsonValue value && value.TryGetValue(out string? text) ? text : null;

    /// <summary>Goes down by names, where there is something.</summary>
    public static JsonNode? At(this JsonNode? from, params string[] path) =>
        path.Aggregate(from, (node, key) => node is JsonObject inner ? inner[key] : null);
}
