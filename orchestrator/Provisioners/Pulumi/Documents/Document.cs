using System.Text.Json;

namespace Refresh.Orchestrator.Provisioners.Pulumi.Documents;

/// <summary>Reads JSON that Pulumi wrote. What is missing or of another kind is an error, never an empty answer.</summary>
internal static class Document
{
    // Programs nest resources deeply; a document beyond this is damaged.
    private static readonly JsonDocumentOptions s_options = new() { AllowDuplicateProperties = false, MaxDepth = 256 };

    /// <summary>Reads a whole document.</summary>
    /// <exception cref="DocumentException">It is cut, damaged, or lacks what is read.</exception>
    public static T Read<T>(string name, string text, Func<JsonElement, T> read)
    {
        try
        {
            using var document = JsonDocument.Parse(text, s_options);
            return document.RootElement.ValueKind == JsonValueKind.Object
                ? read(document.RootElement)
                : throw new DocumentException(name, "it is not a JSON object");
        }
        catch (Exception fault) when (fault is JsonException or InvalidOperationException or KeyNotFoundException or FormatException or ArgumentException)
        {
            throw new DocumentException(name, fault.Message, fault);
        }
    }

    public static string Text(this JsonElement element, string key) =>
        element.GetProperty(key).GetString() is { Length: > 0 } text ? text : throw new FormatException($"'{key}' is empty");

    public static string? OptionalText(this JsonElement element, string key) => element.Optional(key)?.GetString();

    public static bool Flag(this JsonElement element, string key) => element.Optional(key)?.GetBoolean() ?? false;

    /// <summary>The items of a list; none when there is no such key.</summary>
    public static IReadOnlyList<T> Items<T>(this JsonElement element, string key, Func<JsonElement, T> read) =>
        element.Optional(key) is { } list ? [.. list.EnumerateArray().Select(read)] : [];

    public static IReadOnlyList<string> Texts(this JsonElement element, string key) => element.Items(key, item => item.GetString() ?? string.Empty);

    public static JsonElement? Optional(this JsonElement element, string key) =>
        element.TryGetProperty(key, out var value) && value.ValueKind != JsonValueKind.Null ? value : null;

    /// <summary>The text or number at a dotted path, for example <c>clone.templateUuid</c>; null where there is none.</summary>
    public static string? At(this JsonElement? element, string path)
    {
        var found = element;
        foreach (var key in path.Split('.'))
            found = found is { ValueKind: JsonValueKind.Object } mapping ? mapping.Optional(key) : null;
        return found switch
        {
            { ValueKind: JsonValueKind.String } text when text.GetString() is { Length: > 0 } value => value,
            { ValueKind: JsonValueKind.Number or JsonValueKind.True or JsonValueKind.False } plain => plain.GetRawText(),
            _ => null,
        };
    }
}
