using System.Globalization;
using System.Text;

namespace Refresh.Orchestrator.Balancers.HAProxy;

/// <summary>
/// A table of the Runtime API: a header after <c># </c>, a row a line, an empty line at its end. Columns are found by
/// name, because every version adds some. Whatever is not such a table is an error, never a verdict.
/// </summary>
internal static class RuntimeTable
{
    /// <summary>Reads a table.</summary>
    /// <param name="text">The header, the rows and the empty line.</param>
    /// <param name="separator">What stands between two fields.</param>
    /// <returns>Its rows.</returns>
    /// <exception cref="FormatException">The table is damaged.</exception>
    public static IReadOnlyList<RuntimeRow> Parse(string text, char separator)
    {
        if (!text.StartsWith("# ", StringComparison.Ordinal) || !text.EndsWith("\n\n", StringComparison.Ordinal))
            throw new FormatException("the table has no header or no end");
        var lines = Lines(text[2..^1], separator);
        var columns = new Dictionary<string, int>(StringComparer.Ordinal);
        for (var i = 0; i < lines[0].Count; i++)
            columns.TryAdd(lines[0][i], i);
        return
        [
            .. lines.Skip(1).Select(fields => fields.Count == lines[0].Count
                ? new RuntimeRow(columns, fields)
                : throw new FormatException($"a row has {fields.Count} fields and the header {lines[0].Count}")),
        ];
    }

    /// <summary>Splits into lines of fields; a quoted field may hold separators, doubled quotes and line ends.</summary>
    private static List<List<string>> Lines(string text, char separator)
    {
        List<List<string>> lines = [[]];
        var field = new StringBuilder();
        var quoted = false;
        for (var i = 0; i < text.Length; i++)
        {
            var c = text[i];
            if (quoted && c == '"' && i + 1 < text.Length && text[i + 1] == '"')
                field.Append(text[++i]);
            else if (c == '"' && (quoted || field.Length == 0))
                quoted = !quoted;
            else if (!quoted && (c == separator || c == '\n'))
            {
                lines[^1].Add(field.ToString());
                field.Clear();
                if (c == '\n')
                    lines.Add([]);
            }
            else
                field.Append(c);
        }

        if (quoted || field.Length > 0 || lines[^1].Count > 0)
            throw new FormatException("the table ends within a row");
        lines.RemoveAt(lines.Count - 1);
        return lines;
    }
}

/// <summary>A row of a table.</summary>
/// <param name="columns">Where each column stands.</param>
/// <param name="fields">The fields.</param>
internal sealed class RuntimeRow(Dictionary<string, int> columns, List<string> fields)
{
    /// <summary>The text of a column, empty if it has none.</summary>
    /// <param name="column">The name of the column.</param>
    /// <exception cref="FormatException">There is no such column.</exception>
    public string this[string column] =>
        columns.TryGetValue(column, out var index) ? fields[index] : throw new FormatException($"there is no column {column}");

    /// <summary>The number in a column.</summary>
    /// <param name="column">The name of the column.</param>
    /// <exception cref="FormatException">There is no such column, or no number from 0 in it.</exception>
    public int Number(string column) =>
        int.TryParse(this[column], NumberStyles.None, CultureInfo.InvariantCulture, out var number)
            ? number
            : throw new FormatException($"{column} is '{this[column]}' and not a number");

    /// <summary>The number in a column that may be empty.</summary>
    /// <param name="column">The name of the column.</param>
    /// <exception cref="FormatException">There is no such column, or something else in it.</exception>
    public int? NumberOrNone(string column) => this[column].Length == 0 ? null : Number(column);
}
