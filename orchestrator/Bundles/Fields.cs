using System.Text.Json;

namespace Refresh.Orchestrator.Bundles;

/// <summary>Takes required fields out of a bundle's JSON.</summary>
internal static class Fields
{
    /// <summary>The field of that name.</summary>
    /// <exception cref="FormatException">It is missing, or of another kind.</exception>
    public static JsonElement Field(this JsonElement element, string name, JsonValueKind kind) =>
        element.ValueKind == JsonValueKind.Object && element.TryGetProperty(name, out var value) && value.ValueKind == kind
            ? value
            : throw new FormatException($"its {name} is missing or of the wrong kind");

    /// <summary>The text in the field of that name.</summary>
    /// <exception cref="FormatException">It is missing, or no text.</exception>
    public static string Text(this JsonElement element, string name) => element.Field(name, JsonValueKind.String).GetString()!;
}
