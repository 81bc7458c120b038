using System.Text.Json;

namespace Refresh.Orchestrator.Serving.Chat.Vendors;

/// <summary>Looks into JSON that a stranger wrote: what is not there, or is something else, is null.</summary>
internal static class JsonPath
{
    public static JsonElement? At(this JsonElement element, params ReadOnlySpan<string> names)
    {
        foreach (var name in names)
        {
            if (element.ValueKind != JsonValueKind.Object || !element.TryGetProperty(name, out element))
                return null;
        }

        return element;
    }

    public static string? TextAt(this JsonElement element, params ReadOnlySpan<string> names) =>
        element.At(names) is { ValueKind: JsonValueKind.String } found ? found.GetString() : null;
}
