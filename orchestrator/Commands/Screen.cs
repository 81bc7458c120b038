using Spectre.Console;

namespace Refresh.Orchestrator.Commands;

/// <summary>How a text is to be taken.</summary>
internal enum Shade
{
    None,
    Good,
    Warning,
    Bad,
    Soft,
}

/// <summary>A cell of a table.</summary>
internal readonly record struct Cell(string Text, Shade Shade = Shade.None)
{
    public static implicit operator Cell(string text) => new(text);
}

/// <summary>Where a command writes for people: tables that fit on a terminal, whole lines elsewhere; no control character of a stranger's reaches either.</summary>
internal sealed class Screen
{
    private const int Gap = 2;
    private const int LeastRoom = 12;

    private readonly TextWriter _output;
    private readonly IAnsiConsole? _terminal;

    private Screen(TextWriter output, IAnsiConsole? terminal) => (_output, _terminal) = (output, terminal);

    public static Screen Of(CommandContext context) =>
        new(context.Output, ReferenceEquals(context.Output, Console.Out) && Terminal.IsLive ? AnsiConsole.Console : null);

    /// <summary>A screen of a given terminal.</summary>
    public static Screen Of(TextWriter output, IAnsiConsole terminal) => new(output, terminal);

    /// <summary>Writes a line; a terminal's are broken between words, each part indented like the first.</summary>
    public void Line(string text = "", Shade shade = Shade.None)
    {
        var words = Plain(text);
        if (_terminal is null || words.Length == 0)
            _output.WriteLine(words);
        else
            _terminal.Write(new Padder(new Text(words.TrimStart(), Style(shade)), new Padding(words.Length - words.TrimStart().Length, 0, 0, 0)));
    }

    /// <summary>Writes a table; nothing when it has no rows, and no headers when they are empty.</summary>
    public void Table(IReadOnlyList<string> headers, IReadOnlyList<IReadOnlyList<Cell>> rows)
    {
        if (rows.Count == 0)
            return;
        if (_terminal is null)
            Columns(headers, rows);
        else
            _terminal.Write(Grid(headers, rows, _terminal.Profile.Width));
    }

    private static Table Grid(IReadOnlyList<string> headers, IReadOnlyList<IReadOnlyList<Cell>> rows, int width)
    {
        // Columns that must not be broken and do not fit are not shown at all.
        var whole = headers.SkipLast(1).Select((header, place) => rows.Select(row => row[place].Text.Length).Append(header.Length).Max() + Gap).Sum();
        var fits = whole + LeastRoom <= width;
        var table = new Table { Border = TableBorder.None, ShowHeaders = headers.Any(header => header.Length > 0) };
        foreach (var (header, place) in headers.Select((header, place) => (header, place)))
        {
            var column = new TableColumn(new Text(header, Style(Shade.Soft))) { Padding = new Padding(0, 0, Gap, 0) };
            table.AddColumn(fits && place < headers.Count - 1 ? column.NoWrap() : column);
        }

        foreach (var row in rows)
            table.AddRow(row.Select(cell => new Text(Plain(cell.Text), Style(cell.Shade))));
        return table;
    }

    private void Columns(IReadOnlyList<string> headers, IReadOnlyList<IReadOnlyList<Cell>> rows)
    {
        IReadOnlyList<IReadOnlyList<string>> all = [headers, .. rows.Select(row => row.Select(cell => Plain(cell.Text)).ToList())];
        var widths = headers.Select((_, place) => all.Max(row => row[place].Length)).ToList();
        foreach (var row in all.Where(row => row.Any(cell => cell.Length > 0)))
            _output.WriteLine(string.Join("  ", row.Select((cell, place) => cell.PadRight(widths[place]))).TrimEnd());
    }

    private static Style Style(Shade shade) => shade switch
    {
        Shade.Good => new Style(Color.Green),
        Shade.Warning => new Style(Color.Yellow),
        Shade.Bad => new Style(Color.Red),
        Shade.Soft => new Style(Color.Grey),
        _ => Spectre.Console.Style.Plain,
    };

    private static string Plain(string text) =>
        text.Any(char.IsControl) ? string.Concat(text.Select(each => char.IsControl(each) ? '\uFFFD' : each)) : text;
}
