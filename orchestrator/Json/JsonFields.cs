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
    private readonly List<Mistake> mistakes;

    private JsonFields(JsonElement element, string path, List<Mistake> mistakes)
    {
        this.element = element;
        this.path = path;
        this.mistakes = mistakes;
    }

    /// <summary>Reads a whole document.</summary>
    /// <param name="utf8">The document.</param>
    /// <param name="read">Picks its fields; what it returns counts only if nothing was wrong.</param>
    /// <param name="places">Whether the line and column of each mistake are told: of a file they are, of an answer not.</param>
    /// <exception cref="FormatException">It is damaged, or fields are missing or wrong; the message names all of them.</exception>
    public static T Read<T>(ReadOnlyMemory<byte> utf8, Func<JsonFields, T> read, bool places = false)
    {
        if (!Utf8.IsValid(utf8.Span))
            throw new FormatException("it is not UTF-8");
        try
        {
            using var document = JsonDocument.Parse(utf8, Strict);
            if (document.RootElement.ValueKind != JsonValueKind.Object)
                throw new FormatException("it is not a JSON object");
            var mistakes = new List<Mistake>();
            var result = read(new JsonFields(document.RootElement, string.Empty, mistakes));
            return mistakes.Count == 0 ? result : throw new FormatException(string.Join("; ", mistakes.Select(mistake => places ? mistake.At(utf8.Span) : mistake.ToString())));
        }
        catch (JsonException exception)
        {
            throw JsonPlace.Mistake(exception);
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
            Fail(path + name, $"is not {described}: '{text}'");
        return text;
    }

    /// <summary>A text, or null if there is no such field.</summary>
    public string? OptionalText(string name) => Has(name) ? Text(name) : null;

    /// <summary>A text that has a form, or null if there is no such field.</summary>
    public string? OptionalText(string name, Regex form, string described) => Has(name) ? Text(name, form, described) : null;

    /// <summary>An instant, or null if there is no such field.</summary>
    public DateTimeOffset? OptionalInstant(string name) => Has(name) ? Instant(name) : null;

    /// <summary>A whole number, from 1 unless told otherwise.</summary>
    public long Number(string name, long least = 1)
    {
        if (Get(name, JsonValueKind.Number, "a number") is not { } value)
            return 0;
        if (value.TryGetInt64(out var number) && number >= least)
            return number;
        Fail(path + name, FormattableString.Invariant($"is not a whole number from {least}"));
        return 0;
    }

    /// <summary>A text of any characters and lines; what is beyond the limit is left out.</summary>
    public string Prose(string name, int most) =>
        Get(name, JsonValueKind.String, "a text") is { } value ? value.GetString()! is { } text && text.Length > most ? text[..most] : value.GetString()! : string.Empty;

    /// <summary>A list of objects; empty if there is no such field.</summary>
    public IReadOnlyList<T> Objects<T>(string name, Func<JsonFields, T> read)
    {
        if (!Has(name) || Get(name, JsonValueKind.Array, "a list") is not { } list)
            return [];
        return [.. list.EnumerateArray().Select((item, index) =>
        {
            if (item.ValueKind != JsonValueKind.Object)
                Fail($"{path}{name}[{index}]", "is not an object");
            return read(new JsonFields(item.ValueKind == JsonValueKind.Object ? item : default, $"{path}{name}[{index}].", mistakes));
        })];
    }

    /// <summary>An object whose names are the user's own, with a text each; null if there is no such field.</summary>
    public IReadOnlyDictionary<string, string>? OptionalMap(string name)
    {
        if (!Has(name) || Get(name, JsonValueKind.Object, "an object") is not { } map)
            return null;
        var texts = new JsonFields(map, $"{path}{name}.", mistakes);
        return map.EnumerateObject().ToDictionary(entry => entry.Name, entry => texts.Text(entry.Name), StringComparer.Ordinal);
    }

    /// <summary>Whether there is such a field.</summary>
    public bool Has(string name) => element.ValueKind == JsonValueKind.Object && element.TryGetProperty(name, out _);

    /// <summary>Complains about a field.</summary>
    /// <param name="field">Its whole path.</param>
    /// <param name="what">What is wrong with it.</param>
    public void Fail(string field, string what) => mistakes.Add(new Mistake(field, what));

    /// <summary>Complains about a field of this object.</summary>
    public void FailAt(string name, string what) => Fail(path + name, what);

    /// <summary>An instant in ISO 8601, with its offset: without one, it would be another instant on each machine.</summary>
    public DateTimeOffset Instant(string name)
    {
        if (Get(name, JsonValueKind.String, "a time") is not { } value)
            return default;
        if (value.TryGetDateTimeOffset(out var instant) && Offset.IsMatch(value.GetString()!))
            return instant;
        Fail(path + name, "is not a time with an offset, such as 2026-11-02T08:00:00Z");
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
            Fail($"{path}{name}[{index}]", "is not a text");
            return string.Empty;
        })];
    }

    [GeneratedRegex(@"(Z|[+-]\d\d:\d\d)\z")]
    private static partial Regex Offset { get; }

    private string Checked(JsonElement value, string where)
    {
        var text = value.GetString()!;
        if (text.Length is 0 or > MaxTextLength || text.Any(char.IsControl))
            Fail(where, $"is not a text of 1 to {MaxTextLength} printable characters");
        return text;
    }

    private sealed record Mistake(string Field, string What)
    {
        public string At(ReadOnlySpan<byte> document)
        {
            var place = JsonPlace.Of(document, Field);
            return FormattableString.Invariant($"line {place.Line}, column {place.Column}: {Field} {What}");
        }

        public override string ToString() => $"{Field} {What}";
    }

    private JsonElement? Get(string name, JsonValueKind kind, string described)
    {
        // The object that should hold the field is missing itself, and has been named.
        if (element.ValueKind == JsonValueKind.Undefined)
            return null;
        if (!element.TryGetProperty(name, out var value))
            Fail(path + name, "is missing");
        else if (value.ValueKind != kind)
            Fail(path + name, $"is not {described}");
        else
            return value;
        return null;
    }
}
