using System.Globalization;
using System.Runtime.CompilerServices;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Unicode;

namespace Refresh.Orchestrator.Reports;

/// <summary>Writes HTML in which every value is escaped: the fixed parts of an interpolated string go out as they are, and each of its holes as text.</summary>
internal sealed class HtmlWriter
{
    private static readonly HtmlEncoder s_encoder = HtmlEncoder.Create(UnicodeRanges.All);
    private readonly StringBuilder _text = new();

    /// <summary>Writes markup with values in it.</summary>
    /// <param name="markup">The markup; it has been written when this is called.</param>
    public void Write([InterpolatedStringHandlerArgument("")] Markup markup)
    {
        _ = markup;
        _text.Append('\n');
    }

    /// <summary>Writes a fixed text as it is; never one with values in it.</summary>
    /// <param name="fixedText">The text.</param>
    public void Verbatim(string fixedText) => _text.Append(fixedText).Append('\n');

    /// <inheritdoc />
    public override string ToString() => _text.ToString();

    /// <summary>Escapes a text, and makes characters visible that would turn the direction of what follows them.</summary>
    internal static string Escape(string text) =>
        s_encoder.Encode(text.Any(Turns) ? string.Concat(text.Select(each => Turns(each) ? '\uFFFD' : each)) : text);

    private static bool Turns(char each) => each is (>= '\u202A' and <= '\u202E') or (>= '\u2066' and <= '\u2069') or '\u200E' or '\u200F' or '\u061C';

    /// <summary>An interpolated string that is written as HTML while it is being put together.</summary>
    [InterpolatedStringHandler]
    internal readonly struct Markup
    {
        private readonly StringBuilder _text;

        public Markup(int literalLength, int formattedCount, HtmlWriter writer)
        {
            _text = writer._text;
            _text.EnsureCapacity(_text.Length + literalLength + (formattedCount * 8));
        }

        public void AppendLiteral(string markup) => _text.Append(markup);

        public void AppendFormatted<T>(T value, string? format = null) => _text.Append(Escape(
            (value is IFormattable formattable ? formattable.ToString(format, CultureInfo.InvariantCulture) : value?.ToString()) ?? string.Empty));
    }
}
