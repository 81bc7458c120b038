using System.Text.Json;
using System.Text.RegularExpressions;
using System.Text.Unicode;

namespace Refresh.Orchestrator.Json;

/// <summary>
/// Reads the fields of a small JSON document that a stranger wrote, and tells all that is wrong with it at once.
/// Unknown fields are let pass, so that documents may grow; duplicate ones are refused, since readers disagree on them.
/// </summary>
internal sealed partial class JsonFields
{
    private const int MaxTextLength = 512;

    private static readonly JsonDocumentOptions Strict = new() { AllowDuplicateProperties = false, MaxDepth = 16 };

    private readonly JsonElement element;
    private readonly string path;
    private readonly List<string> mistakes;

    private JsonFields(JsonElement element, string path, List<string> mistakes)
    {
        this.element = element;
        this.path = path;
        this.mistakes = mistakes;
    }

    /// <summary>Reads a whole document.</summary>
    /// <param name="utf8">The document.</param>
    /// <param name="read">Picks its fields; what it returns counts only if nothing was wrong.</param>
    /// <exception cref="FormatException">It is damaged, or fields are missing or wrong; the message names all of them.</exception>
    public static T Read<T>(ReadOnlyMemory<byte> utf8, Func<JsonFields, T> read)
    {
        if (!Utf8.IsValid(utf8.Span))
            throw new FormatException("it is not UTF-8");
        try
        {
            using var document = JsonDocument.Parse(utf8, Strict);
            if (document.RootElement.ValueKind != JsonValueKind.Object)
                throw new FormatException("it is not a JSON object");
            var mistakes = new List<string>();
            var result = read(new JsonFields(document.RootElement, string.Empty, mistakes));
            return mistakes.Count == 0 ? result : throw new FormatException(string.Join("; ", mistakes));
        }
        catch (JsonException exception)
        {
            throw new FormatException($"it is not valid JSON: {exception.Message}", exception);
        }
        catch (InvalidOperationException exception)
        {
            // What System.Text.Json throws for half of a surrogate pair.
            throw new FormatException($"it is not valid Unicode: {exception.Message}", exception);
        }
    }

    /// <summary>An object inside this one.</summary>
    public JsonFields Object(string name) => new(Get(name, JsonValueKind.Object, "an object") ?? default, $"{path}{name}.", mistakes);

    /// <summary>A text of 1 to 512 characters, none of them a control character.</summary>
    public string Text(string name) =>
        Get(name, JsonValueKind.String, "a text") is { } value ? Checked(value, path + name) : string.Empty;

    /// <summary>A text that has a form.</summary>
    public string Text(string name, Regex form, string described)
    {
        var text = Text(name);
        if (text.Length > 0 && !form.IsMatch(text))
            mistakes.Add($"{path}{name} is not {described}: '{text}'");
        return text;
    }

    /// <summary>A text, or null if there is no such field.</summary>
    public string? OptionalText(string name) => element.TryGetProperty(name, out _) ? Text(name) : null;

    /// <summary>An instant in ISO 8601, with its offset: without one, it would be another instant on each machine.</summary>
    public DateTimeOffset Instant(string name)
    {
        if (Get(name, JsonValueKind.String, "a time") is not { } value)
            return default;
        if (value.TryGetDateTimeOffset(out var instant) && Offset.IsMatch(value.GetString()!))
            return instant;
        mistakes.Add($"{path}{name} is not a time with an offset, such as 2026-11-02T08:00:00Z");
        return default;
    }

    /// <summary>A list of texts.</summary>
    public IReadOnlyList<string> Texts(string name)
    {
        if (Get(name, JsonValueKind.Array, "a list of texts") is not { } list)
            return [];
        return [.. list.EnumerateArray().Select((item, index) =>
        {
            if (item.ValueKind == JsonValueKind.String)
                return Checked(item, $"{path}{name}[{index}]");
            mistakes.Add($"{path}{name}[{index}] is not a text");
            return string.Empty;
        })];
    }

    [GeneratedRegex(@"(Z|[+-]\d\d:\d\d)\z")]
    private static partial Regex Offset { get; }

    private string Checked(JsonElement value, string where)
    {
        var text = value.GetString()!;
        if (text.Length is 0 or > MaxTextLength || text.Any(char.IsControl))
            mistakes.Add($"{where} is not a text of 1 to {MaxTextLength} printable characters");
        return text;
    }

    private JsonElement? Get(string name, JsonValueKind kind, string described)
    {
        // The object that should hold the field is missing itself, and has been named.
        if (element.ValueKind == JsonValueKind.Undefined)
            return null;
        if (!element.TryGetProperty(name, out var value))
            mistakes.Add($"{path}{name} is missing");
        else if (value.ValueKind != kind)
            mistakes.Add($"{path}{name} is not {described}");
        else
            return value;
        return null;
    }
}
