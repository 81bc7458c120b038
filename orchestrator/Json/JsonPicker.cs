using System.Runtime.CompilerServices;
using System.Text.Json;

namespace Refresh.Orchestrator.Json;

/// <summary>What was come upon.</summary>
internal enum PickKind
{
    /// <summary>An object begins.</summary>
    Begin,

    /// <summary>A text, number or truth value.</summary>
    Value,

    /// <summary>An object ends.</summary>
    End,
}

/// <summary>Something that was wanted of a document.</summary>
/// <param name="Kind">What it is.</param>
/// <param name="Path">Its path, with <c>[]</c> for the items of a list.</param>
/// <param name="Text">A value as text; empty otherwise.</param>
/// <param name="At">Where it is.</param>
internal readonly record struct Picked(PickKind Kind, string Path, string Text, JsonPlace At);

/// <summary>
/// Picks what is wanted out of a JSON document of any size, in the order of the document, with memory for one value at a
/// time. A wanted field that is there twice is refused, since readers disagree on which counts; null is as good as missing.
/// </summary>
internal static class JsonPicker
{
    /// <exception cref="FormatException">The document is damaged, or something wanted is of another kind; with the place.</exception>
    public static async IAsyncEnumerable<Picked> PickAsync(Stream stream, JsonShape shape, [EnumeratorCancellation] CancellationToken cancellation)
    {
        var tokens = new JsonTokens(stream);
        if (!await tokens.ReadAsync([], false, cancellation) || tokens.Type != JsonTokenType.StartObject)
            throw new JsonPlace(1, 1).Mistake("it is not a JSON object");
        var open = new Stack<Frame>([new Frame(shape)]);
        while (open.TryPeek(out var frame))
        {
            if (!await tokens.ReadAsync(frame.Shape.Members, frame.IsList, cancellation))
                throw tokens.Place.Mistake("it is cut");
            if (tokens.Type is JsonTokenType.EndObject or JsonTokenType.EndArray)
            {
                open.Pop();
                if (!frame.IsList && open.Count > 0)
                    yield return new Picked(PickKind.End, frame.Shape.Path, string.Empty, tokens.Place);
                continue;
            }

            var wanted = frame.Shape.Item;
            if (!frame.IsList)
            {
                if (tokens.Member < 0)
                {
                    await SkipAsync(tokens, cancellation);
                    continue;
                }

                wanted = frame.Meet(tokens);
                await tokens.ReadAsync([], true, cancellation);
            }

            switch (tokens.Type)
            {
                case JsonTokenType.Null:
                    break;
                case JsonTokenType.StartArray when wanted!.Item is not null:
                    open.Push(new Frame(wanted) { IsList = true });
                    break;
                case JsonTokenType.StartObject when wanted!.Members.Count > 0:
                    open.Push(new Frame(wanted));
                    yield return new Picked(PickKind.Begin, wanted.Path, string.Empty, tokens.Place);
                    break;
                case JsonTokenType.String or JsonTokenType.Number or JsonTokenType.True or JsonTokenType.False when wanted!.Item is null && wanted.Members.Count == 0:
                    yield return new Picked(PickKind.Value, wanted.Path, tokens.Text, tokens.Place);
                    break;
                default:
                    throw tokens.Place.Mistake($"'{wanted!.Path}' must be {(wanted.Item is not null ? "a list" : wanted.Members.Count > 0 ? "an object" : "a text or a number")}");
            }
        }

        if (await tokens.ReadAsync([], false, cancellation))
            throw tokens.Place.Mistake("something follows the end of the document");
    }

    private static async ValueTask SkipAsync(JsonTokens tokens, CancellationToken cancellation)
    {
        await tokens.ReadAsync([], false, cancellation);
        if (tokens.Type is not (JsonTokenType.StartObject or JsonTokenType.StartArray))
            return;
        var depth = tokens.Depth;
        while (await tokens.ReadAsync([], false, cancellation))
        {
            if (tokens.Depth == depth && tokens.Type is (JsonTokenType.EndObject or JsonTokenType.EndArray))
                return;
        }
    }

    private sealed class Frame(JsonShape shape)
    {
        private ulong _met;

        public JsonShape Shape => shape;

        public bool IsList { get; init; }

        public JsonShape Meet(JsonTokens tokens)
        {
            var bit = 1UL << tokens.Member;
            var member = shape.Members[tokens.Member];
            if ((_met & bit) != 0)
                throw tokens.Place.Mistake($"'{System.Text.Encoding.UTF8.GetString(member.Name)}' is there twice");
            _met |= bit;
            return member;
        }
    }
}
