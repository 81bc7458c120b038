using System.Text.Json;

namespace Refresh.Orchestrator.Json;

/// <summary>The tokens of a JSON document of any size, read from a stream through a buffer that holds one token at a time.</summary>
/// <param name="stream">The document in UTF-8.</param>
internal sealed class JsonTokens(Stream stream)
{
    /// <summary>The longest text of a document: 4 MiB.</summary>
    public const int MaxToken = 4 * 1024 * 1024;

    private static readonly JsonReaderOptions s_strict = new() { MaxDepth = 64 };

    private byte[] _buffer = new byte[64 * 1024];
    private JsonReaderState _state = new(s_strict);
    private int _consumed;
    private int _length;
    private int _token;
    private bool _final;
    private bool _begun;
    private long _line = 1;
    private long _column = 1;
    private int _counted;

    public JsonTokenType Type { get; private set; }

    public int Depth { get; private set; }

    /// <summary>The text of a value, if it was asked for.</summary>
    public string Text { get; private set; } = string.Empty;

    /// <summary>Which of the members that were asked for a property is; -1 for none of them.</summary>
    public int Member { get; private set; }

    /// <summary>Where the token is.</summary>
    public JsonPlace Place
    {
        get
        {
            Count(_token);
            return new JsonPlace(_line, _column);
        }
    }

    /// <summary>Goes to the next token.</summary>
    /// <param name="members">The members that a property may be.</param>
    /// <param name="keep">Whether the text of a value is wanted.</param>
    /// <param name="cancellation">Ends the reading.</param>
    /// <returns>False after the last.</returns>
    /// <exception cref="FormatException">It is damaged, with the place.</exception>
    public async ValueTask<bool> ReadAsync(IReadOnlyList<JsonShape> members, bool keep, CancellationToken cancellation)
    {
        while (!TryRead(members, keep))
        {
            if (_final)
                return false;
            await FillAsync(cancellation);
        }

        return true;
    }

    private bool TryRead(IReadOnlyList<JsonShape> members, bool keep)
    {
        if (!_begun && !_final)
            return false;
        var reader = new Utf8JsonReader(_buffer.AsSpan(_consumed, _length - _consumed), _final, _state);
        try
        {
            var read = reader.Read();
            if (read)
            {
                (Type, Depth, _token) = (reader.TokenType, reader.CurrentDepth, _consumed + (int)reader.TokenStartIndex);
                Member = Type == JsonTokenType.PropertyName ? Find(ref reader, members) : -1;
                if (keep)
                    Text = TextOf(ref reader);
            }

            _consumed += (int)reader.BytesConsumed;
            _state = reader.CurrentState;
            return read;
        }
        catch (JsonException exception)
        {
            throw JsonPlace.Mistake(exception);
        }
        catch (InvalidOperationException exception)
        {
            // What System.Text.Json throws for text that is not Unicode.
            throw Place.Mistake("it is not valid Unicode", exception);
        }
    }

    private static int Find(ref Utf8JsonReader reader, IReadOnlyList<JsonShape> members)
    {
        for (var place = 0; place < members.Count; place++)
        {
            if (reader.ValueTextEquals(members[place].Name))
                return place;
        }

        return -1;
    }

    private static string TextOf(ref Utf8JsonReader reader) => reader.TokenType switch
    {
        JsonTokenType.String => reader.GetString()!,
        JsonTokenType.Number => System.Text.Encoding.ASCII.GetString(reader.ValueSpan),
        JsonTokenType.True => "true",
        JsonTokenType.False => "false",
        _ => string.Empty,
    };

    private async ValueTask FillAsync(CancellationToken cancellation)
    {
        Count(_consumed);
        var rest = _length - _consumed;
        if (rest == _buffer.Length && rest >= MaxToken)
            throw Place.Mistake($"a text is longer than {MaxToken / 1024 / 1024} MiB");
        var target = rest == _buffer.Length ? new byte[Math.Min(_buffer.Length * 2, MaxToken)] : _buffer;
        _buffer.AsSpan(_consumed, rest).CopyTo(target);
        (_buffer, _consumed, _length, _token, _counted) = (target, 0, rest, 0, 0);
        var count = await stream.ReadAsync(_buffer.AsMemory(_length), cancellation);
        _length += count;
        _final = count == 0;
        if (!_begun)
            Begin();
    }

    private void Begin()
    {
        if (_length < 3 && !_final)
            return;
        _begun = true;
        var first = _buffer.AsSpan(0, _length);
        if (first.StartsWith((ReadOnlySpan<byte>)[0xFF, 0xFE]) || first.StartsWith((ReadOnlySpan<byte>)[0xFE, 0xFF]))
            throw new JsonPlace(1, 1).Mistake("it is UTF-16, and must be UTF-8");
        if (first.StartsWith((ReadOnlySpan<byte>)[0xEF, 0xBB, 0xBF]))
            _consumed = _counted = 3;
    }

    private void Count(int until)
    {
        if (until <= _counted)
            return;
        var passed = _buffer.AsSpan(_counted, until - _counted);
        var lines = passed.Count((byte)'\n');
        _column = lines > 0 ? passed.Length - passed.LastIndexOf((byte)'\n') : _column + passed.Length;
        _line += lines;
        _counted = until;
    }
}
