using System.Text.Json;

namespace Refresh.Orchestrator.Bundles;

/// <summary>Finds the first place where JSON claims something else than is so.</summary>
internal static class JsonDifference
{
    private const int Shown = 80;

    /// <summary>The first difference in words; null when all that is claimed is so. Fields that are so and are not claimed are no difference: an older version did not know them.</summary>
    public static string? First(JsonElement claimed, JsonElement real, string path)
    {
        if (claimed.ValueKind != real.ValueKind)
            return Differ(claimed, real, path);
        return claimed.ValueKind switch
        {
            JsonValueKind.Object => claimed.EnumerateObject().Select(field => real.TryGetProperty(field.Name, out var same)
                ? First(field.Value, same, $"{path}/{field.Name}")
                : $"{path}/{field.Name} is claimed, and nothing tells it").FirstOrDefault(difference => difference is not null),
            JsonValueKind.Array when claimed.GetArrayLength() != real.GetArrayLength() => FormattableString.Invariant($"{path} has {claimed.GetArrayLength()} items, and must have {real.GetArrayLength()}"),
            JsonValueKind.Array => claimed.EnumerateArray().Zip(real.EnumerateArray()).Index().Select(pair => First(pair.Item.First, pair.Item.Second, FormattableString.Invariant($"{path}/{pair.Index}"))).FirstOrDefault(difference => difference is not null),
            _ => JsonElement.DeepEquals(claimed, real) ? null : Differ(claimed, real, path),
        };
    }

    private static string Differ(JsonElement claimed, JsonElement real, string path) => $"{path} is claimed to be {Text(claimed)}, and is {Text(real)}";

    private static string Text(JsonElement value) => value.GetRawText() is { Length: > Shown } text ? text[..Shown] + "…" : value.GetRawText();
}
