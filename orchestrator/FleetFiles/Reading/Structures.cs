using Refresh.Orchestrator.FleetFiles.Yaml;

namespace Refresh.Orchestrator.FleetFiles.Reading;

/// <summary>Reads mappings and lists.</summary>
internal static class Structures
{
    public static T? Mapping<T>(this Field field, Func<MappingReader, T> read)
        where T : class?
    {
        if (field.Value is not YamlMapping mapping)
            return field.Fail<T>($"'{field.Path}' must be a mapping (key: value), not {field.Written}");
        var reader = new MappingReader(mapping, field.Path, field.Mistakes);
        var result = read(reader);
        reader.Close();
        return result;
    }

    /// <summary>The items of a list, whose number must be in a range; none when it is no list, or too long.</summary>
    public static IReadOnlyList<Field> Items(this Field field, int atLeast = 1, int atMost = int.MaxValue)
    {
        if (field.Value is not YamlSequence list)
            return field.Fail<IReadOnlyList<Field>>($"'{field.Path}' must be a list, not {field.Written}") ?? [];
        if (list.Items.Count < atLeast)
            field.Fail($"'{field.Path}' is empty", "give at least one");
        if (list.Items.Count > atMost)
            return field.Fail<IReadOnlyList<Field>>($"'{field.Path}' holds more than {atMost}") ?? [];
        return [.. list.Items.Select((item, index) => new Field(Field.PathOf(field.Path, index), item, field.Mistakes))];
    }

    /// <summary>The items of a list, each read by <paramref name="read"/>; those that cannot be read are left out.</summary>
    public static IReadOnlyList<T>? List<T>(this Field field, Func<Field, T?> read, int atLeast = 1, int atMost = int.MaxValue)
        where T : class =>
        field.IsGiven ? [.. field.Items(atLeast, atMost).Select(read).OfType<T>()] : null;
}
