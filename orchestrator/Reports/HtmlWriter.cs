using System.Buffers;
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
    private static readonly SearchValues<char> s_turning = SearchValues.Create("\u061C\u200E\u200F\u202A\u202B\u202C\u202D\u202E\u2066\u2067\u2068\u2069");
    private readonly StringBuilder _text = new();

    /// <summary>Begins a page that needs nothing else: its head with the stylesheet, up to the inside of its body.</summary>
    /// <param name="title">The title.</param>
    public static HtmlWriter Begin(string title)
    {
        var page = new HtmlWriter();
        page.Write($"""
            <!doctype html>
            <html lang="en">
            <head>
            <meta charset="utf-8">
            <meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'">
            <meta name="viewport" content="width=device-width, initial-scale=1">
            <meta name="referrer" content="no-referrer">
            <title>{title}</title>
            <style>
            """);
        page.Verbatim(Stylesheet.Css);
        page.Write($"</style></head><body><div class=\"page\">");
        return page;
    }

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
        s_encoder.Encode(text.AsSpan().ContainsAny(s_turning) ? string.Concat(text.Select(each => s_turning.Contains(each) ? '\uFFFD' : each)) : text);

    /// <summary>An interpolated string that is written as HTML while it is being put together.</summary>
    [InterpolatedStringHandler]
    internal readonly struct Markup
    {
        private readonly StringBuilder _text;

#pragma warning disable IDE0060 // The compiler passes both lengths.
        public Markup(int literalLength, int formattedCount, HtmlWriter writer) => _text = writer._text;
#pragma warning restore IDE0060

        public void AppendLiteral(string markup) => _text.Append(markup);

        public void AppendFormatted<T>(T value, string? format = null) => _text.Append(Escape(
            (value is IFormattable formattable ? formattable.ToString(format, CultureInfo.InvariantCulture) : value?.ToString()) ?? string.Empty));
    }
}
