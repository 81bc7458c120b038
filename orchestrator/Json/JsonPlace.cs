using System.Text.Json;

namespace Refresh.Orchestrator.Json;

/// <summary>A place in a JSON document, as editors count.</summary>
/// <param name="Line">The line, from 1.</param>
/// <param name="Column">The column, from 1, in bytes of UTF-8.</param>
internal readonly record struct JsonPlace(long Line, long Column)
{
    /// <summary>Where and what, for a person: <c>line 3, column 7: it is not valid JSON</c>.</summary>
    public FormatException Mistake(string what, Exception? inner = null) => new(FormattableString.Invariant($"line {Line}, column {Column}: {what}"), inner);

    /// <summary>The same for what the parser of the platform met.</summary>
    public static FormatException Mistake(JsonException exception)
    {
        var place = new JsonPlace((exception.LineNumber ?? 0) + 1, (exception.BytePositionInLine ?? 0) + 1);
        var text = exception.Message.Split(" LineNumber:")[0].Split(" Path:")[0].TrimEnd('.', ' ');
        return place.Mistake($"it is not valid JSON: {text}", exception);
    }

    /// <summary>Where a field of a valid document is, or the nearest that is there.</summary>
    /// <param name="utf8">The document.</param>
    /// <param name="path">The field, for example <c>sbom.file</c> or <c>patches[2]</c>.</param>
    public static JsonPlace Of(ReadOnlySpan<byte> utf8, string path)
    {
        var reader = new Utf8JsonReader(utf8, new JsonReaderOptions { MaxDepth = 64 });
        var steps = path.Replace("[", ".[", StringComparison.Ordinal).Split('.', StringSplitOptions.RemoveEmptyEntries);
        long at = 0;
        reader.Read();
        foreach (var step in steps)
        {
            if (!Enter(ref reader, step))
                break;
            at = reader.TokenStartIndex;
        }

        var before = utf8[..(int)at];
        return new JsonPlace(before.Count((byte)'\n') + 1, at - before.LastIndexOf((byte)'\n'));
    }

    private static bool Enter(ref Utf8JsonReader reader, string step)
    {
        if (reader.TokenType is not (JsonTokenType.StartObject or JsonTokenType.StartArray))
            return false;
        var list = reader.TokenType == JsonTokenType.StartArray;
        var index = 0;
        while (reader.Read() && reader.TokenType is not (JsonTokenType.EndObject or JsonTokenType.EndArray))
        {
            var here = list ? step == FormattableString.Invariant($"[{index++}]") : reader.ValueTextEquals(step);
            if (!list)
                reader.Read();
            if (here)
                return true;
            reader.Skip();
        }

        return false;
    }
}
