using System.Text.Json;

namespace Refresh.Orchestrator.Bundles;

/// <summary>Finds the first place where JSON claims something else than is so.</summary>
internal static class JsonDifference
{
    private const int Shown = 80;

    /// <summary>The first difference in words; null when all that is claimed is so. A field that is so and is not claimed is a difference where it is required: an older version may not have known it.</summary>
    public static string? First(JsonElement claimed, JsonElement real, string path, Func<string, bool> required)
    {
        if (claimed.ValueKind != real.ValueKind)
            return Differ(claimed, real, path);
        return claimed.ValueKind switch
        {
            JsonValueKind.Object => claimed.EnumerateObject().Select(field => real.TryGetProperty(field.Name, out var same)
                ? First(field.Value, same, $"{path}/{field.Name}", required)
                : $"{path}/{field.Name} is claimed, and nothing tells it").FirstOrDefault(difference => difference is not null) ?? Missing(claimed, real, path, required),
            JsonValueKind.Array when claimed.GetArrayLength() != real.GetArrayLength() => FormattableString.Invariant($"{path} has {claimed.GetArrayLength()} items, and must have {real.GetArrayLength()}"),
            JsonValueKind.Array => claimed.EnumerateArray().Zip(real.EnumerateArray()).Index().Select(pair => First(pair.Item.First, pair.Item.Second, FormattableString.Invariant($"{path}/{pair.Index}"), required)).FirstOrDefault(difference => difference is not null),
            _ => JsonElement.DeepEquals(claimed, real) ? null : Differ(claimed, real, path),
        };
    }

    private static string? Missing(JsonElement claimed, JsonElement real, string path, Func<string, bool> required) => real.EnumerateObject()
        .Where(field => !claimed.TryGetProperty(field.Name, out _) && required($"{path}/{field.Name}"))
        .Select(field => $"{path}/{field.Name} is not claimed, and is {Text(field.Value)}")
        .FirstOrDefault();

    private static string Differ(JsonElement claimed, JsonElement real, string path) => $"{path} is claimed to be {Text(claimed)}, and is {Text(real)}";

    private static string Text(JsonElement value) => value.GetRawText() is { Length: > Shown } text ? text[..Shown] + "…" : value.GetRawText();
}
