using Refresh.Orchestrator.FleetFiles.Yaml;

namespace Refresh.Orchestrator.FleetFiles.Reading;

/// <summary>Reads a mapping. A key is declared by asking for it; what is left over at the end is unknown.</summary>
internal sealed class MappingReader(YamlMapping mapping, string path, MistakeList mistakes)
{
    /// <summary>A mapping with more unknown keys than this is not mistyped, and guessing takes time.</summary>
    private const int MaxSuggestions = 100;

    private readonly List<string> declared = [];

    public string Path => path;

    private string Name => path.Length == 0 ? "the fleet" : $"'{path}'";

    /// <summary>A key that may be left out.</summary>
    public Field Optional(string key)
    {
        declared.Add(key);
        var value = mapping.Entries.TryGetValue(key, out var entry) ? entry.Value : null;
        var field = new Field(Field.PathOf(path, key), value, mistakes);
        if (value is not YamlScalar { Plain: true, Text: "" or "~" or "null" or "Null" or "NULL" })
            return field;
        mistakes.Add(entry!.At, field.Path, $"'{field.Path}' has no value", "give it one, or leave the key out");
        return field with { Value = new YamlRefused(entry.At) };
    }

    /// <summary>A key that must be there.</summary>
    public Field Required(string key)
    {
        var field = Optional(key);
        if (!field.IsGiven)
            mistakes.Add(mapping.At, field.Path, $"{Name} has no '{key}'");
        return field;
    }

    /// <summary>The one of several keys that is given: this mapping must hold exactly one, and it says of which kind it is.</summary>
    public T? OneOf<T>(params ReadOnlySpan<(string Key, Func<MappingReader, T?> Read)> kinds)
        where T : class
    {
        var result = default(T);
        var given = 0;
        foreach (var (key, read) in kinds)
        {
            var field = Optional(key);
            given += field.IsGiven ? 1 : 0;
            result = field.Mapping(read) ?? result;
        }

        if (given > 1 || mapping.Entries.Count == 0)
            mistakes.Add(mapping.At, path, $"{Name} must hold exactly one of {string.Join(", ", declared)}");
        return result;
    }

    /// <summary>Every entry, for a mapping whose keys are the user's own.</summary>
    public IEnumerable<(string Key, Field Value)> All() => mapping.Entries.Keys.Select(key => (key, Optional(key)));

    /// <summary>Complains about every key that was not asked for.</summary>
    public void Close()
    {
        var known = declared.ToHashSet(StringComparer.Ordinal);
        foreach (var (number, entry) in mapping.Entries.Values.Where(entry => !known.Contains(entry.Key)).Index())
            mistakes.Add(entry.At, path, $"unknown key {Shown.Quoted(entry.Key)} in {Name}", number < MaxSuggestions ? Suggestion.For(entry.Key, declared) : null);
    }
}
