using System.Text.Json;
using System.Text.Json.Serialization;
using System.Text.Json.Serialization.Metadata;
using Refresh.Workflows.Runs;

namespace Refresh.Workflows.Journal;

/// <summary>How events are written down: JSON, one object an event, its kind first; enums and states by name.</summary>
public static class JournalFormat
{
    /// <summary>The version of the format; it rises when a reader of the version before could not read what is written.</summary>
    public const int Version = 1;

    /// <summary>The options that events, plans and facts are written and read with.</summary>
    public static JsonSerializerOptions Options { get; } = new(JsonSerializerDefaults.Web)
    {
        Converters = { new JsonStringEnumConverter(), new WholeLists() },
        TypeInfoResolver = new DefaultJsonTypeInfoResolver { Modifiers = { RequireParts } },
        DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
        RespectNullableAnnotations = true,
        UnmappedMemberHandling = JsonUnmappedMemberHandling.Skip,
    };

    /// <summary>A part that may not be null, and has no value of its own, must be there: what misses one is damaged.</summary>
    private static void RequireParts(JsonTypeInfo type)
    {
        foreach (var part in type.Properties)
            part.IsRequired = part.AssociatedParameter is { HasDefaultValue: false, IsNullable: false };
    }

    /// <summary>Writes an event.</summary>
    /// <param name="value">The event.</param>
    /// <returns>One line of JSON.</returns>
    public static string Write(RunEvent value) => JsonSerializer.Serialize(value, Options);

    /// <summary>Reads an event.</summary>
    /// <param name="json">What <see cref="Write"/> wrote.</param>
    /// <returns>The event.</returns>
    /// <exception cref="JsonException">It is not an event of this format.</exception>
    public static RunEvent Read(string json) =>
        JsonSerializer.Deserialize<RunEvent>(json, Options) ?? throw new JsonException("An event cannot be null.");
}
